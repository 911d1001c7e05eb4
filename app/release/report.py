"""The release report: what was left out, of which format, and why. Written as it comes, since nothing bounds its length."""

import json
from collections import Counter
from pathlib import Path
from types import TracebackType

from moderation.vocabulary import Entry

FILE_NAME = "report.json"


class Report:
    """`report.json`: a line for each entry that a rule left out, and how many each format has no room for by their scope."""

    def __init__(self, path: Path, serial: int) -> None:
        self._file = path.open("w", encoding="utf-8")
        self._file.write(f'{{"serial": {serial},\n"left_out": [')
        self._no_room: dict[str, Counter[str]] = {}
        self.named = 0

    def __enter__(self) -> "Report":
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self._file.write(f'\n],\n"no_room_by_scope": {json.dumps(self._no_room, sort_keys=True)}}}\n')
        self._file.close()

    def name(self, entry: Entry, reason: str, *, file_name: str | None) -> None:
        """Name an entry that a format (None: every one of them) does not carry, with the reason."""
        line = {"format": file_name, "reference": str(entry.reference), "scope": entry.scope, "target": entry.target, "reason": reason}
        self._file.write(f"{',' if self.named else ''}\n{json.dumps(line)}")
        self.named += 1

    def count(self, entry: Entry, file_name: str) -> None:
        """Count an entry whose scope the format never carries: that is how it is meant, so the number is enough."""
        self._no_room.setdefault(file_name, Counter())[entry.scope] += 1
