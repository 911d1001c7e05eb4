"""What a reviewer may see of a case, as frozen values. Reads nothing itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from moderation.states import State
from moderation.vocabulary import Answers, Category, Finding, Lane, MessageKind, Outcome, Scope, Statement, Target


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSeen:
    """A question, its answer or an addition, still sealed. `at` is to the hour; who asked is not here."""

    reference: UUID
    kind: MessageKind
    sealed: bytes
    at: datetime
    answers: UUID | None
    is_new: bool
    place: int
    """In the order in which they came: times are to the hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSeen:
    """One report, still sealed; the desk's process opens it for showing."""

    reference: UUID
    received_at: datetime
    category: Category
    danger_now: bool
    language: str
    lane: Lane
    sealed: bytes | None
    wrapped_identity: bytes | None
    text_signature: bytes | None
    contact: bytes | None = None
    wrapped_contact_identity: bytes | None = None
    withdrawn_at: datetime | None = None
    can_be_asked: bool = False
    messages: tuple[MessageSeen, ...] = ()


class Nearness(StrEnum):
    """Why another case may belong with this one."""

    SAME_RESOURCE = "same_resource"
    SAME_HOST = "same_host"
    WITH_OR_WITHOUT_WWW = "with_or_without_www"
    SAME_DOMAIN = "same_domain"
    NAMED_HERE = "named_here"
    NAMES_THIS = "names_this"
    BOTH_NAME = "both_name"
    NEAR_TEXT = "near_text"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, and by what kind of thing where a text names one."""

    nearness: Nearness
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clues:
    """What the texts of a case's reports give away to who can open them.

    `own` is the mark of the case's resource; `named` has the kind and canonical form behind each mark; `bands` are parts of signatures.
    """

    own: bytes
    named: Mapping[bytes, tuple[str, str]]
    bands: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedCase:
    """Another case, by what it is about, where it stands, and why it may belong with this one."""

    reference: UUID
    kind: str
    canonical: str
    state: State
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One step of the ladder, with what the facts alone say against it."""

    target: Target
    findings: tuple[Finding, ...]
    also_reported: int = 0
    """Other resources that were reported and that listing this would hit too; at most `policy.RELATED_LOOKED_AT` are looked at."""
    also_rejected: int = 0
    """Of these, how many were found lawful or out of scope."""
    also_known: tuple[str, ...] = ()
    """Names on the lists that lie below it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSeen:
    """A note between moderators."""

    author: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody a case can be given to."""

    reference: UUID
    name: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentSeen:
    """What one person concluded in one seat of one round."""

    round_number: int
    seat: int
    name: str
    role: str
    outcome: Outcome
    target: Target | None
    answers: Answers
    findings: tuple[Finding, ...]
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedSeen:
    """This person's newest attempt that a safeguard refused."""

    answers: Answers
    findings: tuple[Finding, ...]
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionSeen:
    """How a round ended."""

    reference: UUID
    outcome: Outcome
    target: Target | None
    statement: Statement
    provision: str
    decided_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseListing:
    """The listing that this case began."""

    reference: UUID
    scope: Scope
    target: str
    territories: tuple[str, ...]
    starts_at: datetime
    review_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    ended_because: str | None
    released_in: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One act on the case, by role only."""

    at: datetime
    action: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressSealed:
    """How an address stands that was sealed for a hotline. `is_kept` until some days after its receipt."""

    at: datetime
    is_kept: bool
    may_be_shown: bool
    """To this person, who then stands in the record."""
    goes_at: datetime | None = None
    """When it is destroyed, where a receipt is written down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedSeen:
    """What is sealed of one resource, still sealed; the desk's process opens it for showing."""

    kind: str
    text: bytes
    wrapped_identity: bytes | None
