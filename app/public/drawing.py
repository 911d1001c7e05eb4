"""The drawing of a report's way: breaks its words into lines and finds a place for each. Draws nothing (way.svg does), decides nothing."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

from moderation.vocabulary import N_

WIDTH = 360
"""The whole drawing, in its own units: a phone's width, so that the words keep their size there."""

TITLE, WORDS = 18, 16
"""Sizes of letters, in the same units."""

LINE = 22
CIRCLE = 24
TEXT_START, TEXT_WIDTH = 74, 282
BOX_WIDTH, BOX_TEXT = 172, 150
GAP = 26


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens: `icon` is a picture in way.svg, `title` and `words` say it."""

    icon: str
    title: str
    words: str


STEPS = (
    Step("letter", N_("You send a report"), N_("Without an account, and without your name.")),
    Step("lock", N_("It is locked as it arrives"), N_("Only trained people can open what you typed. Who you are is not kept.")),
    Step("one", N_("A trained person reads it"), N_("They check what you reported. If it may belong on the list, they say why.")),
    Step(
        "two",
        N_("Another person checks it alone"),
        N_("They do not know what the first one thought. For a whole website, a third checks too."),
    ),
)
ENDS = (
    Step("yes", N_("They agree"), N_("It goes on the list for a limited time, and networks can act on it.")),
    Step("no", N_("They do not agree"), N_("It stays off the list.")),
)
LAST = Step("code", N_("You can see the outcome"), N_("With the code from your receipt."))


@dataclass(frozen=True, slots=True)
class Placed:
    """A step with its lines in the page's language, from `top` down to `bottom`; `left` is where a box begins."""

    icon: str
    title: tuple[str, ...]
    words: tuple[str, ...]
    top: int
    bottom: int
    left: int = 0


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything in its place, for a language that begins at the left; way.svg mirrors it for the others."""

    steps: tuple[Placed, ...]
    ends: tuple[Placed, ...]
    last: Placed
    height: int


def drawing() -> Drawing:
    """The way of a report in the page's language."""
    steps, top = [], 4
    for step in STEPS:
        steps.append(_row(step, top))
        top = steps[-1].bottom + GAP
    ends = _boxes(top + 8)
    last = _row(LAST, ends[0].bottom + GAP + 14)
    return Drawing(tuple(steps), ends, last, last.bottom + 14)


def _row(step: Step, top: int) -> Placed:
    title = lines(_(step.title), TEXT_WIDTH, TITLE * 1.07)
    words = lines(_(step.words), TEXT_WIDTH, WORDS)
    return Placed(step.icon, title, words, top, top + max(2 * CIRCLE, LINE * (len(title) + len(words)) + 6))


def _boxes(top: int) -> tuple[Placed, ...]:
    """The two ends side by side, as high as the higher one."""
    said = [(end, lines(_(end.title), BOX_TEXT, TITLE * 1.07), lines(_(end.words), BOX_TEXT, WORDS)) for end in ENDS]
    bottom = top + 52 + LINE * max(len(title) + len(words) for _end, title, words in said)
    lefts = (4, WIDTH - 4 - BOX_WIDTH)
    return tuple(Placed(end.icon, title, words, top, bottom, left) for (end, title, words), left in zip(said, lefts, strict=True))


def lines(text: str, width: float, size: float) -> tuple[str, ...]:
    """Break a text into lines that fit, at spaces, or anywhere in scripts that need none. A font may be wider: there is room to spare."""
    found, room = [""], width
    for piece in _pieces(text):
        needed = size * sum(_breadth(sign) for sign in piece.rstrip())
        if needed > room and found[-1]:
            found.append("")
            room = width
        found[-1] += piece
        room -= size * sum(_breadth(sign) for sign in piece)
    return tuple(line.strip() for line in found)


def _pieces(text: str) -> Iterator[str]:
    """What must stay on one line: a word with the space behind it, or one ideograph with the punctuation behind it."""
    piece = ""
    for sign in text:
        if piece and _may_break(piece, sign):
            yield piece
            piece = ""
        piece += sign
    yield piece


def _may_break(piece: str, sign: str) -> bool:
    """Whether a line may end behind the piece, where this sign comes next."""
    if piece[-1].isspace():
        return True
    return (_is_ideograph(piece[0]) and not _closes(sign)) or (_is_ideograph(sign) and not _opens(piece))


def _is_ideograph(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) == "W" and unicodedata.category(sign) == "Lo"


def _closes(sign: str) -> bool:
    return sign.isspace() or unicodedata.category(sign) in ("Pe", "Pf", "Po")


def _opens(piece: str) -> bool:
    return all(unicodedata.category(sign) in ("Ps", "Pi") for sign in piece)


def _breadth(sign: str) -> float:
    """How wide a sign is at most in the usual fonts, in parts of its height."""
    if unicodedata.combining(sign):
        return 0
    if unicodedata.east_asian_width(sign) in "WF":
        return 1
    if unicodedata.bidirectional(sign) == "AL":
        return 0.52
    if sign.isupper():
        return 0.68
    return 0.6 if sign >= "Ѐ" else 0.54
