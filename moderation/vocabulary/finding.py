"""What a safeguard may look at, and what it says."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made_by
from datetime import datetime
from enum import StrEnum
from typing import Any

from moderation.vocabulary.assessment import Answers, Presence
from moderation.vocabulary.hosts import KnownHost, LookAlike
from moderation.vocabulary.people import Actor
from moderation.vocabulary.reports import Category
from moderation.vocabulary.resource import Resource, Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A message to the host, registrar or owner. `sent_at` is when it went; `recorded_at` when we wrote it down."""

    recipient: str
    sent_at: datetime
    recorded_at: datetime
    proof: str
    recorded_by: int | None = None


class ReferralKind(StrEnum):
    """To whom a case was referred."""

    POLICE = "police"
    HOTLINE = "hotline"
    SUPPORT = "support"


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """The case was referred. While it `holds`, a listing would spoil an investigation."""

    kind: ReferralKind
    made_at: datetime
    holds: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """How somebody found the resource at a time."""

    presence: Presence
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalDatum:
    """A number or address of a person in what would be kept: in which field, and of which kind of resource. Never its value."""

    field: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """Everything a safeguard may look at. Frozen, so a check can only read.

    `known_hosts`: lines for the target's host, for each parent name up to the registrable domain, and for the domain itself;
    for a domain target also those *below* it (`known_below`). `at` is when the check runs (UTC).
    """

    resource: Resource
    answers: Answers
    seat: int
    actor: Actor
    at: datetime
    known_hosts: tuple[KnownHost, ...] = ()
    known_below: tuple[KnownHost, ...] = ()
    notices: tuple[Notice, ...] = ()
    report_count: int = 0
    is_public_suffix: bool = False
    look_alikes: tuple[LookAlike, ...] = ()
    """Names on the lists that the resource's host imitates with letters that look like theirs."""
    lists_are_loaded: bool = True
    """False where the table of known hosts is empty: then "no list names it" would mean nothing."""
    category: Category = Category.UNSURE
    danger_now: bool = False
    """A reporter ticked that somebody may be in danger now."""
    opened_at: datetime | None = None
    danger_told_at: datetime | None = None
    """When the first report came that says somebody may be in danger; to the hour."""
    """To the hour: the time of the first report."""
    referrals: tuple[Referral, ...] = ()
    """Newest first."""
    observations: tuple[Observed, ...] = ()
    """Newest first."""
    personal_data: tuple[PersonalDatum, ...] = ()
    listed_in_a_day: int = 0
    """Listings that began in the 24 hours before `at`, this one not counted."""
    list_size: int = 0
    """Living listings a day ago; counted only where `listed_in_a_day` comes near the bound."""
    growth_allowed: bool = False
    """Two people have allowed more growth than the bound for now, and the delay has passed."""

    @property
    def target(self) -> Target | None:
        """The target under discussion, None where the answers name none."""
        return self.answers.target


class Effect(StrEnum):
    """What a finding does, weakest first."""

    PASS = "pass"  # noqa: S105 - an effect, not a password
    WARN = "warn"
    THIRD = "third"
    BLOCK = "block"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one safeguard says. `reason` and `way_forward` are N_-marked sentences with %(name)s places filled from `values`."""

    safeguard: str
    effect: Effect
    reason: str
    way_forward: str = ""
    field: str = ""
    values: Mapping[str, Any] = made_by(default_factory=dict)
    more: tuple["Finding", ...] = ()
    """What the same check finds at other fields. `safeguards.run` lays them side by side, so none is left where findings are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """The seat was taken: its assessment is stored and the case went on."""

    assessment_id: int
    findings: tuple[Finding, ...]
    needs_third: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A safeguard refused. Stored with its findings, and nothing the person wrote is lost."""

    refusal_id: int
    findings: tuple[Finding, ...]

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """The findings that refuse."""
        return tuple(finding for finding in self.findings if finding.effect is Effect.BLOCK)
