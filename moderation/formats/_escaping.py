"""How signs are written so that a program reads them as themselves. Pure; decides nothing about what is carried."""

_PERL = {ord(sign): f"\\{sign}" for sign in "^.|?*+()[]{}/"} | {ord(sign): f"\\x{ord(sign):02x}" for sign in "$,\\"}
_EXTENDED = {ord(sign): f"\\{sign}" for sign in "\\^$.|?*+()[]{}"}
_SURICATA = {number: f"|{number:02x}|" for number in range(128) if not (chr(number).isalnum() or chr(number) in "./-_=&~")}


def perl_pattern(text: str) -> str:
    """The text in a regular expression of JavaScript or PCRE, where `/` ends one, and `$` and `,` begin and part a filter's options."""
    return text.translate(_PERL)


def extended_pattern(text: str) -> str:
    """The text in an extended regular expression of POSIX, which knows no numbers for signs."""
    return text.translate(_EXTENDED)


def suricata_content(text: str) -> str:
    """ASCII text in a `content` of Suricata: letters, digits and what has no meaning there as they are, anything else by its number.

    Raises:
        ValueError: it is not ASCII.
    """
    if not text.isascii():
        raise ValueError("Only canonical addresses are written down.")
    return text.translate(_SURICATA)
