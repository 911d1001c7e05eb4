"""Frozen values: a line that people can call, what it is for, and all that are known. Reads and shows nothing."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from moderation import policy

ALWAYS: Final = "always"
DAYS: Final = ("mo", "tu", "we", "th", "fr", "sa", "su")


class Purpose(StrEnum):
    """What a line is for, in the order in which pages show them."""

    EMERGENCY = "emergency"
    POLICE = "police"
    TRAFFICKING = "trafficking"
    CHILD = "child"
    CSAM_REPORT = "csam_report"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hotline:
    """One line in one country. `number` is as dialled there; where it is empty, reports are made at `web`."""

    country: str
    purposes: tuple[Purpose, ...]
    name: str
    number: str
    international: str
    hours: str
    languages: tuple[str, ...]
    more_languages: bool
    free: bool
    only_for: str
    web: str
    source: str
    also: str
    read_on: date
    source_dated: str

    def is_fresh(self, today: date) -> bool:
        """Whether it was read lately enough to be shown."""
        return today - self.read_on <= policy.HOTLINE_SHOWN_FOR

    def is_due(self, today: date) -> bool:
        """Whether someone should read it again."""
        return today - self.read_on > policy.HOTLINE_READ_AGAIN


@dataclass(frozen=True, slots=True)
class Hotlines:
    """Every line, by country."""

    entries: tuple[Hotline, ...]

    def fresh(self, today: date) -> tuple[Hotline, ...]:
        """Those that may be shown: the others could be wrong by now, and a wrong number costs more than none."""
        return tuple(entry for entry in self.entries if entry.is_fresh(today))
