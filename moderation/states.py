"""The transition table of a case. What is absent is illegal. Pure: looks nothing up, writes nothing."""

from enum import StrEnum
from typing import Final

from moderation.errors import IllegalTransition
from moderation.vocabulary import N_


class State(StrEnum):
    """Where a case stands."""

    WAITING = "waiting"
    MONITORED = "monitored"
    """Open, out of the queue until the date to look again."""
    AWAITING_EVIDENCE = "awaiting_evidence"
    TAKEDOWN_ASKED = "takedown_asked"
    ON_HOLD = "on_hold"
    """The police asked that nothing be listed for now."""
    PROPOSED = "proposed"
    AWAITING_THIRD = "awaiting_third"
    LISTED = "listed"
    RE_REVIEW = "re_review"
    """Still listed; somebody who took no part looks again, or renews."""
    SUSPENDED = "suspended"
    """Off the list by itself until somebody looks."""
    REJECTED = "rejected"
    REFERRED = "referred"
    DUPLICATE = "duplicate"
    REMOVED_AT_SOURCE = "removed_at_source"
    NOT_LISTED = "not_listed"
    DELISTED = "delisted"
    EXPIRED = "expired"


class Action(StrEnum):
    """What can happen to a case."""

    PROPOSE = "propose"
    PASS_ON = "pass_on"  # noqa: S105 - a step, not a password
    CONFIRM = "confirm"
    DISAGREE = "disagree"
    WITHDRAW = "withdraw"
    WITHDRAW_RENEWAL = "withdraw_renewal"
    REJECT = "reject"
    MONITOR = "monitor"
    AWAIT_EVIDENCE = "await_evidence"
    HAND_ON = "hand_on"
    ASK_TAKEDOWN = "ask_takedown"
    HOLD = "hold"
    REFER = "refer"
    MERGE = "merge"
    WAKE = "wake"
    REMOVED = "removed"
    REVIEW = "review"
    KEEP = "keep"
    NARROW = "narrow"
    SUSPEND = "suspend"
    DELIST = "delist"
    EXPIRE = "expire"
    TAKE_OUT = "take_out"


PARKED: Final = frozenset({State.MONITORED, State.AWAITING_EVIDENCE, State.TAKEDOWN_ASKED, State.ON_HOLD})
"""States of an open case that nobody works on until its date, or until something new wakes it."""

LIVING: Final = frozenset({State.LISTED, State.RE_REVIEW, State.PROPOSED, State.AWAITING_THIRD})
"""States in which a case may have a living listing; in the last two while a renewal is proposed."""

SEATS: Final = {State.WAITING: 1, State.RE_REVIEW: 1, State.SUSPENDED: 1, State.PROPOSED: 2, State.AWAITING_THIRD: 3}
"""Which seat of the round a case in this state waits for."""

CAME_BACK: Final = frozenset({State.RE_REVIEW, State.SUSPENDED})
"""States in which a case waits for a person again after it was listed."""

REVIEWABLE: Final = frozenset(SEATS)
"""States in which a case waits for a person: the queue."""

OPEN: Final = REVIEWABLE | PARKED | {State.LISTED}
"""States in which a new report on the same resource joins the case instead of opening another."""

TRANSITIONS: Final = {
    (State.WAITING, Action.PROPOSE): State.PROPOSED,
    (State.WAITING, Action.REJECT): State.REJECTED,
    (State.WAITING, Action.TAKE_OUT): State.REJECTED,
    (State.PROPOSED, Action.TAKE_OUT): State.REJECTED,
    (State.AWAITING_THIRD, Action.TAKE_OUT): State.REJECTED,
    (State.WAITING, Action.MONITOR): State.MONITORED,
    (State.WAITING, Action.AWAIT_EVIDENCE): State.AWAITING_EVIDENCE,
    (State.WAITING, Action.HAND_ON): State.WAITING,
    (State.WAITING, Action.ASK_TAKEDOWN): State.TAKEDOWN_ASKED,
    (State.WAITING, Action.HOLD): State.ON_HOLD,
    (State.WAITING, Action.REFER): State.REFERRED,
    # From the list, or from a later seat, only to a hotline, where sexual images of a child are suspected.
    **{(living, Action.REFER): State.REFERRED for living in (*sorted(LIVING), State.SUSPENDED)},
    (State.WAITING, Action.MERGE): State.DUPLICATE,
    **{(parked, Action.WAKE): State.WAITING for parked in sorted(PARKED)},
    **{(parked, Action.TAKE_OUT): State.REJECTED for parked in sorted(PARKED)},
    **{(asked, Action.REMOVED): State.REMOVED_AT_SOURCE for asked in (State.TAKEDOWN_ASKED, State.WAITING)},
    (State.PROPOSED, Action.CONFIRM): State.LISTED,
    (State.PROPOSED, Action.PASS_ON): State.AWAITING_THIRD,
    (State.PROPOSED, Action.DISAGREE): State.NOT_LISTED,
    (State.PROPOSED, Action.WITHDRAW): State.WAITING,
    (State.PROPOSED, Action.WITHDRAW_RENEWAL): State.RE_REVIEW,
    (State.AWAITING_THIRD, Action.CONFIRM): State.LISTED,
    (State.AWAITING_THIRD, Action.DISAGREE): State.NOT_LISTED,
    (State.AWAITING_THIRD, Action.WITHDRAW): State.WAITING,
    (State.AWAITING_THIRD, Action.WITHDRAW_RENEWAL): State.RE_REVIEW,
    (State.LISTED, Action.REVIEW): State.RE_REVIEW,
    (State.RE_REVIEW, Action.PROPOSE): State.PROPOSED,
    (State.RE_REVIEW, Action.KEEP): State.LISTED,
    (State.SUSPENDED, Action.PROPOSE): State.PROPOSED,
    **{(living, Action.NARROW): State.LISTED for living in (State.LISTED, State.RE_REVIEW)},
    **{(living, Action.SUSPEND): State.SUSPENDED for living in (State.LISTED, State.RE_REVIEW)},
    **{(living, Action.DELIST): State.DELISTED for living in (*sorted(LIVING), State.SUSPENDED)},
    **{(living, Action.EXPIRE): State.EXPIRED for living in (State.LISTED, State.RE_REVIEW)},
}


def after(state: State, action: Action) -> State:
    """The state that follows.

    Raises:
        IllegalTransition: the table has no such step.
    """
    try:
        return TRANSITIONS[state, action]
    except KeyError:
        raise IllegalTransition(N_("This step is not possible any more: the case has moved on. Look at it again.")) from None
