"""The lanes of the desk: which there are, who takes from which, and which each person chose. Claims nothing."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from moderation import audit
from moderation.errors import InvalidAnswer, NotAllowed
from moderation.models import Person
from moderation.states import State
from moderation.vocabulary import N_, REVIEWING_ROLES, Actor, Category, DeskLane, Role

BY_STATE: Final = {
    State.WAITING: (DeskLane.DANGER, DeskLane.MINORS, DeskLane.STANDARD, DeskLane.SLOW),
    State.PROPOSED: (DeskLane.SECOND,),
    State.AWAITING_THIRD: (DeskLane.THIRD,),
    State.RE_REVIEW: (DeskLane.RE_REVIEW,),
    State.SUSPENDED: (DeskLane.SUSPENDED,),
}
"""The lanes that the cases of a state stand in. Which of them a case stands in, the column `case.desk_lane` says."""

OF_CHILDREN: Final = DeskLane.MINORS
WITHOUT_CHILDREN: Final = frozenset({DeskLane.STANDARD, DeskLane.SLOW})
"""Whoever looks for a category need not look through a lane that never holds it: with a long queue that took a second."""

FOR_SENIORS: Final = frozenset({DeskLane.THIRD})


def may_hold(lane: DeskLane, category: str) -> bool:
    """Whether cases of this category may stand in a lane."""
    return lane not in WITHOUT_CHILDREN if category == Category.CHILD else lane != OF_CHILDREN


def may_take(lane: DeskLane, *, by: Actor) -> bool:
    """Whether this role takes cases from this lane."""
    return by.role in REVIEWING_ROLES and (lane not in FOR_SENIORS or by.role is Role.SENIOR)


def open_to(by: Actor) -> tuple[DeskLane, ...]:
    """The lanes that this role takes cases from."""
    return tuple(lane for lane in DeskLane if may_take(lane, by=by))


def chosen(session: Session, *, by: Actor) -> tuple[DeskLane, ...]:
    """The lanes that this person draws the next case from: those they chose, or all they may take."""
    kept = session.scalar(select(Person.lanes).where(Person.id == by.person_id))
    return tuple(lane for lane in open_to(by) if kept is None or lane in kept)


def choose(session: Session, lanes: Iterable[DeskLane], *, by: Actor, at: datetime) -> None:
    """Keep which lanes this person draws from; all of them is no choice, so that a new lane is among them.

    Raises:
        NotAllowed: the role reviews nothing. InvalidAnswer: no lane at all, or one that the role takes nothing from.
    """
    wanted, allowed = set(lanes), open_to(by)
    if not allowed:
        raise NotAllowed(N_("Your role does not review cases."))
    if not wanted or not wanted <= set(allowed):
        raise InvalidAnswer({"lanes": N_("Choose at least one of the lanes shown.")})
    person = session.get_one(Person, by.person_id, with_for_update=True)
    person.lanes = None if wanted == set(allowed) else _in_order(wanted)
    session.flush()
    audit.record(session, actor=by, action="lanes chosen", subject=f"person:{by.person_id}", at=at, detail={"lanes": _in_order(wanted)})


def _in_order(wanted: Iterable[DeskLane]) -> list[str]:
    return [str(lane) for lane in DeskLane if lane in wanted]


def rank(lane: DeskLane) -> int:
    """Of cases with the same points, those of the lower rank come first."""
    return tuple(DeskLane).index(lane)


def of(state: State, *, by: Actor, among: Sequence[DeskLane]) -> tuple[DeskLane, ...]:
    """The lanes of a state that this role may take from, as far as they are among those wanted."""
    return tuple(lane for lane in BY_STATE.get(state, ()) if lane in among and may_take(lane, by=by))
