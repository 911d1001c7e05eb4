"""How signs are written so that a program reads them as themselves. Pure; decides nothing about what is carried."""

import re

_META = re.compile(r"[\\^$.|?*+()\[\]{}/,]")
_EXTENDED_META = re.compile(r"[\\^$.|?*+()\[\]{}]")


def perl_pattern(text: str) -> str:
    """The text in a regular expression of JavaScript or PCRE, where `/` ends one, and `$` and `,` begin and part a filter's options."""
    return _META.sub(lambda found: f"\\x{ord(found[0]):02x}" if found[0] in "$,\\" else f"\\{found[0]}", text)


def extended_pattern(text: str) -> str:
    """The text in an extended regular expression of POSIX, which knows no numbers for signs."""
    return _EXTENDED_META.sub(lambda found: f"\\{found[0]}", text)


def suricata_content(text: str) -> str:
    """The text in a `content` of Suricata: letters, digits and what has no meaning there as they are, anything else by its number."""
    return "".join(sign if sign.isalnum() or sign in "./-_=&~" else f"|{ord(sign):02x}|" for sign in text)
