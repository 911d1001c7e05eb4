"""Reads an operator's list of hosts: our own columns, or Citizen Lab's test lists as they are. Writes nothing."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from app.known_hosts import names
from app.known_hosts.records import NotAList, Record, Records
from moderation.vocabulary import HostClass, Protection

CITIZEN_LAB: Final = "Citizen Lab test list"
OWN: Final = "host and class"
_HOST_COLUMNS: Final = ("host", "domain", "site")
_RANK: Final = re.compile(r"[1-9][0-9]{0,17}")

Meaning = tuple[HostClass, str | None]

WORDS: Final[dict[str, Meaning]] = {
    # Without a rank nobody knows how popular: the stronger class cannot list too much.
    "popular": (HostClass.POPULAR_10K, None),
    **{each.value: (HostClass.PROTECTED, each.value) for each in Protection},
    **{each.value: (each, None) for each in HostClass},
}
"""What the column `class` may say."""


@dataclass(frozen=True, slots=True)
class Line:
    """What one line says of a host."""

    number: int
    host: str
    host_class: HostClass
    protected_as: str | None
    rank: int | None
    is_page: bool


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A line that says nothing we can hold, and what to do about it."""

    number: int
    text: str
    why: str


@dataclass(slots=True)
class HostList:
    """A file, and what was counted while `lines` read it."""

    records: Records
    layout: str = ""
    read: int = 0
    passed_over: Counter[str] = field(default_factory=Counter)
    """Citizen Lab's codes that tell nothing of protection, with their lines."""

    @classmethod
    def of(cls, path: Path) -> "HostList":
        """Open a file.

        Raises:
            NotAList: it is a file of another program.
        """
        return cls(Records(path))

    def lines(self) -> Iterator[Line | LeftOut]:
        """Yield what each line says, the first at fault included.

        Raises:
            NotAList: the first line names no columns that we know.
        """
        columns: dict[str, int] = {}
        for record in self.records:
            if not columns:
                columns, is_header = self._columns(record)
                if is_header:
                    continue
            self.read += 1
            found = LeftOut(record.number, record.text, record.fault) if record.fault else self._said(record, columns)
            if found is not None:
                yield found
        if not columns:
            raise NotAList("There is no line in this file.")

    def _columns(self, record: Record) -> tuple[dict[str, int], bool]:
        columns = {_word(cell): place for place, cell in enumerate(record.cells)}
        if {"url", "category_code"} <= columns.keys():
            self.layout = CITIZEN_LAB
            return columns, True
        self.layout = OWN
        host = next((name for name in _HOST_COLUMNS if name in columns), None)
        if host and "class" in columns:
            return columns | {"host": columns[host]}, True
        if len(record.cells) > 1 and _word(record.cells[1]) in WORDS:
            return {"host": 0, "class": 1, "protected_as": 2, "rank": 3}, False
        raise NotAList(
            "The first line must name the columns: host,class (and protected_as, rank where needed),"
            " or url,category_code as in Citizen Lab's test lists."
        )

    def _said(self, record: Record, columns: dict[str, int]) -> Line | LeftOut | None:
        cells = {name: record.cells[place].strip() for name, place in columns.items() if place < len(record.cells)}
        if self.layout == CITIZEN_LAB:
            return self._categorised(record, cells)
        return _classed(record, cells)

    def _categorised(self, record: Record, cells: dict[str, str]) -> Line | LeftOut | None:
        code = cells.get("category_code", "").upper()
        if code not in CODES:
            return LeftOut(record.number, record.text, f"has the category code “{code}”, which citizenlab.csv does not explain.")
        meaning = CODES[code]
        if meaning is None:
            self.passed_over[code] += 1
            return None
        return _line(record, cells.get("url", ""), meaning, None)


def _classed(record: Record, cells: dict[str, str]) -> Line | LeftOut:
    word = _word(cells.get("class", ""))
    meaning = WORDS.get(word)
    if meaning is None:
        return LeftOut(record.number, record.text, f"has no class that we know; the classes are: {', '.join(WORDS)}.")
    kind, rank = _word(cells.get("protected_as", "")), cells.get("rank", "")
    if kind and meaning[0] is HostClass.PROTECTED:
        if kind not in set(Protection):
            return LeftOut(record.number, record.text, f"is protected as nothing that we know; it can be: {', '.join(Protection)}.")
        meaning = (HostClass.PROTECTED, kind)
    if rank and not _RANK.fullmatch(rank):
        return LeftOut(record.number, record.text, "has a rank that is no whole number from 1.")
    if rank and word == "popular":
        # The rank says how popular, and the rules say what follows from it.
        meaning = (HostClass.POPULAR_1M, None)
    return _line(record, cells.get("host", ""), meaning, int(rank) if rank else None)


def _line(record: Record, text: str, meaning: Meaning, rank: int | None) -> Line | LeftOut:
    name = names.read(text)
    if isinstance(name, str):
        return LeftOut(record.number, text or record.text, name)
    host_class, protected_as = meaning
    return Line(record.number, name.host, host_class, protected_as, rank, name.is_page)


@lru_cache(maxsize=1024)
def _word(cell: str) -> str:
    """`Sex workers' rights` and `sex-workers-rights` are one."""
    return re.sub(r"[\s_-]+", "_", cell.strip().casefold().replace("'", "").replace("’", ""))


def _codes() -> dict[str, Meaning | None]:
    """What each of Citizen Lab's codes says of a host; None where it tells nothing of protection."""
    with Path(__file__).with_name("citizenlab.csv").open(encoding="utf-8", newline="") as file:
        return {
            line["code"]: (HostClass(line["class"]), line["protected_as"] or None) if line["class"] else None
            for line in csv.DictReader(file)
        }


CODES: Final = _codes()
