"""The graded checklist of indicators for adverts and job offers, read from its file once. Scores nothing: a tick is a note."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).with_name("checklist.toml")


class Grade(StrEnum):
    """How much is known of an indicator, best first."""

    VALIDATED = "validated"
    REPORTED = "reported"
    FOLK = "folk"


class About(StrEnum):
    """What an indicator is looked for in."""

    ADVERT = "advert"
    JOB_OFFER = "job_offer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The page in which an indicator was read, and when."""

    title: str
    page: str
    read: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One line of the checklist."""

    id: str
    about: About
    grade: Grade
    text: str
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """All of it; within each subject the best grade first. `caveat` stands wherever any of it is shown."""

    caveat: str
    caveat_source: Source
    indicators: tuple[Indicator, ...]

    def sentences(self) -> tuple[str, ...]:
        """All that is shown in the page's language. Titles of sources stay as they were published."""
        return (self.caveat, *(one.text for one in self.indicators))

    def about(self, subject: About) -> tuple[Indicator, ...]:
        """The lines on one subject."""
        return tuple(one for one in self.indicators if one.about is subject)

    def named(self, identifiers: tuple[str, ...]) -> tuple[Indicator, ...]:
        """The lines with these identifiers; one that left the file is passed over."""
        return tuple(one for one in self.indicators if one.id in identifiers)


def read(text: str) -> Checklist:
    """Read a checklist.

    Raises:
        ValueError: an entry lacks something, names no source that is there, or two share an identifier.
    """
    told = tomllib.loads(text)
    try:
        sources = {name: Source(**given) for name, given in told["sources"].items()}
        found = tuple(_indicator(given, sources) for given in told["indicators"])
        caveat_source = Source(title=told["caveat_source"], page=told["caveat_page"], read=max(one.read for one in sources.values()))
        checklist = Checklist(caveat=told["caveat"], caveat_source=caveat_source, indicators=tuple(sorted(found, key=_place)))
    except (KeyError, TypeError) as fault:
        raise ValueError(f"The checklist of indicators is incomplete: {fault}") from fault
    if len({one.id for one in found}) < len(found):
        raise ValueError("Two indicators share an identifier.")
    return checklist


def _indicator(given: Mapping[str, Any], sources: Mapping[str, Source]) -> Indicator:
    about, grade = About(given["about"]), Grade(given["grade"])
    return Indicator(id=given["id"], about=about, grade=grade, text=given["text"], source=sources[given["source"]])


def _place(one: Indicator) -> tuple[int, int]:
    return tuple(About).index(one.about), tuple(Grade).index(one.grade)


CHECKLIST: Final = read(FILE.read_text("utf-8"))
