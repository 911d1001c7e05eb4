"""The case page's values in five parts, each made in the room that knows it (see `view`), and all of them side by side."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from moderation.reviewing.seen import (
    AddressSealed,
    AssessmentSeen,
    CaseListing,
    Colleague,
    DecisionSeen,
    HistoryLine,
    NoteSeen,
    RefusedSeen,
    RelatedCase,
    ReportSeen,
    Rung,
)
from moderation.states import State
from moderation.vocabulary import Category, KnownHost, Lane, LookAlike, Notice, Resource


@dataclass(frozen=True, kw_only=True)
class CaseItself:
    """What the case is about, and why it stands where it does in the queue."""

    reference: UUID
    resource: Resource
    state: State
    lane: Lane
    category: Category
    danger_now: bool
    child_material_told: bool
    from_partner: bool
    priority: int
    channels: int
    stage_points: int
    age_points: int
    due_for: str | None
    opened_at: datetime
    version: int


@dataclass(frozen=True, kw_only=True)
class HeldBy:
    """Who works on the case, and what this person may do in it."""

    is_mine: bool
    holder_name: str | None
    lease_until: datetime | None
    is_last_lease: bool
    """Whether work makes the lease no longer."""
    seat: int | None
    may_act: bool
    why_not: str
    is_for_a_senior: bool
    """Whether only a senior may open another round about it: too many ended without an outcome."""
    somebody_left: bool
    """Whether the account of somebody in a seat of the open round was closed, and the round is not withdrawn yet."""
    is_my_proposal: bool


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What its reviewers judge by."""

    reports: tuple[ReportSeen, ...]
    known_hosts: tuple[KnownHost, ...]
    look_alikes: tuple[LookAlike, ...]
    related: tuple[RelatedCase, ...]
    earlier: tuple[RelatedCase, ...]
    """Other cases of the same resource."""
    rungs: tuple[Rung, ...]
    sealed: AddressSealed | None
    """Set where its address is sealed, or was: then nothing of its reports is here."""


@dataclass(frozen=True, kw_only=True)
class Concluded:
    """What others concluded and did, as far as this person may know it."""

    is_blind: bool
    """Whether something is kept from this person until they have concluded themselves."""
    assessments: tuple[AssessmentSeen, ...]
    refused: RefusedSeen | None
    decision: DecisionSeen | None
    listing: CaseListing | None
    history: tuple[HistoryLine, ...]
    has_older_history: bool


@dataclass(frozen=True, kw_only=True)
class AmongColleagues:
    """What those who work on the case tell and hand each other."""

    notices: tuple[Notice, ...]
    notes: tuple[NoteSeen, ...]
    notes_hidden: int
    """Notes by those who sit in the open round, kept from a seat that is still to be taken."""
    kept_from: frozenset[int]
    """The people whose words are kept from this one; for verbs, never shown."""
    colleagues: tuple[Colleague, ...]
    """Who could take the case over; only where this person may give it."""
    a_colleague_suspects: bool
    """Somebody else answered that sexual images of a child are suspected here, and the case is open still."""


@dataclass(frozen=True, kw_only=True)
class CaseView(CaseItself, HeldBy, Evidence, Concluded, AmongColleagues):
    """Everything the case page may show to this person, its parts side by side: a page asks for `view.seat`, whichever part has it."""

    @classmethod
    def of(cls, itself: CaseItself, held_by: HeldBy, evidence: Evidence, concluded: Concluded, colleagues: AmongColleagues) -> Self:
        """Lay the parts together; each was checked where it was made."""
        return cls(**vars(itself), **vars(held_by), **vars(evidence), **vars(concluded), **vars(colleagues))
