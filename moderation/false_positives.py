"""Networks call a listing wrong: that opens an urgent look at it, and ends nothing. Their answer is what was decided since."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select, tuple_
from sqlalchemy.orm import Session

from moderation import audit, cases, policy, resources
from moderation.errors import InvalidAnswer, NotFound, TooManyOpen
from moderation.listings import shown_target
from moderation.models import Case, Consumer, Decision, FalsePositive, Listing
from moderation.states import Action, State
from moderation.vocabulary import N_, Actor, ComesBack, FalsePositiveAnswer, Outcome, Resource, Scope

STAYS = frozenset({Outcome.KEEP, Outcome.LIST, Outcome.LIST_TEMPORARY})
"""Outcomes by which somebody looked again and left it listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FalsePositiveSeen:
    """One such word and what became of it. `answered_at` is None while it is open."""

    reference: UUID
    scope: Scope
    target: str
    why: str
    contact: str
    asked_at: datetime
    review_due_at: datetime
    answer: FalsePositiveAnswer
    answered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrySeen:
    """An entry of the list as a network carries it, and what that network said of it."""

    reference: UUID
    scope: Scope
    target: str
    listed_at: datetime
    expires_at: datetime
    told: FalsePositiveSeen | None


def entry(session: Session, consumer: UUID, listing: UUID | None, named: Resource | None, *, at: datetime) -> EntrySeen | None:
    """The entry of this reference, or the narrowest that covers what is named; None where no release carries one."""
    found = _listing(session, listing, named, at=at)
    if found is None:
        return None
    mine = session.scalar(select(Consumer.id).where(Consumer.reference == consumer))
    told = next((seen for seen, key in _seen(session, mine) if key == found.id), None) if mine else None
    return EntrySeen(
        reference=found.reference,
        scope=Scope(found.scope),
        target=found.target,
        listed_at=found.starts_at,
        expires_at=found.expires_at,
        told=told,
    )


def ask(
    session: Session, consumer: UUID, listing: UUID | None, named: Resource | None, *, why: str, contact: str, reference: UUID, at: datetime
) -> tuple[FalsePositiveSeen, bool]:
    """Call a listing wrong, by its reference or by what it covers; says too whether this is new. The same again finds the first.

    Raises:
        InvalidAnswer: `entry`, `why` or `contact`. TooManyOpen: so many wait that no more are taken.
    """
    owner = _held(session, consumer)
    why, contact = why.strip(), contact.strip()
    found = _listing(session, listing, named, at=at)
    faults = _faults(found, why, contact)
    if faults or found is None:
        raise InvalidAnswer(faults)
    known = next((one for one in _seen(session, owner.id) if one[1] == found.id), None)
    if known is not None:
        return known[0], False
    if sum(seen.answer is FalsePositiveAnswer.OPEN for seen, _ in _seen(session, owner.id)) >= policy.FALSE_POSITIVES_OPEN:
        raise TooManyOpen(N_("We look at what you sent before first. Write to us if all of the list seems wrong to you."))
    row = FalsePositive(
        reference=reference,
        consumer_id=owner.id,
        listing_id=found.id,
        why=why,
        contact=contact,
        asked_at=at,
        review_due_at=at + policy.FALSE_POSITIVE_REVIEW,
    )
    session.add(row)
    by = Actor(person_id=None, role=None, name=owner.name, consumer=owner.reference)
    _call_back(session, found, (ComesBack.DISPUTED, row.review_due_at), by=by, at=at)
    session.flush()
    audit.record(session, actor=by, action="false positive told", subject=f"listing:{found.reference}", at=at)
    return seen(session, consumer, reference), True


def seen(session: Session, consumer: UUID, reference: UUID) -> FalsePositiveSeen:
    """One word of this network's.

    Raises:
        NotFound: there is none of theirs with this reference.
    """
    mine = select(Consumer.id).where(Consumer.reference == consumer).scalar_subquery()
    row = session.execute(_query().where(FalsePositive.consumer_id == mine, FalsePositive.reference == reference)).one_or_none()
    if row is None:
        raise NotFound(N_("There is no message of yours with this reference."))
    return _of(row)


def all_of(session: Session, consumer: UUID) -> tuple[FalsePositiveSeen, ...]:
    """What this network called wrong, newest first."""
    mine = session.scalar(select(Consumer.id).where(Consumer.reference == consumer))
    return tuple(one for one, _ in _seen(session, mine)[: policy.FALSE_POSITIVES_SHOWN]) if mine else ()


def _held(session: Session, consumer: UUID) -> Consumer:
    # Their own row first: of two that come at once, the second counts the first.
    query = select(Consumer).where(Consumer.reference == consumer).with_for_update(key_share=True)
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound(N_("There is no network with this reference."))
    return found


def _listing(session: Session, reference: UUID | None, named: Resource | None, *, at: datetime) -> Listing | None:
    """The listing as consumers carry it: released, and not withdrawn yet. Of several that cover what is named, the narrowest."""
    carried = select(Listing).where(Listing.ended_at.is_(None), Listing.expires_at > at, Listing.released_in.is_not(None))
    if reference is not None:
        return session.scalar(carried.where(Listing.reference == reference))
    targets = [(target.scope, target.text) for target in resources.covering_targets(named)] if named else []
    rows = session.scalars(carried.where(tuple_(Listing.scope, Listing.target).in_(targets))).all() if targets else ()
    return min(rows, key=lambda row: targets.index((Scope(row.scope), row.target)), default=None)


def _faults(found: Listing | None, why: str, contact: str) -> dict[str, str]:
    faults = {}
    if found is None:
        faults["entry"] = N_("Nothing on the list covers this. Give an entry as it stands in the list, or its reference.")
    if not policy.FALSE_POSITIVE_WHY_LEAST <= len(why) <= policy.FALSE_POSITIVE_WHY:
        faults["why"] = N_("Say in a sentence or two what is wrong with it, in 2,000 characters at most.")
    if len(contact) > policy.FALSE_POSITIVE_CONTACT:
        faults["contact"] = N_("Give one way to reach you, in 200 characters at most.")
    return faults


def _call_back(session: Session, listing: Listing, due: tuple[ComesBack, datetime], *, by: Actor, at: datetime) -> None:
    """Bring the case to the desk, or forward there. One whose end or whose renewal is decided on already stays where it is."""
    reference = session.scalars(select(Case.reference).where(Case.id == listing.case_id)).one()
    case = cases.fetch(session, reference, lock=True)
    if case.state == State.LISTED:
        cases.advance(session, case, Action.REVIEW, by=by, at=at, due=due)
    elif case.state == State.RE_REVIEW and case.due_for == ComesBack.RE_REVIEW:
        cases.hasten(session, case, due, at=at)


def _query() -> Select[Any]:
    """Each word with its listing, the listing that its case has now, and the last that was decided on it since."""
    since = select(Decision.decided_at).where(Decision.case_id == Listing.case_id, Decision.decided_at >= FalsePositive.asked_at)
    stayed = since.where(Decision.outcome.in_(STAYS)).order_by(Decision.id.desc()).limit(1)
    now = Listing.__table__.alias("now")
    living = select(now.c.target).where(now.c.case_id == Listing.case_id, now.c.ended_at.is_(None)).order_by(now.c.id.desc()).limit(1)
    return select(
        FalsePositive,
        Listing.scope,
        Listing.target,
        Listing.ended_at,
        shown_target().label("shown"),
        living.correlate(Listing).scalar_subquery().label("living"),
        stayed.correlate(Listing, FalsePositive).scalar_subquery().label("stayed_at"),
    ).join(Listing, Listing.id == FalsePositive.listing_id)


def _seen(session: Session, consumer_id: int) -> list[tuple[FalsePositiveSeen, int]]:
    rows = session.execute(_query().where(FalsePositive.consumer_id == consumer_id).order_by(FalsePositive.id.desc()))
    return [(_of(row), row.FalsePositive.listing_id) for row in rows]


def _of(row: Row[Any]) -> FalsePositiveSeen:
    answer, answered_at = _answer(row)
    found: FalsePositive = row.FalsePositive
    return FalsePositiveSeen(
        reference=found.reference,
        scope=Scope(row.scope),
        target=row.shown,
        why=found.why,
        contact=found.contact,
        asked_at=found.asked_at,
        review_due_at=found.review_due_at,
        answer=answer,
        answered_at=answered_at,
    )


def _answer(row: Row[Any]) -> tuple[FalsePositiveAnswer, datetime | None]:
    if row.ended_at is None:
        return (FalsePositiveAnswer.KEPT, row.stayed_at) if row.stayed_at else (FalsePositiveAnswer.OPEN, None)
    if row.living is None:
        return FalsePositiveAnswer.REMOVED, row.ended_at
    return (FalsePositiveAnswer.KEPT if row.living == row.target else FalsePositiveAnswer.NARROWED), row.ended_at
