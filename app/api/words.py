"""How the API says how far a report is. The public pages say the same in sentences."""

from typing import Final

from moderation import states
from moderation.states import State
from moderation.vocabulary import Outcome

RECEIVED: Final = "received"
CHECKING: Final = "checking"
DECIDED: Final = "decided"
STAGES: Final = (RECEIVED, CHECKING, DECIDED)

STAGE: Final = {
    State.WAITING: RECEIVED,
    **dict.fromkeys((State.PROPOSED, State.AWAITING_THIRD, *states.PARKED), CHECKING),
}
"""How far a case is; every other state is decided. How many people have read it is nobody's business yet."""

OUTCOMES: Final = {
    **dict.fromkeys((State.LISTED, State.RE_REVIEW), "listed"),
    State.DELISTED: "delisted",
    State.SUSPENDED: "suspended",
    State.EXPIRED: "expired",
    State.NOT_LISTED: "not_listed",
    State.REFERRED: "referred",
    State.REMOVED_AT_SOURCE: "removed_at_source",
}
REJECTED: Final = {Outcome.REJECT_LAWFUL: "lawful", Outcome.REJECT_SCOPE: "out_of_scope"}
NOT_TAKEN_UP: Final = "not_taken_up"
FOR_A_WEEK: Final = "listed_temporarily"
EVERY_OUTCOME: Final = (*dict.fromkeys(OUTCOMES.values()), FOR_A_WEEK, *REJECTED.values(), NOT_TAKEN_UP)


def outcome(state: State, decided: Outcome | None, *, is_temporary: bool) -> str:
    """How a closed or listed case ended, for its reporter."""
    if is_temporary:
        return FOR_A_WEEK
    if state is State.REJECTED and decided:
        return REJECTED.get(decided, NOT_TAKEN_UP)
    return OUTCOMES.get(state, NOT_TAKEN_UP)
