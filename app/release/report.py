"""The release report: what was left out, of which format, and why. Written as it comes, since nothing bounds its length."""

import json
from collections import Counter
from pathlib import Path
from types import TracebackType

from moderation.vocabulary import Entry

FILE_NAME = "report.json"


class Report:
    """`report.json`: a line for each entry that a rule left out, and for each format what it has no room for and what it covers."""

    def __init__(self, path: Path, serial: int) -> None:
        self._file = path.open("w", encoding="utf-8")
        self._file.write(f'{{"serial": {serial},\n"left_out": [')
        self._no_room: dict[str, Counter[str]] = {}
        self._covered: Counter[str] = Counter()
        self.named = 0

    def __enter__(self) -> "Report":
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        counts = {"no_room_by_scope": self._no_room, "covered": self._covered}
        self._file.write(f"\n],\n{json.dumps(counts, sort_keys=True)[1:]}\n")
        self._file.close()

    def name(self, entry: Entry, reason: str, *, file_name: str | None) -> None:
        """Name an entry that a format (None: every one of them) does not carry, with the reason."""
        line = {"format": file_name, "reference": str(entry.reference), "scope": entry.scope, "target": entry.target, "reason": reason}
        self._file.write(f"{',' if self.named else ''}\n{json.dumps(line)}")
        self.named += 1

    def count(self, entry: Entry, file_name: str) -> None:
        """Count an entry whose scope the format never carries: that is how it is meant, so the number is enough."""
        self._no_room.setdefault(file_name, Counter())[entry.scope] += 1

    def cover(self, file_name: str) -> None:
        """Count a name that a format blocks by its line for a name above: nothing is missing there, so the number is enough."""
        self._covered[file_name] += 1
