"""Taking a listing off: one person, one step. And the list of what is listed, for the desk."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from moderation import cases, facts, independence, policy
from moderation import listings as listing_room
from moderation.errors import IllegalTransition, InvalidAnswer, NotAllowed, NotFound
from moderation.models import Case, HeldEntry, Listing
from moderation.reviewing import outcomes, suspecting
from moderation.reviewing.outcomes import Decided
from moderation.states import Action, State
from moderation.vocabulary import N_, REVIEWING_ROLES, Actor, Answers, Outcome, Scope, Window, too_little


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingRow:
    """One living listing."""

    reference: UUID
    case: UUID
    scope: Scope
    target: str
    category: str
    territories: tuple[str, ...]
    starts_at: datetime
    review_at: datetime
    expires_at: datetime
    released_in: int | None
    is_held: bool
    temporary: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingPage:
    """One page of what is listed, newest first."""

    rows: tuple[ListingRow, ...]
    page: int
    has_next: bool


def delist(session: Session, listing_reference: UUID, because: str, *, by: Actor, at: datetime) -> Decided:
    """End a listing now; the next release carries the removal.

    Raises:
        NotAllowed, NotFound, NotIndependent; InvalidAnswer: no reason; IllegalTransition: it has ended already, or is for a hotline.
    """
    if by.role not in REVIEWING_ROLES:
        raise NotAllowed(N_("Your role does not take listings off the list."))
    nothing = N_("Write a sentence that says why it comes off the list; the owner may read it.")
    if lack := too_little(because, least=policy.NOTE_LEAST, nothing=nothing):
        raise InvalidAnswer({"because": lack})
    case, listing = locked(session, listing_reference)
    suspecting.require_nothing(session, case, by=by)
    if named := facts.people_named({"because": because}, case):
        raise InvalidAnswer(named)
    return take_off(session, case, listing, because, because="delisted", by=by, at=at)


def take_off(session: Session, case: Case, listing: Listing | None, note: str, *, because: str, by: Actor, at: datetime) -> Decided:
    """Close a case whose listing ends with it, or was suspended before. The caller has locked both.

    Raises:
        NotIndependent: one of the case's reports came from this person's account.
    """
    independence.require_no_report(session, case, by=by)
    independence.require_not_aside(session, case, by=by)
    if case.state in (State.PROPOSED, State.AWAITING_THIRD):
        # A renewal was proposed: nothing is left to renew.
        outcomes.close_round(session, outcomes.the_open_round(session, case), Outcome.WITHDRAWN, at=at)
    round_ = outcomes.open_round(session, case, at=at)
    answers = Answers(note=note.strip())
    outcomes.take_seat(session, round_, 1, Outcome.DELIST, answers=answers, findings=(), by=by, at=at)
    if listing is not None:
        listing_room.end(session, listing, because=because, by=by, at=at)
    cases.advance(session, case, Action.DELIST, by=by, at=at, detail={"round": round_.number})
    return outcomes.decide(session, case, round_, Outcome.DELIST, by=by, at=at)


def locked(session: Session, listing_reference: UUID) -> tuple[Case, Listing]:
    """A living listing and its case, both held until the transaction ends.

    Raises:
        NotFound; IllegalTransition: it has ended already.
    """
    case = _case_of(session, listing_reference)
    listing = session.scalars(
        select(Listing).where(Listing.reference == listing_reference).with_for_update().execution_options(populate_existing=True)
    ).one()
    if listing.ended_at is not None:
        raise IllegalTransition(N_("This listing has ended already; nothing more needs doing."))
    return case, listing


def listings(session: Session, *, page: int = 1, text: str = "") -> ListingPage:
    """Living listings, newest first; `text` is a whole host, domain or target."""
    window = Window(page, policy.LISTINGS_SHOWN)
    waits = exists().where(HeldEntry.listing_id == Listing.id, HeldEntry.waits())
    columns = (Listing, Case.reference.label("case"), waits.label("is_held"))
    query = select(*columns).join(Case, Case.id == Listing.case_id).where(Listing.ended_at.is_(None))
    if wanted := text.strip().lower():
        query = query.where((Listing.host == wanted) | (Listing.domain == wanted) | (Listing.target == text.strip()))
    rows = session.execute(query.order_by(Listing.starts_at.desc(), Listing.id.desc()).limit(window.many).offset(window.start)).all()
    shown, has_next = window.cut(rows)
    return ListingPage(rows=tuple(_row(row.Listing, row.case, is_held=row.is_held) for row in shown), page=page, has_next=has_next)


def _case_of(session: Session, listing_reference: UUID) -> Case:
    # The case is locked first, as every other verb does, so that no two wait for each other in a circle.
    reference = session.scalar(
        select(Case.reference).join(Listing, Listing.case_id == Case.id).where(Listing.reference == listing_reference)
    )
    if reference is None:
        raise NotFound(N_("There is no listing with this reference."))
    return cases.fetch(session, reference, lock=True)


def _row(listing: Listing, case: UUID, *, is_held: bool) -> ListingRow:
    return ListingRow(
        reference=listing.reference,
        case=case,
        scope=Scope(listing.scope),
        target=listing.target,
        category=listing.category,
        territories=tuple(listing.territories),
        starts_at=listing.starts_at,
        review_at=listing.review_at,
        expires_at=listing.expires_at,
        released_in=listing.released_in,
        is_held=is_held,
        temporary=listing.temporary,
    )
