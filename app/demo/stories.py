"""Reads what the demo cases tell from stories.toml beside it. Acts nothing out; app/demo/playing.py does."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from moderation.vocabulary import Category, Outcome, Scope


class Fate(StrEnum):
    """How far a demo case has come."""

    WAITING = "waiting"
    HELD = "held"
    REFUSED = "refused"
    PROPOSED = "proposed"
    AWAITING_THIRD = "awaiting_third"
    LISTED = "listed"
    REJECTED = "rejected"
    NOT_LISTED = "not_listed"
    WITHDRAWN = "withdrawn"
    DELISTED = "delisted"
    EXPIRED = "expired"
    CONCLUDED = "concluded"
    """By one person, as the story's outcome says."""
    REMOVED = "removed"
    """At the source, after a takedown was asked for."""
    KEPT = "kept"
    NARROWED = "narrowed"
    SUSPENDED = "suspended"
    RE_REVIEW = "re_review"
    EXPIRING = "expiring"
    EMERGENCY = "emergency"
    ACKNOWLEDGED = "acknowledged"
    """Referred to a hotline, which said that it has it."""


class Mistake(StrEnum):
    """Why safeguards refuse a demo proposal."""

    TOO_LITTLE = "too little"
    TOO_WIDE = "too wide"
    OWN_INTEREST = "own interest"
    BARE_ADDRESS = "bare address"
    SHOWS_A_PERSON = "shows a person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What one reporter wrote; `times` where many sent the same words."""

    language: str
    text: str
    how_known: str = ""
    stages: str = ""
    where_seen: str = ""
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One case, or a report that joins one: what was reported, what was told, how it went, and what a moderator wrote."""

    what: str
    category: Category
    hours_ago: int
    told: tuple[Telling, ...]
    fate: Fate = Fate.WAITING
    scope: Scope = Scope.PAGE
    danger_now: bool = False
    slow: bool = False
    outcome: Outcome = Outcome.REJECT_LAWFUL
    note: str = ""
    notice: bool = False
    mistake: Mistake | None = None
    quote: str = ""
    means: str = ""
    purpose: str = ""
    facts: str = ""
    conflict_note: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    """Of the outcome that one person concludes, beside its note; `back_days` and `hold_days` count from now."""
    gone: int = 0
    """On how many days in a row somebody found nothing there any more."""
    narrower: Scope = Scope.PAGE
    """What is left of a listing that is narrowed."""
    receipt: str = ""
    """The hotline's reference."""
    vignette: str = ""
    """Which vignette of the moderators' quiz this case shows."""


def stories() -> tuple[Story, ...]:
    """Every demo case, oldest report first."""
    with Path(__file__).with_name("stories.toml").open("rb") as file:
        told = tomllib.load(file)["story"]
    return tuple(sorted((_story(each) for each in told), key=lambda story: -story.hours_ago))


_READ: Mapping[str, Callable[[Any], Any]] = {
    "told": lambda told: tuple(Telling(**telling) for telling in told),
    "category": Category,
    "fate": Fate,
    "scope": Scope,
    "narrower": Scope,
    "outcome": Outcome,
    "mistake": Mistake,
}


def _story(written: dict[str, Any]) -> Story:
    read: dict[str, Any] = {name: _READ[name](value) if name in _READ else value for name, value in written.items()}
    return Story(**read)
