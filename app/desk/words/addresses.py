"""Addresses and reporters' texts as a person can read them and is not deceived by them."""

import re
import unicodedata
from urllib.parse import unquote

import idna

_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def readable(canonical: str) -> str:
    """An address as its readers see it, where that differs: for reading only, never for deciding. Empty where it is the same."""
    scheme, mark, rest = canonical.rpartition("://")
    host, slash, path = rest.partition("/")
    shown = f"{scheme}{mark}{'.'.join(_label_shown(part) for part in host.split('.'))}{slash}{unquote(path)}"
    # Controls and marks of direction could make one address look like another.
    plain = "".join(sign for sign in shown if unicodedata.category(sign)[0] != "C")
    return plain if plain != canonical else ""


def _label_shown(part: str) -> str:
    if not part.startswith("xn--"):
        return part
    try:
        return idna.decode(part)
    except idna.IDNAError:
        return part


def visible(text: str) -> str:
    """A reporter's text with each control, and each sign that turns the direction of others around, spelled out."""
    return _HIDDEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)
