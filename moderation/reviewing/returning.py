"""Cases that come back by themselves: put-aside ones at their date or with news, listed ones to be looked at again. Lists nothing."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from moderation import cases, listings, policy, states
from moderation.errors import NotAllowed
from moderation.models import Case, CaseReport, Listing
from moderation.states import Action, State
from moderation.vocabulary import N_, REVIEWING_ROLES, SYSTEM, Actor, ComesBack

AT_ONCE = 500
"""Cases moved in one transaction; the next minute takes the rest."""


def wake(session: Session, reference: UUID, *, by: Actor, at: datetime) -> None:
    """Take a case that was put aside back to the queue before its date.

    Raises:
        NotAllowed, NotFound; IllegalTransition: it was not put aside, or came back already.
    """
    if by.role not in REVIEWING_ROLES:
        raise NotAllowed(N_("Your role does not review cases."))
    _wake(session, cases.fetch(session, reference, lock=True), by=by, at=at)


def forget_hold(session: Session, case: Case, *, by: Actor, at: datetime) -> None:
    """Its last hold was lifted: a case that waited for it comes back to the queue, and waits for no date any more."""
    if case.state == State.ON_HOLD:
        cases.advance(session, case, Action.WAKE, by=by, at=at)
    else:
        case.due_for = case.due_at = None
        session.flush()


def bring_back(session: Session, *, at: datetime) -> int:
    """Move every case whose date came, or that somebody wrote about; returns how many. Runs each minute, and twice does no harm."""
    return _wake_parked(session, at=at) + _review_listed(session, at=at) + _end_overdue(session, at=at)


def due_of(listing: Listing, at: datetime) -> tuple[ComesBack, datetime]:
    """For what a living listing waits in the queue, and until when somebody must have looked."""
    if not listing.temporary and listing.expires_at - policy.EXPIRING_BEFORE <= at:
        return ComesBack.EXPIRING, listing.expires_at
    return ComesBack.RE_REVIEW, min(listing.review_at + policy.REVIEW_OVERDUE, listing.expires_at)


def _wake(session: Session, case: Case, *, by: Actor, at: datetime) -> None:
    # What it came back for stays with it, so that whoever takes it knows.
    due = (ComesBack(case.due_for), case.due_at) if case.due_for and case.due_at else None
    cases.advance(session, case, Action.WAKE, by=by, at=at, due=due)


def _wake_parked(session: Session, *, at: datetime) -> int:
    news = exists().where(CaseReport.case_id == Case.id, CaseReport.report_id > Case.newest_report_then)
    # A hold is not ended by what the public writes.
    told = and_(Case.state != State.ON_HOLD, or_(Case.unread, news))
    waits = select(Case).where(Case.state.in_(states.PARKED), Case.closed_at.is_(None), or_(Case.due_at <= at, told))
    found = session.scalars(waits.order_by(Case.id).limit(AT_ONCE).with_for_update(skip_locked=True, of=Case)).all()
    for case in found:
        _wake(session, case, by=SYSTEM, at=at)
    return len(found)


def _review_listed(session: Session, *, at: datetime) -> int:
    expiring = and_(~Listing.temporary, Listing.expires_at <= at + policy.EXPIRING_BEFORE)
    fresh = and_(Case.state == State.LISTED, or_(Listing.review_at <= at, expiring))
    # One that waits for its re-review when its end comes near waits for its renewal from then on.
    turned = and_(
        Case.state == State.RE_REVIEW, Case.due_for.not_in((ComesBack.EXPIRING, ComesBack.DISPUTED)), Case.holder_id.is_(None), expiring
    )
    due = select(Listing, Case).join(Case, Case.id == Listing.case_id).where(Listing.ended_at.is_(None), or_(fresh, turned))
    rows = session.execute(due.order_by(Case.id).limit(AT_ONCE).with_for_update(skip_locked=True, of=Case)).all()
    for row in rows:
        if row.Case.state == State.LISTED:
            cases.advance(session, row.Case, Action.REVIEW, by=SYSTEM, at=at, due=due_of(row.Listing, at))
        else:
            row.Case.due_for, row.Case.due_at = due_of(row.Listing, at)
    session.flush()
    return len(rows)


def _end_overdue(session: Session, *, at: datetime) -> int:
    """Take off the list what nobody looked at again for too long. A case that somebody holds is being looked at, but not for ever.

    Where a renewal is proposed, the listing alone ends: the seats go on.
    """
    late = Listing.review_at <= at - policy.REVIEW_OVERDUE
    held_long = Listing.review_at <= at - policy.REVIEW_OVERDUE - policy.REVIEW_HELD
    left = or_(Case.holder_id.is_(None), Case.lease_until <= at, held_long)
    waits = and_(Case.state == State.RE_REVIEW, Case.due_for.in_((ComesBack.RE_REVIEW, ComesBack.DISPUTED)), left)
    proposed = and_(Case.state.in_((State.PROPOSED, State.AWAITING_THIRD)), held_long)
    due = select(Listing, Case).join(Case, Case.id == Listing.case_id).where(Listing.ended_at.is_(None), late, or_(waits, proposed))
    rows = session.execute(due.order_by(Case.id).limit(AT_ONCE).with_for_update(skip_locked=True, of=Case)).all()
    for row in rows:
        listings.end(session, row.Listing, because="not looked at in time", by=SYSTEM, at=at)
        if row.Case.state == State.RE_REVIEW:
            cases.advance(session, row.Case, Action.SUSPEND, by=SYSTEM, at=at, due=(ComesBack.RE_REVIEW, at))
    return len(rows)
