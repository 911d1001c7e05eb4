"""Cuts a list in its order into shards, so that one change touches one of them. Where it is cut, the list alone decides: nothing is kept.

A shard begins at an entry whose name says so, once the shard before it is long enough. So the same list is cut alike however it came about,
and behind a change the old cuts are soon met again.
"""

import zlib
from dataclasses import dataclass
from typing import Final

from moderation.publishing import Place, Stored, place
from moderation.vocabulary import Entry

LEAST: Final = 1_500
"""Entries that a shard has at least, but for the last: many more shards would take longer to join."""

ONE_IN: Final = 500
"""Behind those, one place in so many begins the next shard."""

MOST: Final = 3_000
"""And at most: a shard is written down in every format in some tenths of a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A shard's entries, and the listed names before it that stand above its first entry, the highest first."""

    begins: Place
    above: tuple[Entry | Stored, ...]
    entries: list[Entry | Stored]


class Cutter:
    """Takes entries in their order, and gives a shard whenever one is full."""

    def __init__(self, above: tuple[Entry | Stored, ...] = ()) -> None:
        self._open = list(above)
        """Listed names that the next entry may stand below, each above the one behind it."""
        self._entries: list[Entry | Stored] = []
        self._begins: Place = ("", False, "", "")
        self._above: tuple[Entry | Stored, ...] = ()

    def begins_anew(self, at: Place) -> bool:
        """Whether an entry at this place would begin a shard."""
        taken = len(self._entries)
        return taken == 0 or taken >= MOST or (taken >= LEAST and _digest(at) % ONE_IN == 0)

    def take(self, entry: Entry | Stored) -> Cut | None:
        """Take the next entry; returns the shard that ends before it, where one does."""
        at = place(entry)
        full = None
        self._leave_names(entry.host)
        if self.begins_anew(at):
            full = self.rest()
            self._begins, self._above = at, tuple(self._open)
        self._entries.append(entry)
        if entry.scope.is_wide:
            self._open.append(entry)
        return full

    def rest(self) -> Cut | None:
        """The entries that no shard has yet; None where there are none."""
        if not self._entries:
            return None
        cut = Cut(begins=self._begins, above=self._above, entries=self._entries)
        self._entries = []
        return cut

    def _leave_names(self, host: str) -> None:
        while self._open and not (host == self._open[-1].target or host.endswith(f".{self._open[-1].target}")):
            self._open.pop()


def _digest(at: Place) -> int:
    name, _, target, scope = at
    return zlib.crc32(f"{name}\n{target}\n{scope}".encode())
