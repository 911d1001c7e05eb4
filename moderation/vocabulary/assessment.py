"""What one moderator concludes, before any rule has looked at it."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made_by
from datetime import timedelta
from enum import StrEnum

from moderation.vocabulary.resource import Target


class Outcome(StrEnum):
    """What one assessment concludes, or how a round ended."""

    LIST = "list"
    REJECT_LAWFUL = "reject_lawful"
    REJECT_SCOPE = "reject_scope"
    REJECT_ABUSE = "reject_abuse"
    NOT_LISTED = "not_listed"
    WITHDRAWN = "withdrawn"
    DELIST = "delist"
    EXPIRED = "expired"


REJECTIONS = (Outcome.REJECT_LAWFUL, Outcome.REJECT_SCOPE, Outcome.REJECT_ABUSE)


class Element(StrEnum):
    """The elements of trafficking in article 3 of the Palermo Protocol."""

    ACT = "act"
    MEANS = "means"
    PURPOSE = "purpose"


class EvidenceSource(StrEnum):
    """Where an item of evidence was seen."""

    PAGE = "page"
    REPORT = "report"
    OTHER_REPORT = "other_report"
    PUBLIC_RECORD = "public_record"
    PARTNER = "partner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One item: the passage that shows an element, where it was seen, and whether who says it saw it themselves."""

    element: Element
    text: str
    source: EvidenceSource
    first_hand: bool = False


class Conflict(StrEnum):
    """What a seat declares about itself or about where the flag came from."""

    NONE = "none"
    MINE = "mine"
    GOVERNMENT = "government"
    COMPETITOR = "competitor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Statement of reasons (DSA article 17). No personal data."""

    facts: str = ""
    legal_ground: str = ""
    explanation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What one moderator wrote in one seat, before any rule has looked at it."""

    target: Target | None = None
    territories: tuple[str, ...] = ()
    provision: str = ""
    under_18: bool = False
    evidence: tuple[Evidence, ...] = ()
    narrower_tried: Mapping[str, str] = made_by(default_factory=dict)
    lifeline: str = ""
    conflict: Conflict = Conflict.NONE
    conflict_note: str = ""
    statement: Statement = Statement()
    expires_after: timedelta | None = None
    review_after: timedelta | None = None
    note: str = ""
    """Why a case is rejected, not listed or delisted."""
    sent_none_of_the_reports: bool = False
