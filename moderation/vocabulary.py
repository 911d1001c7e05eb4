"""Frozen values that cross walls. No behaviour beyond comparing and describing themselves; no imports from the rest of the house."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made_by
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID


def N_(text: str) -> str:  # noqa: N802 - the name translators' tools look for
    """Mark a sentence for translation where it is written; app/ translates it where it is shown."""
    return text


class Role(StrEnum):
    """What a person may do; each role stands alone, none contains another."""

    VOLUNTEER = "volunteer"
    MODERATOR = "moderator"
    SENIOR = "senior"
    AUDITOR = "auditor"
    ADMIN = "admin"


REVIEWING_ROLES = frozenset({Role.MODERATOR, Role.SENIOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts: a person with a role, or the system (person_id None)."""

    person_id: int | None
    role: Role | None
    name: str

    @property
    def label(self) -> str:
        """Role pseudonym for the audit record: never a name or address."""
        return "system" if self.person_id is None else f"{self.role}:{self.person_id}"


SYSTEM = Actor(person_id=None, role=None, name="system")
PUBLIC = Actor(person_id=None, role=None, name="public")


class Scope(StrEnum):
    """How much a listing covers, narrowest first."""

    PAGE = "page"
    PATH = "path"
    HOST = "host"
    DOMAIN = "domain"

    @property
    def width(self) -> int:
        """0 for a page up to 3 for a registrable domain."""
        return tuple(Scope).index(self)

    @property
    def is_wide(self) -> bool:
        """A whole name: what DNS can block, and what needs a third, senior seat."""
        return self in (Scope.HOST, Scope.DOMAIN)


@dataclass(frozen=True, slots=True)
class Target:
    """What a listing covers. `text` is a canonical address (page), an address prefix ending in `/` (path) or a name (host, domain)."""

    scope: Scope
    text: str

    def __str__(self) -> str:
        return f"{self.scope}: {self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """What was flagged, in canonical form.

    `ladder` holds every target this resource can be listed at, narrowest first; a listing outside it is impossible.
    `stripped` names what was taken off (never its value).
    """

    kind: str
    canonical: str
    host: str | None = None
    domain: str | None = None
    ladder: tuple[Target, ...] = ()
    stripped: tuple[str, ...] = ()

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """The scopes of the ladder, narrowest first, each once."""
        return tuple(dict.fromkeys(target.scope for target in self.ladder))


class Category(StrEnum):
    """The five answers to "what did you see?"."""

    SEXUAL = "sexual"
    LABOUR = "labour"
    CHILD = "child"
    MOVED = "moved"
    UNSURE = "unsure"


class Lane(StrEnum):
    """How fast a report is looked at; never whether."""

    STANDARD = "standard"
    SLOW = "slow"


class Channel(StrEnum):
    """Which way a report came: each has a budget of its own, so that a flood through one slows no other."""

    FORM = "form"
    PLAIN_FORM = "plain_form"
    ONION = "onion"
    API = "api"
    PARTNER = "partner"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class Budget:
    """How many of something fit in each window of time. Windows begin with the clock's hour, and a whole number of them makes one."""

    limit: int
    per: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimit:
    """What may be asked at one door: by `each` client, and by all `together`."""

    name: str
    each: Budget
    together: Budget


class MessageKind(StrEnum):
    """What a message between the desk and a reporter is."""

    QUESTION = "question"
    ANSWER = "answer"
    ADDITION = "addition"


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


class HostClass(StrEnum):
    """What is known of a host before anyone looks at it."""

    POPULAR_10K = "popular_10k"
    POPULAR_1M = "popular_1m"
    BANK = "bank"
    UNIVERSITY = "university"
    INFRASTRUCTURE = "infrastructure"
    NEVER = "never"
    PROTECTED = "protected"
    PLATFORM = "platform"
    DYNAMIC_DNS = "dynamic_dns"
    SHORTENER = "shortener"
    LINK_IN_BIO = "link_in_bio"
    HOSTING = "hosting"
    PARKING = "parking"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownHost:
    """One line of a public or curated list. `rank` is the place in a top list, 1 the most popular."""

    host: str
    host_class: HostClass
    source: str
    rank: int | None = None


class Manner(StrEnum):
    """How the letters of a name imitate those of another."""

    MIXED_SCRIPT = "mixed_script"
    WHOLE_SCRIPT = "whole_script"
    SAME_SCRIPT = "same_script"


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAlike:
    """A name on the lists that looks the same to a reader and is another. A fact, not a verdict: words of two languages can look alike."""

    host: str
    manner: Manner
    host_class: HostClass


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A message to the host, registrar or owner. `sent_at` is when it went; `recorded_at` when we wrote it down."""

    recipient: str
    sent_at: datetime
    recorded_at: datetime
    proof: str


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One report as the reporter's form gives it, with nothing in clear but what must be: app/ seals the rest first.

    `resources` are parsed; `sealed` is the ciphertext of everything typed; `wrapped_identity` opens it for the desk's key alone;
    `receipt_digest` is SHA-256 of the receipt's secret. The two recipients are public keys: what is said of the report later is sealed
    to the report's own, and questions also to the one that belongs to the receipt. `desk_key` names the desk's key.
    """

    resources: tuple[Resource, ...]
    category: Category
    danger_now: bool
    language: str
    lane: Lane
    sealed: bytes
    wrapped_identity: bytes
    receipt_digest: bytes
    reference: UUID
    partner_id: int | None = None
    """The partner who sent it, where one did."""
    marks: tuple[bytes, ...] = ()
    """Keyed digests of what the text names and of parts of its signature; they tell nothing without the key."""
    text_signature: bytes | None = None
    """MinHash of the text, keyed; None for a text too short to compare."""
    recipient: str | None = None
    receipt_recipient: str | None = None
    contact: bytes | None = None
    """Ciphertext of a way to reach the reporter, under a key of its own, since it is kept for another time than the text."""
    wrapped_contact_identity: bytes | None = None
    desk_key: str | None = None


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


@dataclass(frozen=True, slots=True)
class Due:
    """A job that must run if, and only if, the present transaction commits."""

    kind: str
    ref: str = ""
