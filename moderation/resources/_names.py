"""Cuts a run of letters and dots into what could be bare host names. Must not decide whether a name exists."""

import re
from collections.abc import Iterator
from typing import Final

_DOTS: Final = re.compile(r"[.。｡]{2,}")
_EDGE: Final = ".。｡-"
_LONGEST: Final = 300
# Scripts written without spaces, or that glue a word to a Latin name; a name that mixes them with Latin letters in one
# label is rarer than a sentence that does.
_GLUE: Final = (
    "\u0590-\u08ff\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
)
_GLUED: Final = re.compile(rf"[A-Za-z0-9-][{_GLUE}]|[{_GLUE}][A-Za-z0-9-]")
_UNGLUED: Final = re.compile(rf"[^{_GLUE}]+")
_SENTENCE_END: Final = re.compile(r"(?<=[\x00-\x7f])[。｡](?=[^\x00-\x7f])|(?<=[^\x00-\x7f])[。｡](?=[\x00-\x7f])")
_IDEOGRAPHIC_STOP: Final = re.compile("[。｡]")


def bare_names(run: str) -> Iterator[tuple[int, int]]:
    """Give start and end of each part of `run` that has a dot inside and the length of a name."""
    if not _has_dot(run):
        return
    for start, end in _between(_DOTS, run, 0, len(run)):
        for first, last in _pieces(run, start, end):
            first, last = _without_edges(run, first, last)  # noqa: PLW2901 - the same piece, tidied
            if last - first <= _LONGEST and _has_dot(run[first:last]):
                yield first, last


def _pieces(run: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = run[start:end]
    if _GLUED.search(piece):
        for match in _UNGLUED.finditer(run, start, end):
            yield from _sentences(run, match.start(), match.end())
    else:
        yield from _sentences(run, start, end)


def _sentences(run: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A name is typed with one kind of dot: where both stand, an ideographic full stop between scripts ends a sentence."""
    if "." in run[start:end].strip(_EDGE):
        yield from _between(_SENTENCE_END, run, start, end)
    else:
        yield from _ideographic(run, start, end)


def _ideographic(run: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    # 看。evil。test。然后: the words around a name stand in other scripts than it.
    yield from _between(_SENTENCE_END, run, start, end) if _latin_inside(run[start:end]) else [(start, end)]


def _latin_inside(piece: str) -> bool:
    return sum(1 for part in _IDEOGRAPHIC_STOP.split(piece) if part.isascii() and part) > 1


def _between(separator: re.Pattern[str], run: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for match in separator.finditer(run, start, end):
        yield at, match.start()
        at = match.end()
    yield at, end


def _without_edges(run: str, first: int, last: int) -> tuple[int, int]:
    while first < last and run[first] in _EDGE:
        first += 1
    while last > first and run[last - 1] in _EDGE:
        last -= 1
    return first, last


def _has_dot(piece: str) -> bool:
    return "." in piece or "。" in piece or "｡" in piece
