"""How signs are written so that a program reads them as themselves. Pure; decides nothing about what is carried."""

import re
from collections.abc import Callable, Mapping

_PERL = {ord(sign): f"\\{sign}" for sign in "^.|?*+()[]{}/"} | {ord(sign): f"\\x{ord(sign):02x}" for sign in "$,\\"}
_EXTENDED = {ord(sign): f"\\{sign}" for sign in "\\^$.|?*+()[]{}"}
_SURICATA = {number: f"|{number:02x}|" for number in range(128) if not (chr(number).isalnum() or chr(number) in "./-_=&~")}


def _writer(table: Mapping[int, str], often: str) -> Callable[[str], str]:
    """Writes a text by the table. Where it needs no more than the signs of every address (`often`), in a fifth of the time."""
    rare = re.compile(f"[{re.escape(''.join(chr(number) for number in table if chr(number) not in often))}]")
    written = tuple((sign, table[ord(sign)]) for sign in often)

    def write(text: str) -> str:
        if rare.search(text):
            return text.translate(table)
        for sign, instead in written:
            text = text.replace(sign, instead)
        return text

    return write


_perl, _extended, _suricata = _writer(_PERL, "./"), _writer(_EXTENDED, "."), _writer(_SURICATA, "")


def perl_pattern(text: str) -> str:
    """The text in a regular expression of JavaScript or PCRE, where `/` ends one, and `$` and `,` begin and part a filter's options."""
    return _perl(text)


def extended_pattern(text: str) -> str:
    """The text in an extended regular expression of POSIX, which knows no numbers for signs."""
    return _extended(text)


def suricata_content(text: str) -> str:
    """ASCII text in a `content` of Suricata: letters, digits and what has no meaning there as they are, anything else by its number.

    Raises:
        ValueError: it is not ASCII.
    """
    if not text.isascii():
        raise ValueError("Only canonical addresses are written down.")
    return _suricata(text)
