"""Taking something off the list in one step, now; and the second look that every such step gets."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from moderation import audit, policy
from moderation.errors import IllegalTransition, InvalidAnswer, NotAllowed, NotFound, NotIndependent
from moderation.listings import shown_target
from moderation.models import Case, EmergencyDelisting, Listing, Person
from moderation.reviewing import delisting
from moderation.reviewing.outcomes import Decided
from moderation.vocabulary import N_, REVIEWING_ROLES, Actor, EmergencyReason, Scope, too_little


@dataclass(frozen=True, slots=True, kw_only=True)
class Emergency:
    """An emergency delisting that nobody has looked at again yet."""

    listing: UUID
    case: UUID
    scope: Scope
    target: str
    reason: EmergencyReason
    note: str
    name: str
    delisted_at: datetime
    review_due_at: datetime
    is_mine: bool


def delist_now(session: Session, listing_reference: UUID, reason: EmergencyReason, note: str, *, by: Actor, at: datetime) -> Decided:
    """End a listing in one step: a reason is chosen, a note may follow. Somebody else looks at it within two working days.

    Raises:
        NotAllowed, NotFound, NotIndependent; IllegalTransition: it has ended already.
    """
    if by.role not in REVIEWING_ROLES:
        raise NotAllowed(N_("Your role does not take listings off the list."))
    case, listing = delisting.locked(session, listing_reference)
    decided = delisting.take_off(session, case, listing, note or reason, because="emergency", by=by, at=at)
    row = EmergencyDelisting(
        listing_id=listing.id,
        reason=reason,
        note=note.strip(),
        delisted_by=by.person_id,
        delisted_at=at,
        review_due_at=working_days_after(at, policy.EMERGENCY_REVIEW_WORKING_DAYS),
    )
    session.add(row)
    session.flush()
    return decided


def to_review(session: Session, *, by: Actor) -> tuple[Emergency, ...]:
    """Emergency delistings that wait for their second look, the most urgent first."""
    query = (
        select(EmergencyDelisting, Listing, shown_target().label("target"), Case.reference.label("case"), Person.name.label("name"))
        .join(Listing, Listing.id == EmergencyDelisting.listing_id)
        .join(Case, Case.id == Listing.case_id)
        .join(Person, Person.id == EmergencyDelisting.delisted_by)
        .where(EmergencyDelisting.reviewed_at.is_(None))
        .order_by(EmergencyDelisting.review_due_at, EmergencyDelisting.id)
        .limit(policy.EMERGENCIES_SHOWN)
    )
    return tuple(
        Emergency(
            listing=row.Listing.reference,
            case=row.case,
            scope=Scope(row.Listing.scope),
            target=row.target,
            reason=EmergencyReason(row.EmergencyDelisting.reason),
            note=row.EmergencyDelisting.note,
            name=row.name,
            delisted_at=row.EmergencyDelisting.delisted_at,
            review_due_at=row.EmergencyDelisting.review_due_at,
            is_mine=row.EmergencyDelisting.delisted_by == by.person_id,
        )
        for row in session.execute(query)
    )


def review(session: Session, listing_reference: UUID, was_right: bool, note: str, *, by: Actor, at: datetime) -> None:
    """Say whether an emergency delisting was right. It puts nothing back: what should be listed is proposed anew, by two people.

    Raises:
        NotAllowed, NotFound; NotIndependent: one's own; InvalidAnswer: no note; IllegalTransition: it was looked at already.
    """
    if by.role not in REVIEWING_ROLES:
        raise NotAllowed(N_("Your role does not review cases."))
    query = select(EmergencyDelisting).join(Listing, Listing.id == EmergencyDelisting.listing_id)
    found = session.scalar(query.where(Listing.reference == listing_reference).with_for_update(of=EmergencyDelisting))
    if found is None:
        raise NotFound(N_("There is no emergency delisting of this listing."))
    if found.delisted_by == by.person_id:
        raise NotIndependent(N_("You took this off the list yourself; somebody else looks at it."))
    if found.reviewed_at is not None:
        raise IllegalTransition(N_("Somebody has looked at this already; nothing more needs doing."))
    if lack := too_little(note, least=policy.NOTE_LEAST, nothing=N_("Write in a sentence what you found.")):
        raise InvalidAnswer({"review_note": lack})
    found.reviewed_at, found.reviewed_by, found.was_right, found.review_note = at, by.person_id, was_right, note.strip()
    session.flush()
    detail = {"was_right": was_right}
    audit.record(session, actor=by, action="emergency delisting reviewed", subject=f"listing:{listing_reference}", at=at, detail=detail)


def working_days_after(at: datetime, days: int) -> datetime:
    """The same time so many working days later (see `policy.WORKING_DAYS`)."""
    moment = at
    while days:
        moment += timedelta(days=1)
        days -= moment.weekday() in policy.WORKING_DAYS
    return moment
