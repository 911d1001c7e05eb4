"""What reporters send, how fast it is looked at, and how much of it fits in."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from moderation.vocabulary.resource import Resource


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


class Stage(StrEnum):
    """What a reporter says happens to people."""

    ADVERTISING = "advertising"
    RECRUITING = "recruiting"
    MOVING = "moving"
    CONTROLLING = "controlling"
    EXPLOITING = "exploiting"
    PAYING = "paying"


class DeskLane(StrEnum):
    """Where at the desk a case waits, by what it needs next."""

    DANGER = "danger"
    MINORS = "minors"
    STANDARD = "standard"
    SLOW = "slow"
    SECOND = "second"
    THIRD = "third"
    RE_REVIEW = "re_review"
    SUSPENDED = "suspended"


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
    channel: Channel = Channel.FORM
    stages: tuple[Stage, ...] = ()
    """What is said to happen; only how urgent that is gets stored, the answer itself is sealed with the text."""
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
