"""What is held back from the list, for those who hold the keys: two people let it go. Whatever may never go out is delisted instead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from moderation import audit, cases, growth, independence, listings, policy
from moderation.errors import IllegalTransition, InvalidAnswer, NotAllowed, NotFound, NotIndependent
from moderation.models import Case, HeldEntry, Listing, Person
from moderation.vocabulary import N_, Actor, HeldBecause, Scope

WAITS = HeldEntry.waits() & Listing.ended_at.is_(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldSeen:
    """One entry that waits. `first` and `why` are of the first key, empty where nobody turned it, or too long ago."""

    listing: UUID
    case: UUID
    scope: Scope
    target: str
    because: HeldBecause
    reason: str
    numbers: dict[str, int]
    held_at: datetime
    first_id: int | None
    first: str
    first_at: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class Turned:
    """What one act did: entries with their first key turned, and entries that go."""

    first: int
    gone: int


def held(session: Session, *, at: datetime, limit: int = policy.HELD_SHOWN) -> tuple[HeldSeen, ...]:
    """What waits, longest first."""
    first = aliased(Person)
    query = (
        select(HeldEntry, Listing, Case.reference.label("case"), first.name)
        .join(Listing, Listing.id == HeldEntry.listing_id)
        .join(Case, Case.id == Listing.case_id)
        .outerjoin(first, first.id == HeldEntry.first_id)
        .where(WAITS)
        .order_by(HeldEntry.held_at, HeldEntry.id)
        .limit(limit)
    )
    return tuple(_seen(row.HeldEntry, row.Listing, row.case, row.name or "", at=at) for row in session.execute(query))


def held_count(session: Session) -> int:
    """How many entries wait."""
    query = select(func.count()).select_from(HeldEntry).join(Listing, Listing.id == HeldEntry.listing_id).where(WAITS)
    return session.scalar(query) or 0


def let_go(session: Session, references: Sequence[UUID], why: str, *, by: Actor, at: datetime) -> Turned:
    """Turn a key for each of these listings: the first, or the second after somebody else's; the next release carries what has both.

    Raises:
        NotAllowed: a role without a key, or both keys in one hand. NotIndependent: a report or a decision of theirs. NotFound.
        InvalidAnswer: nothing is chosen, or no reason. IllegalTransition: an entry is not held any more, or may never go out.
    """
    if by.role not in growth.KEY_ROLES:
        raise NotAllowed(N_("Only seniors and administrators can let go what is held back."))
    if not references:
        raise InvalidAnswer({"held": N_("Tick what may go out.")})
    if len(references) > policy.HELD_SHOWN:
        raise InvalidAnswer({"held": N_("Tick 100 at most.")})
    gone = sum(_turn(session, reference, why.strip(), by=by, at=at) for reference in sorted(set(references)))
    if gone:
        listings.require_release(session)
    return Turned(first=len(set(references)) - gone, gone=gone)


def _turn(session: Session, reference: UUID, why: str, *, by: Actor, at: datetime) -> bool:
    """Turn this person's key for one listing; whether it goes."""
    case, listing, entry = _locked(session, reference)
    if entry.because != HeldBecause.GROWTH:
        raise IllegalTransition(N_("%(target)s may never go out as it is. Delist it, or list less of it."), target=listing.target)
    independence.require_no_report(session, case, by=by)
    independence.require_not_aside(session, case, by=by)
    if not _has_first_key(entry, at=at):
        if len(why) < policy.NOTE_LEAST:
            raise InvalidAnswer({"why": N_("Write a sentence that says why it may go out.")})
        entry.first_id, entry.first_at, entry.why = by.person_id, at, why
        _record(session, "first key to let go", listing, by=by, at=at, why=why)
        return False
    if entry.first_id == by.person_id:
        raise NotAllowed(N_("You turned the first key yourself. Another senior or administrator must turn the second."))
    if by.person_id in (listing.first_id, listing.second_id, listing.third_id):
        raise NotIndependent(N_("You decided on %(target)s. Its second key is for somebody who did not."), target=listing.target)
    entry.second_id, entry.let_go_at = by.person_id, at
    _record(session, "held entry let go", listing, by=by, at=at, why=why)
    return True


def _locked(session: Session, reference: UUID) -> tuple[Case, Listing, HeldEntry]:
    # The case first, as every other verb does, so that no two wait for each other in a circle.
    found = session.scalar(select(Case.reference).join(Listing, Listing.case_id == Case.id).where(Listing.reference == reference))
    if found is None:
        raise NotFound(N_("There is no listing with this reference."))
    case = cases.fetch(session, found, lock=True)
    both = select(Listing, HeldEntry).join(HeldEntry, HeldEntry.listing_id == Listing.id).where(Listing.reference == reference, WAITS)
    row = session.execute(both.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise IllegalTransition(N_("Something that you ticked is not held back any more. Look at the page again."))
    return case, row.Listing, row.HeldEntry


def _has_first_key(entry: HeldEntry, *, at: datetime) -> bool:
    return entry.first_at is not None and entry.first_at > at - policy.BULK_KEY_WAITS


def _record(session: Session, action: str, listing: Listing, *, by: Actor, at: datetime, why: str) -> None:
    session.flush()
    audit.record(session, actor=by, action=action, subject=f"listing:{listing.reference}", at=at, detail={"why": why} if why else {})


def _seen(entry: HeldEntry, listing: Listing, case: UUID, first: str, *, at: datetime) -> HeldSeen:
    has_first = _has_first_key(entry, at=at)
    return HeldSeen(
        listing=listing.reference,
        case=case,
        scope=Scope(listing.scope),
        target=listing.target,
        because=HeldBecause(entry.because),
        reason=entry.reason,
        numbers=entry.numbers,
        held_at=entry.held_at,
        first_id=entry.first_id if has_first else None,
        first=first if has_first else "",
        first_at=entry.first_at if has_first else None,
        why=entry.why if has_first else "",
    )
