"""Takes a CSV file apart line by line, so that a bad line costs no other and no file is too long. Knows nothing of hosts."""

import csv
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import Final

SIGNS: Final = (",", ";", "\t")
LONGEST: Final = 65_536
"""Letters of a line that are read; a longer one is no line of a list."""
SPAN: Final = 20
"""Lines over which a quoted cell may go on."""
NOT_TEXT: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b")
"""How files of spreadsheet programs, pages and archives begin."""


class NotAList(Exception):
    """The file as a whole cannot be read; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of one record, with the number of the line it begins at; no cells where the line cannot be read, and why."""

    number: int
    text: str
    cells: tuple[str, ...] = ()
    fault: str = ""


class Records:
    """The records of a file. `position` is how many bytes of it have been read."""

    def __init__(self, path: Path) -> None:
        self.size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(4)
        if head.startswith(NOT_TEXT):
            raise NotAList("This is no CSV file. In your spreadsheet program choose “Save as” and then “CSV UTF-8”.")
        encoding = "utf-16" if head.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8-sig"
        # A letter that cannot be read must not cost the lines around it.
        self._binary = path.open("rb")
        self._file = TextIOWrapper(self._binary, encoding=encoding, errors="replace")
        self._ahead: deque[str] = deque()
        self._sign = ","

    @property
    def position(self) -> int:
        return self.size if self._file.closed else min(self._binary.tell(), self.size)

    def __iter__(self) -> Iterator[Record]:
        number = 0
        with self._file:
            while text := self._next():
                number += 1
                if number == 1:
                    self._sign = max(SIGNS, key=text.count)
                if text.isspace():
                    continue
                record, lines = self._record(number, text)
                yield record
                number += lines - 1

    def _record(self, number: int, text: str) -> tuple[Record, int]:
        if len(text) >= LONGEST:
            return Record(number, text[:80], fault="is too long for a line of a list: save the file as CSV again."), 1
        taken = [text]
        cells, is_open = self._cells(taken)
        while is_open and len(taken) < SPAN and (more := self._next()):
            taken.append(more)
            cells, is_open = self._cells(taken)
        if cells is None:
            self._ahead.extendleft(reversed(taken[1:]))
            return Record(number, text.strip(), fault="has a quotation mark that is not closed: correct it in the file."), 1
        return Record(number, text.strip(), cells=tuple(cells)), len(taken)

    def _cells(self, lines: list[str]) -> tuple[list[str] | None, bool]:
        try:
            return next(csv.reader(lines, delimiter=self._sign, strict=True), []), False
        except csv.Error as fault:
            return None, "end of data" in str(fault)

    def _next(self) -> str:
        """The next line, cut where it is too long; empty at the end."""
        if self._ahead:
            return self._ahead.popleft()
        text = rest = self._file.readline(LONGEST)
        while len(rest) == LONGEST and not rest.endswith("\n"):
            rest = self._file.readline(LONGEST)
        return text
