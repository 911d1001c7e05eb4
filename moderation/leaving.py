"""What becomes of a person's open work when they work here no more: nothing may hang on somebody who cannot come back to it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from moderation import audit, cases
from moderation.models import Assessment, Case, Listing, Person, Round
from moderation.states import Action
from moderation.vocabulary import SYSTEM, Actor, Outcome


def let_go(session: Session, person_id: int, *, by: Actor, at: datetime) -> None:
    """Hand back what the person holds, and withdraw each open round that they sit in: the case waits again, for others.

    A seat of somebody whose account was closed must not carry a listing, and nobody could ask them about it. Whoever sat beside them
    has read them, and takes no seat again, as after any withdrawal.
    """
    sits = select(Round.case_id).join(Assessment, Assessment.round_id == Round.id)
    open_seats = sits.where(Assessment.moderator_id == person_id, Round.closed_at.is_(None))
    # In the order of their keys, as everyone locks cases who locks several.
    theirs = select(Case).where((Case.holder_id == person_id) | Case.id.in_(open_seats)).order_by(Case.id)
    with_resource = theirs.options(joinedload(Case.resource, innerjoin=True)).with_for_update(of=Case)
    for case in session.scalars(with_resource, execution_options={"populate_existing": True}).all():
        if case.holder_id == person_id:
            case.holder_id = case.lease_until = None
            session.flush()
            audit.record(session, actor=by, action="case let go", subject=f"case:{case.reference}", at=at)
        _withdraw(session, case, person_id, by=by, at=at)


def let_left_go(session: Session, *, at: datetime) -> int:
    """Let go whatever still hangs on one closed account, however that came; returns 0 where nothing does. Call again until then."""
    seats = select(Assessment.moderator_id).join(Round, Round.id == Assessment.round_id).where(Round.closed_at.is_(None))
    held = select(Case.holder_id).where(Case.holder_id.is_not(None))
    left = select(Person.id).where(Person.disabled_at.is_not(None), Person.id.in_(seats) | Person.id.in_(held))
    # One at a time: the cases of two people are not in one order.
    person_id = session.scalar(left.order_by(Person.id).limit(1).with_for_update(key_share=True, skip_locked=True))
    if person_id is None:
        return 0
    let_go(session, person_id, by=SYSTEM, at=at)
    return 1


def somebody_left(session: Session, case: Case) -> bool:
    """Whether somebody who sits in the case's open round works here no more."""
    seats = select(Assessment.id).join(Round, Round.id == Assessment.round_id).join(Person, Person.id == Assessment.moderator_id)
    query = seats.where(Round.case_id == case.id, Round.closed_at.is_(None), Person.disabled_at.is_not(None)).limit(1)
    return session.scalar(query) is not None


def _withdraw(session: Session, case: Case, person_id: int, *, by: Actor, at: datetime) -> None:
    seated = select(Assessment.id).where(Assessment.round_id == Round.id, Assessment.moderator_id == person_id)
    query = select(Round).where(Round.case_id == case.id, Round.closed_at.is_(None), seated.exists())
    round_ = session.scalar(query)
    if round_ is None:
        return
    round_.closed_at, round_.outcome = at, Outcome.WITHDRAWN
    session.flush()
    listed = session.scalar(select(Listing.id).where(Listing.case_id == case.id, Listing.ended_at.is_(None)).limit(1))
    action = Action.WITHDRAW if listed is None else Action.WITHDRAW_RENEWAL
    cases.advance(session, case, action, by=by, at=at, detail={"round": round_.number, "because": "account closed"})
