"""What formats and jobs are given."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from moderation.vocabulary.resource import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the list, as every format sees it. `kind` is the resource's kind; `host` is set for web targets."""

    reference: UUID
    kind: str
    scope: Scope
    target: str
    host: str
    territories: tuple[str, ...]
    category: str
    listed_at: datetime
    expires_at: datetime
    is_test: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What stands at the head of every format. `entries` is the number of entry lines that follow, as the format counts them."""

    title: str
    list_name: str
    homepage: str
    contact: str
    licence: str
    serial: int
    published_at: datetime
    valid_until: datetime
    entries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one release did to one place on the list: `old` left it, `new` came; both where the new entry stands in for the old."""

    old: Entry | None
    new: Entry | None
    because: str = ""
    """Why the old entry left, as its listing says; empty where nothing left."""
    above: tuple[Entry, ...] = ()
    """Of a new name: the entries at that release whose names stand above it."""
    above_before: tuple[Entry, ...] | None = None
    """Of a name that stays as it is, while one above it came or went: those that stood above it before."""


class HeldBecause(StrEnum):
    """Why a release held an entry back: it may never go out as it is, or the list would grow too fast."""

    UNFIT = "unfit"
    GROWTH = "growth"


@dataclass(frozen=True, slots=True)
class Due:
    """A job that must run if, and only if, the present transaction commits."""

    kind: str
    ref: str = ""
    at: datetime | None = None
    """Not before then; at once where nothing is said."""
