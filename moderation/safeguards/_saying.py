"""What a written answer amounts to, in any script. Knows no rule and no case."""

import hashlib
import unicodedata
from typing import Final

PLACEHOLDERS: Final = frozenset({"na", "none", "no", "nil", "nothing", "null", "tbd", "tbc", "test", "todo", "unknown", "yes", "law"})
"""What people type to get past a field."""

_DISTINCT_LEAST: Final = 3
"""A key held down, or two in turn, is no answer."""


def says_something(text: str, *, least: int) -> bool:
    """Whether the text holds at least `least` letters or digits (an ideograph counts as two) and is no mere filler."""
    words = essence(text)
    return _weight(words) >= least and len(set(words)) >= _DISTINCT_LEAST and words not in PLACEHOLDERS


def content_digest(text: str) -> str:
    """SHA-256 of the letters and digits alone, so that case, white space, punctuation and look-alike forms make no second item."""
    return hashlib.sha256(essence(text).encode()).hexdigest()


def essence(text: str) -> str:
    """The letters, marks and digits of the text, compatibility forms folded, without case."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(character for character in folded if unicodedata.category(character)[0] in "LMN")


def _weight(words: str) -> int:
    """An ideograph says about as much as two letters; a mark says nothing on its own."""
    letters = (character for character in words if not unicodedata.combining(character))
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in letters)
