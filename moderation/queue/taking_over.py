"""A senior takes a case from the person who holds it: away, ill, or too slow for what cannot wait. Says so to that person."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from moderation import audit, cases, holding, independence, policy
from moderation.errors import IllegalTransition, NotAllowed
from moderation.models import Case, Person, Takeover
from moderation.vocabulary import N_, Actor, Role, TakeoverReason


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOver:
    """A case that somebody took from its holder."""

    case: UUID
    by: str
    because: TakeoverReason
    at: datetime


def take_over(session: Session, reference: UUID, because: TakeoverReason, *, by: Actor, at: datetime) -> None:
    """Take a case from who holds it at this moment, by the same rules of independence as any claim.

    Where a round is open it is only set free, for others: nobody chooses who judges a proposal by taking the judge's place.

    Raises:
        NotAllowed: not a senior. HoldsTooMany, NotIndependent, NotFound; IllegalTransition: nobody else holds it.
    """
    if by.role is not Role.SENIOR:
        raise NotAllowed(N_("Only a senior can take over a case that a colleague holds."))
    holding.lock_person(session, by.person_id)
    case = cases.fetch(session, reference, lock=True)
    independence.require_seat(session, case, by=by)
    if case.holder_id in (None, by.person_id) or independence.lease_has_ended(case, at):
        raise IllegalTransition(N_("No colleague holds this case now. Claim it like any other."))
    is_proposed = independence.seat_of(case) > 1
    if not is_proposed:
        holding.require_room(session, by.person_id)
    holder_id = case.holder_id
    holder = session.scalars(select(Person).where(Person.id == holder_id)).one()
    session.add(Takeover(case_id=case.id, from_id=holder.id, by_id=by.person_id, because=because, at=at))
    if is_proposed:
        case.holder_id = case.lease_until = None
        session.flush()
    else:
        holding.hold(session, case, by.person_id, at=at)
    detail = {"from": f"{holder.role}:{holder.id}", "because": because}
    audit.record(session, actor=by, action="case taken from its holder", subject=f"case:{case.reference}", at=at, detail=detail)


def taken_from(session: Session, *, by: Actor, at: datetime) -> tuple[TakenOver, ...]:
    """What was taken from this person of late, newest first, for them to see, until they close the note of it."""
    query = (
        select(Case.reference, Person.name, Takeover.because, Takeover.at)
        .join(Case, Case.id == Takeover.case_id)
        .join(Person, Person.id == Takeover.by_id)
        .where(Takeover.from_id == by.person_id, Takeover.read_at.is_(None), Takeover.at > at - policy.TAKEOVER_TOLD)
    )
    rows = session.execute(query.order_by(Takeover.at.desc(), Takeover.id.desc()).limit(policy.TAKEOVERS_SHOWN))
    return tuple(TakenOver(case=row.reference, by=row.name, because=TakeoverReason(row.because), at=row.at) for row in rows)


def close_note(session: Session, reference: UUID, *, by: Actor, at: datetime) -> None:
    """Show this person no more that the case was taken from them. The record keeps that it was, and a later takeover is told anew."""
    this_one = select(Case.id).where(Case.reference == reference).scalar_subquery()
    mine = Takeover.case_id == this_one, Takeover.from_id == by.person_id, Takeover.read_at.is_(None)
    session.execute(update(Takeover).where(*mine).values(read_at=at))
