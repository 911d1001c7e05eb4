"""The transition table of a case. What is absent is illegal. Pure: looks nothing up, writes nothing."""

from enum import StrEnum
from typing import Final

from moderation.errors import IllegalTransition
from moderation.vocabulary import N_


class State(StrEnum):
    """Where a case stands."""

    WAITING = "waiting"
    PROPOSED = "proposed"
    AWAITING_THIRD = "awaiting_third"
    LISTED = "listed"
    REJECTED = "rejected"
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
    REJECT = "reject"
    DELIST = "delist"
    EXPIRE = "expire"
    TAKE_OUT = "take_out"


TRANSITIONS: Final = {
    (State.WAITING, Action.PROPOSE): State.PROPOSED,
    (State.WAITING, Action.REJECT): State.REJECTED,
    (State.WAITING, Action.TAKE_OUT): State.REJECTED,
    (State.PROPOSED, Action.TAKE_OUT): State.REJECTED,
    (State.AWAITING_THIRD, Action.TAKE_OUT): State.REJECTED,
    (State.PROPOSED, Action.CONFIRM): State.LISTED,
    (State.PROPOSED, Action.PASS_ON): State.AWAITING_THIRD,
    (State.PROPOSED, Action.DISAGREE): State.NOT_LISTED,
    (State.PROPOSED, Action.WITHDRAW): State.WAITING,
    (State.AWAITING_THIRD, Action.CONFIRM): State.LISTED,
    (State.AWAITING_THIRD, Action.DISAGREE): State.NOT_LISTED,
    (State.AWAITING_THIRD, Action.WITHDRAW): State.WAITING,
    (State.LISTED, Action.DELIST): State.DELISTED,
    (State.LISTED, Action.EXPIRE): State.EXPIRED,
}

OPEN: Final = frozenset({State.WAITING, State.PROPOSED, State.AWAITING_THIRD, State.LISTED})
"""States in which a new report on the same resource joins the case instead of opening another."""

REVIEWABLE: Final = frozenset({State.WAITING, State.PROPOSED, State.AWAITING_THIRD})
"""States in which a case waits for a person: the queue."""

SEATS: Final = {State.WAITING: 1, State.PROPOSED: 2, State.AWAITING_THIRD: 3}
"""Which seat of the round a case in this state waits for."""


def after(state: State, action: Action) -> State:
    """The state that follows.

    Raises:
        IllegalTransition: the table has no such step.
    """
    try:
        return TRANSITIONS[state, action]
    except KeyError:
        raise IllegalTransition(N_("This step is not possible any more: the case has moved on. Look at it again.")) from None
