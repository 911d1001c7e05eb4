"""Puts a release together from the one before and what changed since: only the shards that changed are read and written down."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.release import shards
from app.release.assembly import Assembly
from app.release.cutting import Cutter
from app.release.shards import Record
from moderation.publishing import BEHIND, Place, Stored
from moderation.vocabulary import Entry

MOST_CHANGED = 1 / 2
"""Where more of the shards changed, all of the list is read in one go: that is less work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class List:
    """The list as it is now: its entries between two places (None: from its beginning, to its end), and the listed names above an entry."""

    between: Callable[[Place | None, Place | None], Iterable[Entry | Stored]]
    above: Callable[[Entry | Stored], tuple[Entry, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """The release before, where it lies, and the places where the list changed since."""

    folder: Path
    record: Record
    changed: Iterable[Place]


class Renewal:
    """Keeps the shards of the release before that did not change, and cuts what did change anew."""

    def __init__(self, before: Before, now: List) -> None:
        self._before = before
        self._now = now
        self._begins = [shard.begins for shard in before.record.shards]
        self._changed = _changed(self._begins, before.changed)
        self._kept = list(zip(before.record.shards, shards.pieces(before.folder, before.record), strict=True))

    @property
    def is_worth_it(self) -> bool:
        """Whether so little changed that this is less work than all of it."""
        return bool(self._begins) and len(self._changed) <= max(1, MOST_CHANGED * len(self._begins))

    def put_into(self, assembly: Assembly) -> None:
        """Hand the release's shards over."""
        number = 0
        while number < len(self._kept):
            if number in self._changed:
                number = self._cut_anew(assembly, number)
            else:
                assembly.keep(*self._kept[number])
                number += 1

    def _cut_anew(self, assembly: Assembly, number: int) -> int:
        """Cut from this shard on, until a cut falls where one was and what follows did not change; the number of the shard there."""
        cutter: Cutter | None = None
        while number < len(self._kept):
            for entry in self._entries_of(number):
                cutter = cutter or Cutter(self._now.above(entry))
                if cut := cutter.take(entry):
                    assembly.add(cut)
            number += 1
            if number < len(self._kept) and number not in self._changed and (not cutter or cutter.begins_anew(self._begins[number])):
                break
        if cutter and (cut := cutter.rest()):
            assembly.add(cut)
        return number

    def _entries_of(self, number: int) -> Iterator[Entry | Stored]:
        first = self._begins[number] if number else None
        below = self._begins[number + 1] if number + 1 < len(self._begins) else None
        yield from self._now.between(first, below)


def _changed(begins: Sequence[Place], places: Iterable[Place]) -> set[int]:
    """The numbers of the shards that an addition or a removal at these places may change."""
    changed: set[int] = set()
    for at in places:
        number = max(0, bisect_right(begins, at) - 1)
        changed.add(number)
        if number and begins[number] == at:
            # The cut itself: without this entry, the shard before does not end here.
            changed.add(number - 1)
        if not at[1]:
            # A whole name: some formats leave out what is below it.
            changed.update(range(number, bisect_left(begins, (at[0] + BEHIND, False, "", ""))))
    return changed
