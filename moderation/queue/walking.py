"""Finds the free case that is next, without reading past those that are gone. Locks what it finds; holds nothing.

A case that was taken leaves the indexes below, but its entry stays for as long as any snapshot is older: a backup, an export.
Ten thousand such entries at the head would make each claim read all of them. So each claim notes where the first free case of these
points was, and the next one begins there. That is safe because what is fresh comes last among its points: by `queued_at`, which only
`cases` writes. What comes back out of turn is in an index of its own. Notes are only ever added: to change one would leave the same
dead entries again. None is relied on for long, so that whatever came otherwise is found as well (docs/decisions).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    DateTime,
    Lateral,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    column,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import Session, aliased

from moderation import independence, policy
from moderation.models import Case, QueueMark
from moderation.queue import lanes as desk_lanes
from moderation.vocabulary import Actor, DeskLane

FREE = and_(Case.holder_id.is_(None), Case.closed_at.is_(None), Case.parked_until.is_(None))
FRESH = and_(FREE, ~Case.was_held)
RETURNED = and_(FREE, Case.was_held)
_BEGINNING = cast(literal("-infinity"), DateTime(timezone=True))


def mine_to_take(by: Actor) -> ColumnElement[bool]:
    """SQL: the person took no part in the case and sent none of its reports."""
    return and_(~independence.took_part(Case.id, by.person_id), ~independence.sent_a_report(Case.id, by.person_id))


def ranked(column_: Any = Case.desk_lane) -> ColumnElement[int]:  # noqa: ANN401 - any column with lanes
    """SQL: the rank of a lane, which decides among cases with the same points."""
    return case({str(lane): desk_lanes.rank(lane) for lane in DeskLane}, value=column_, else_=len(DeskLane))


def _classes(lanes: Sequence[DeskLane]) -> Lateral:
    """A row for each sum of points that is possible and each lane, in the order in which cases are taken."""
    pairs = [
        (points, str(lane)) for points in range(policy.PRIORITY_MOST, policy.PRIORITY_LEAST - 1, -policy.PRIORITY_STEP) for lane in lanes
    ]
    points = bindparam("points", [pair[0] for pair in pairs], type_=ARRAY(BigInteger()))
    named = bindparam("lanes", [pair[1] for pair in pairs], type_=ARRAY(Text()))
    columns = (column("points", BigInteger()), column("lane", Text()))
    return func.unnest(points, named).table_valued(*columns, with_ordinality="place", name="class").render_derived()  # type: ignore[return-value]


def _mark(of: Any, at: datetime) -> Any:  # noqa: ANN401 - selectables of SQLAlchemy
    """The newest note on a class, where it may still be relied on."""
    newest = (
        select(QueueMark.queued_at, QueueMark.case_id, QueueMark.walked_at)
        .where(QueueMark.lane == of.c.lane, QueueMark.priority == of.c.points)
        .order_by(QueueMark.id.desc())
        .limit(1)
        .correlate(of)
        .subquery()
    )
    trusted = and_(newest.c.walked_at > at - policy.QUEUE_LOOKED_THROUGH, newest.c.walked_at <= at)
    return select(newest).where(trusted).lateral("mark")


def _from(mark: Any) -> ColumnElement[bool]:  # noqa: ANN401 - selectables of SQLAlchemy
    start = (func.coalesce(mark.c.queued_at, _BEGINNING), func.coalesce(mark.c.case_id, 0))
    return tuple_(Case.queued_at, Case.id) >= tuple_(*start)


def fresh(session: Session, lanes: Sequence[DeskLane], *, by: Actor, at: datetime) -> Case | None:
    """The first case that nobody ever held and this person may take, locked; those that others are claiming are passed over."""
    of = _classes(lanes)
    mark = _mark(of, at)
    found = (
        select(Case)
        .where(Case.desk_lane == of.c.lane, Case.priority == of.c.points, FRESH, _from(mark), mine_to_take(by))
        .order_by(Case.queued_at, Case.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=Case)
        .correlate(of, mark)
        .lateral("found")
    )
    # Without an order of its own: the classes come in theirs, and the walk ends, and locks no more, with the first that has a case.
    first = select(aliased(Case, found)).select_from(of).outerjoin(mark, true()).join(found, true()).limit(1)
    return session.scalar(first, execution_options={"populate_existing": True})


def note(session: Session, taken: Case | None, lanes: Sequence[DeskLane], *, at: datetime) -> None:
    """Write down where the first free case is now, for each class that was looked through from its beginning and for that of the case."""
    of = _classes(lanes)
    mark = _mark(of, at)
    first = (
        select(Case.queued_at, Case.id)
        .where(Case.desk_lane == of.c.lane, Case.priority == of.c.points, FRESH, _from(mark))
        .order_by(Case.queued_at, Case.id)
        .limit(1)
        .correlate(of, mark)
        .lateral("first")
    )
    latest = literal(at - policy.QUEUE_BEHIND, DateTime(timezone=True))
    is_old = first.c.queued_at < latest
    new = (
        of.c.lane,
        of.c.points,
        case((is_old, first.c.queued_at), else_=latest),
        case((is_old, first.c.id), else_=0),
        func.coalesce(mark.c.walked_at, at),
    )
    reached = (
        true()
        if taken is None
        else tuple_(-of.c.points, ranked(of.c.lane)) <= tuple_(-taken.priority, desk_lanes.rank(DeskLane(taken.desk_lane)))
    )
    own = and_(of.c.points == taken.priority, of.c.lane == taken.desk_lane) if taken else literal(False)
    rows = (
        select(*new).select_from(of).outerjoin(mark, true()).outerjoin(first, true()).where(reached, or_(mark.c.walked_at.is_(None), own))
    )
    session.execute(insert(QueueMark).from_select(["lane", "priority", "queued_at", "case_id", "walked_at"], rows))


def returned(session: Session, lanes: Sequence[DeskLane], *, by: Actor) -> Case | None:
    """The first of those that somebody held and let go, locked; the first of each other lane is locked with it for this moment."""
    named = bindparam("lanes", [str(lane) for lane in lanes], type_=ARRAY(Text()))
    of = func.unnest(named).table_valued(column("lane", Text()), name="class").render_derived()
    found = (
        select(Case)
        .where(Case.desk_lane == of.c.lane, RETURNED, mine_to_take(by))
        .order_by(Case.priority.desc(), Case.queued_at, Case.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=Case)
        .correlate(of)
        .lateral("found")
    )
    one = aliased(Case, found)
    order = (one.priority.desc(), ranked(one.desk_lane), one.queued_at, one.id)
    return session.scalar(select(one).select_from(of).join(found, true()).order_by(*order).limit(1))


def any_free(session: Session, lanes: Sequence[DeskLane], *, by: Actor) -> Case | None:
    """The first free case of all, locked, with no regard to notes or to what sums of points are possible."""
    return session.scalar(_first_of(lanes, and_(FREE, mine_to_take(by))))


def lapsed(session: Session, lanes: Sequence[DeskLane], *, by: Actor, at: datetime, since: timedelta | None) -> Case | None:
    """The first case whose lease has ended, locked; what it was `since` is looked at, all of it with None."""
    ended = [Case.lease_until <= at, *([Case.lease_until > at - since] if since else [])]
    return session.scalar(_first_of(lanes, and_(Case.holder_id.is_not(None), *ended, mine_to_take(by))))


def _first_of(lanes: Sequence[DeskLane], condition: ColumnElement[bool]) -> Select[Case]:
    wanted = Case.desk_lane == lanes[0] if len(lanes) == 1 else Case.desk_lane.in_(lanes)
    order = (Case.priority.desc(), ranked(), Case.queued_at, Case.id)
    return select(Case).where(wanted, condition).order_by(*order).limit(1).with_for_update(skip_locked=True, of=Case)


def drawn(session: Session, lanes: Sequence[DeskLane], draw: UUID, *, by: Actor) -> Case | None:
    """A case by lot, locked: the first at or after the draw in the order of references, which are random; a lane first, then a case.

    Each lane has the same chance, so the shortest and the slowest come as often as the longest.
    """
    start = draw.int % len(lanes)
    for lane in (*lanes[start:], *lanes[:start]):
        for there in (Case.reference >= draw, Case.reference < draw):
            query = select(Case).where(Case.desk_lane == lane, FREE, there, mine_to_take(by)).order_by(Case.reference).limit(1)
            if found := session.scalar(query.with_for_update(skip_locked=True, of=Case)):
                return found
    return None


def forget_notes(session: Session, *, at: datetime) -> None:
    """Delete the notes that no claim relies on any more."""
    session.execute(delete(QueueMark).where(QueueMark.walked_at < at - 2 * policy.QUEUE_LOOKED_THROUGH))
