"""What a written answer amounts to, in any script. Knows no rule and no case."""

import hashlib
import unicodedata
from collections.abc import Iterable
from typing import Final

from moderation import policy
from moderation.vocabulary import N_

PLACEHOLDERS: Final = frozenset({"na", "none", "no", "nil", "nothing", "null", "tbd", "tbc", "test", "todo", "unknown", "yes", "law"})
"""What people type to get past a field."""

TOO_LITTLE: Final = N_("What is written here says too little.")


def says_something(text: str, *, least: int) -> bool:
    """Whether the text holds at least `least` letters or digits (an ideograph counts as two) and is no mere filler."""
    words = essence(text)
    return weight(words) >= least and len(set(words)) >= policy.DISTINCT_LEAST and words not in PLACEHOLDERS


def lack(text: str, nothing: str) -> str:
    """Why a text does not do that does not say something: `nothing` where it is blank."""
    return TOO_LITTLE if essence(text) else nothing


def content_digest(text: str) -> str:
    """SHA-256 of the letters and digits alone, so that case, white space, punctuation and look-alike forms make no second item."""
    return hashlib.sha256(essence(text).encode()).hexdigest()


def essence(text: str) -> str:
    """The letters, marks and digits of the text, compatibility forms folded, without case."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(character for character in folded if unicodedata.category(character)[0] in "LMN")


def words_of(text: str) -> tuple[str, ...]:
    """The words of the text without case, accents and vowel signs, digits as ASCII. A run of ideographs is one word."""
    # Twice, since folding the case of some letters gives marks of its own.
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return tuple("".join(_kept(character) for character in folded).split())


def holds_all(words: Iterable[str], stems: tuple[str, ...]) -> bool:
    """Whether each stem is in some word; stems are written as `words_of` gives them."""
    return all(any(holds(word, stem) for word in words) for stem in stems)


def holds(word: str, stem: str) -> bool:
    """Whether a word begins with the stem; in scripts that write no spaces, or join small words to the next, whether it has it at all."""
    return stem in word if joins_words(stem) else word.startswith(stem)


def joins_words(text: str) -> bool:
    """Whether the script, Arabic or one of ideographs, does not part words as others do."""
    return any("\u0600" <= character <= "\u06ff" or unicodedata.east_asian_width(character) == "W" for character in text)


def weight(words: str) -> int:
    """How much letters say: an ideograph about as much as two; a mark nothing on its own."""
    letters = (character for character in words if not unicodedata.combining(character))
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in letters)


def _kept(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category[0] in "LN":
        return character
    # Marks and signs that nobody sees part no word.
    return "" if category[0] == "M" or category == "Cf" else " "
