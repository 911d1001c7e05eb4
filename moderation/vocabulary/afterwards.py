"""What happens to a case after a person looked at it: why it comes back, why it left the list at once."""

from enum import StrEnum


class ComesBack(StrEnum):
    """Why a case comes, or came, back to the queue by itself: `Case.due_for`, beside its date `Case.due_at`."""

    MONITOR = "monitor"
    EVIDENCE = "evidence"
    TAKEDOWN = "takedown"
    HOLD = "hold"
    RE_REVIEW = "re_review"
    EXPIRING = "expiring"
    CHANGED = "changed"
    DISPUTED = "disputed"
    """A network says that the listing is wrong."""


class FalsePositiveAnswer(StrEnum):
    """What became of a network's word that a listing is wrong."""

    OPEN = "open"
    KEPT = "kept"
    NARROWED = "narrowed"
    REMOVED = "removed"


class EmergencyReason(StrEnum):
    """Why something must leave the list at once."""

    WRONG_TARGET = "wrong_target"
    TOO_WIDE = "too_wide"
    SOMEONE_AT_RISK = "someone_at_risk"
    COURT_ORDER = "court_order"
    OTHER = "other"
