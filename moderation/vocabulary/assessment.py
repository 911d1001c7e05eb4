"""What one moderator concludes, before any rule has looked at it."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made_by
from datetime import timedelta
from enum import StrEnum

from moderation.vocabulary.hosts import Protection
from moderation.vocabulary.resource import Target


class Outcome(StrEnum):
    """What one assessment concludes, or how a round ended."""

    LIST = "list"
    LIST_TEMPORARY = "list_temporary"
    TAKEDOWN_ONLY = "takedown_only"
    MONITOR = "monitor"
    MORE_EVIDENCE = "more_evidence"
    REFER_POLICE = "refer_police"
    REFER_HOTLINE = "refer_hotline"
    REFER_SUPPORT = "refer_support"
    DUPLICATE = "duplicate"
    REJECT_LAWFUL = "reject_lawful"
    REJECT_SCOPE = "reject_scope"
    REJECT_ABUSE = "reject_abuse"
    NOT_LISTED = "not_listed"
    WITHDRAWN = "withdrawn"
    KEEP = "keep"
    NARROW = "narrow"
    DELIST = "delist"


REJECTIONS = (Outcome.REJECT_LAWFUL, Outcome.REJECT_SCOPE, Outcome.REJECT_ABUSE)
REFERRALS = (Outcome.REFER_POLICE, Outcome.REFER_HOTLINE, Outcome.REFER_SUPPORT)
LISTS = (Outcome.LIST, Outcome.LIST_TEMPORARY)
"""Outcomes that put something on the list: never one person's."""


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


class WeakCue(StrEnum):
    """What an item of evidence rests on, where that shows nothing by itself (NIJ study of 1,263 adverts)."""

    NONE = "none"
    YOUNG_LOOK = "young_look"
    SCREENING = "screening"
    TOURING = "touring"
    AGE_UNDER_23 = "age_under_23"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One item: the passage that shows an element, where it was seen, and whether who says it saw it themselves."""

    element: Element
    text: str
    source: EvidenceSource
    first_hand: bool = False
    cue: WeakCue = WeakCue.NONE
    """Not NONE where the item rests on such a cue alone."""


class Presence(StrEnum):
    """How a resource was found when somebody looked."""

    SAME = "same"
    CHANGED = "changed"
    REDIRECTS = "redirects"
    PARKED = "parked"
    GONE = "gone"
    NOT_LOOKED = "not_looked"


class ChildMaterial(StrEnum):
    """Whether sexual images of a child are suspected. Nobody looks to find out."""

    NO = "no"
    SUSPECTED = "suspected"


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
    conflict: Conflict | None = None
    """None where nobody said: an interest is asked for, never taken to be absent (RS21)."""
    conflict_note: str = ""
    statement: Statement = Statement()
    expires_after: timedelta | None = None
    review_after: timedelta | None = None
    note: str = ""
    """Why a case is rejected, not listed or delisted."""
    sent_none_of_the_reports: bool = False
    facilitation: str = ""
    """The passage by which it recruits, moves, controls or sells, rather than tells of it (RS03)."""
    adult_service: bool = False
    """It offers sexual services of adults (RS06)."""
    protected_as: Protection | None = None
    """What the moderator takes the site for, where it is one of those (RS07, RS22)."""
    sample_pages: int | None = None
    sample_unrelated: int | None = None
    """Pages of the target that were looked at, and how many of them had nothing to do with it (RS10)."""
    sample_is_all: bool = False
    """There are no more pages than those."""
    still_there: Presence | None = None
    """How it was found today (RS14)."""
    hacked: bool = False
    """It looks like a lawful site that somebody broke into (RS15)."""
    child_material: ChildMaterial | None = None
    """Asked where a child is concerned (RS19)."""
    shows_a_person: bool = False
    """The evidence still shows who a person is: a name, a face, a number (RS18)."""
    explained: Mapping[str, str] = made_by(default_factory=dict)
    """Written answers to findings that ask for one, by safeguard."""
    indicators: tuple[str, ...] = ()
    """Identifiers of indicators that this seat ticked. Nothing is scored by them."""
    wants_third: bool = False
    """This seat asks for a third, though no rule does."""
