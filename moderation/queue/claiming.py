"""Who holds a case: claims, takes the next one, lengthens and hands back. Decides nothing."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from moderation import audit, cases, holding, independence, policy
from moderation.errors import HeldByAnother, IllegalTransition, NotAllowed
from moderation.models import Case, Person
from moderation.queue import lanes, noting, walking
from moderation.states import State
from moderation.vocabulary import N_, REVIEWING_ROLES, Actor, DeskLane


def claim(session: Session, reference: UUID, *, by: Actor, at: datetime) -> None:
    """Hold one case for `policy.LEASE`. Taking over after a lease has ended is written down; a parked case is parked no more.

    Raises:
        HeldByAnother, HoldsTooMany, NotIndependent, NotAllowed, IllegalTransition, NotFound.
    """
    holding.lock_person(session, by.person_id)
    case = cases.fetch(session, reference, lock=True)
    independence.require_seat(session, case, by=by)
    if case.holder_id not in (None, by.person_id) and not independence.lease_has_ended(case, at):
        holder = session.scalar(select(Person.name).where(Person.id == case.holder_id))
        until = f"{case.lease_until:%H:%M}"
        sentence = N_("%(holder)s holds this case until %(until)s UTC. Take the next one, or come back after that.")
        raise HeldByAnother(sentence, holder=holder, until=until)
    if case.holder_id == by.person_id and not independence.lease_has_ended(case, at):
        # Else claiming again would make one claim as long as anyone likes.
        holding.lengthen(case, at=at)
        session.flush()
        return
    if case.holder_id != by.person_id:
        holding.require_room(session, by.person_id)
    _hold(session, case, by=by, at=at)


def next_case(
    session: Session,
    state: State | None = None,
    *,
    by: Actor,
    at: datetime,
    among: Sequence[DeskLane] = (),
    draw: UUID | None = None,
) -> UUID | None:
    """Claim the most urgent case that nobody works on and this person may take; None where there is none.

    It comes from the lanes `among`, or from those that this person chose; of these, from those of the `state` where one is given.
    One `draw` in `policy.DRAWN_AT_RANDOM` takes a case by lot instead, so that nothing starves; it is a random UUID.
    Cases that a colleague is claiming at this moment are passed over, so nobody waits and no two get the same. A case whose
    lease has ended keeps its place: what was urgent does not wait behind the rest because somebody left it.

    Raises:
        NotAllowed, HoldsTooMany; IllegalTransition: cases in this state wait for nobody.
    """
    wanted = _wanted(session, state, among, by=by)
    holding.lock_person(session, by.person_id)
    holding.require_room(session, by.person_id)
    case = _drawn(session, wanted, draw, by=by) or _most_urgent(session, wanted, draw, by=by, at=at)
    if case is None:
        return None
    _hold(session, case, by=by, at=at)
    return case.reference


def _wanted(session: Session, state: State | None, among: Sequence[DeskLane], *, by: Actor) -> tuple[DeskLane, ...]:
    if by.role not in REVIEWING_ROLES:
        raise NotAllowed(N_("Your role does not take cases of this kind."))
    if state is not None and state not in lanes.BY_STATE:
        raise IllegalTransition(N_("Cases in this state are decided, so none of them waits to be taken."))
    asked = among or (lanes.chosen(session, by=by) if state is None else tuple(DeskLane))
    found = tuple(lane for lane in asked if state is None or lane in lanes.BY_STATE[state])
    allowed = tuple(lane for lane in found if lanes.may_take(lane, by=by))
    if not allowed:
        raise NotAllowed(N_("Your role does not take cases of this kind."))
    return allowed


def _drawn(session: Session, wanted: Sequence[DeskLane], draw: UUID | None, *, by: Actor) -> Case | None:
    # The last digits say whether to draw, the first which case: of a random UUID they have nothing to do with each other.
    if draw is None or (draw.int >> 8) % policy.DRAWN_AT_RANDOM:
        return None
    return walking.drawn(session, wanted, draw, by=by)


def _most_urgent(session: Session, wanted: Sequence[DeskLane], draw: UUID | None, *, by: Actor, at: datetime) -> Case | None:
    # Leases that ended before are let go by a job each minute; without a worker they are found when nothing else is left.
    found, noted = walking.nearest(session, wanted, by=by, at=at, lapsed=policy.QUEUE_BEHIND)
    if noted < len(wanted) or noting.is_due(draw):
        noting.note(session, wanted, at=at)
    return found or walking.anything(session, wanted, by=by, at=at)


def _hold(session: Session, case: Case, *, by: Actor, at: datetime) -> None:
    taken_over = case.holder_id not in (None, by.person_id)
    holding.hold(session, case, by.person_id, at=at)
    action = "case taken over" if taken_over else "case claimed"
    audit.record(session, actor=by, action=action, subject=f"case:{case.reference}", at=at)


def extend(session: Session, reference: UUID, *, by: Actor, at: datetime) -> datetime | None:
    """Lengthen the lease of who works on the case, as far as one claim may be; returns its end. Nothing, and None, for anyone else."""
    case = cases.fetch(session, reference, lock=True)
    if case.holder_id is None or case.holder_id != by.person_id:
        return None
    holding.lengthen(case, at=at)
    session.flush()
    return case.lease_until


def hand_back(session: Session, reference: UUID, *, by: Actor, at: datetime) -> None:
    """Let a case go, so that the next person can take it at once.

    Raises:
        HeldByAnother: this person does not hold it.
    """
    case = cases.fetch(session, reference, lock=True)
    if case.holder_id != by.person_id:
        raise HeldByAnother(N_("You do not hold this case, so there is nothing to hand back."))
    case.holder_id = None
    case.lease_until = None
    session.flush()
    audit.record(session, actor=by, action="case handed back", subject=f"case:{case.reference}", at=at)
