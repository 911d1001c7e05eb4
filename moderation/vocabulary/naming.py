"""Names that others gave themselves: how they are kept, and whether a reader could take one for another."""

import re
import unicodedata
from typing import Final

_TURNS: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Signs that turn the order of what is read after them."""

_BLANK: Final = re.compile("[\u115f\u1160\u2800\u3164\uffa0]")
"""Signs that count as letters or figures and show nothing."""

_UNSEEN: Final = re.compile("[\u034f\u17b4\u17b5\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Marks that show nothing by themselves."""


def tidied(name: str) -> str:
    """A name as it is kept: on one line, single spaces, nothing that turns its order."""
    return " ".join(_TURNS.sub("", name).split())


def likeness(name: str) -> str:
    """The same for names that look the same but for case, width, spaces and signs that nobody sees; empty where nothing is seen."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", _seen(name)).casefold())
    return " ".join(_seen(folded).split())


def _seen(text: str) -> str:
    shown = _UNSEEN.sub("", _BLANK.sub(" ", text))
    return "".join(sign for sign in shown if sign.isspace() or unicodedata.category(sign) not in ("Cf", "Cc"))
