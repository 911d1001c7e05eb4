"""The release report: what was left out, of which format, and why. Made shard by shard, as the formats are."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import orjson

from moderation.vocabulary import Entry

FILE_NAME = "report.json"

BETWEEN = b",\n"
"""Parts a line, and the lines of a shard, from those before."""

Counts = dict[str, Counter[str]]


@dataclass(slots=True)
class Findings:
    """What a rule left out of a part of the list, and for each format what it has no room for by scope, and how much it covers."""

    lines: bytearray = field(default_factory=bytearray)
    named: int = 0
    no_room: Counter[tuple[str, str]] = field(default_factory=Counter)
    covered: Counter[str] = field(default_factory=Counter)

    def name(self, entry: Entry, reason: str, *, file_name: str | None) -> None:
        """Name an entry that a format (None: every one of them) does not carry, with the reason."""
        line = {"format": file_name, "reference": str(entry.reference), "scope": entry.scope, "target": entry.target, "reason": reason}
        self.lines += (BETWEEN if self.named else b"") + orjson.dumps(line)
        self.named += 1


def head(serial: int) -> bytes:
    """What stands before the lines."""
    return b'{"serial": %d,\n"left_out": [\n' % serial


def end(no_room: Iterable[Mapping[str, Mapping[str, int]]], covered: Iterable[Mapping[str, int]]) -> bytes:
    """What stands behind the lines: what whole shards counted, summed up."""
    rooms: Counts = {}
    for counts in no_room:
        for file_name, scopes in counts.items():
            rooms.setdefault(file_name, Counter()).update(scopes)
    total: Counter[str] = Counter()
    for each in covered:
        total.update(each)
    shown = orjson.dumps({"no_room_by_scope": rooms, "covered": total}, option=orjson.OPT_SORT_KEYS)
    return b"\n],\n" + shown[1:] + b"\n"
