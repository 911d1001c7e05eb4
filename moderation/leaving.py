"""What becomes of a person's open work when they work here no more: nothing may hang on somebody who cannot come back to it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from moderation import audit, cases
from moderation.models import Assessment, Case, Listing, Round
from moderation.states import Action
from moderation.vocabulary import Actor, Outcome


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
