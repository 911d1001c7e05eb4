"""Finds the free case that is next, without reading past those that are gone (`noting`). Locks what it finds; holds nothing.

The statements are made once: to put one together takes longer than PostgreSQL takes to run it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Select, Subquery, Text, and_, any_, bindparam, case, func, select, true, union_all
from sqlalchemy.orm import Session

from moderation import independence
from moderation.models import Case
from moderation.queue import lanes as desk_lanes
from moderation.queue import noting
from moderation.queue.noting import FREE, RETURNED
from moderation.vocabulary import Actor, DeskLane

_CASE = Case.table().c
_AT = bindparam("at", type_=_CASE.lease_until.type)
_PERSON = bindparam("person_id", type_=BigInteger())
_MINE = and_(~independence.took_part(_CASE.id, _PERSON), ~independence.sent_a_report(_CASE.id, _PERSON))
"""The person took no part in the case and sent none of its reports."""
_PLACE = (_CASE.id, _CASE.priority, _CASE.desk_lane, _CASE.queued_at)


def ranked(column_: Any = Case.desk_lane) -> ColumnElement[int]:  # noqa: ANN401 - any column with lanes
    """SQL: the rank of a lane, which decides among cases with the same points."""
    return case({str(lane): desk_lanes.rank(lane) for lane in DeskLane}, value=column_, else_=len(DeskLane))


def _first(condition: ColumnElement[bool], *order: Any) -> Select[Any]:  # noqa: ANN401 - columns
    """The first of these cases that this person may take and nobody is claiming, locked."""
    return select(*_PLACE).where(condition, _MINE).order_by(*order).limit(1).with_for_update(skip_locked=True, of=Case.table())


def _fresh() -> Subquery:
    of = noting.CLASSES
    found = _first(noting.IN_CLASS, _CASE.queued_at, _CASE.id).correlate(of).lateral("found")
    # Without an order of its own: the classes come in theirs, and the walk ends, and locks no more, with the first that has a case.
    return select(found).select_from(of).join(found, true()).limit(1).subquery("fresh")


def _returned() -> Subquery:
    of = noting.LANES
    there = and_(_CASE.desk_lane == of.c.lane, RETURNED)
    found = _first(there, _CASE.priority.desc(), _CASE.queued_at, _CASE.id).correlate(of).lateral("let_go")
    return select(found).select_from(of).join(found, true()).subquery("returned")


def _in_lanes(condition: ColumnElement[bool]) -> Subquery:
    wanted = _CASE.desk_lane == any_(bindparam("lanes", type_=ARRAY(Text())))
    return _first(and_(wanted, condition), _CASE.priority.desc(), ranked(_CASE.desk_lane), _CASE.queued_at, _CASE.id).subquery("one")


def _lapsed(*recently: ColumnElement[bool]) -> Subquery:
    return _in_lanes(and_(_CASE.holder_id.is_not(None), _CASE.lease_until <= _AT, *recently))


def _nearest_of(*parts: Subquery) -> Select[Case]:
    found = union_all(*(select(part) for part in parts)).subquery("nearest")
    order = (found.c.priority.desc(), ranked(found.c.desk_lane), found.c.queued_at, found.c.id)
    return _whole(select(found.c.id).order_by(*order).limit(1).subquery("first"))


def _whole(found: Subquery) -> Select[Case]:
    return select(Case).join(found, found.c.id == Case.id).execution_options(populate_existing=True)


def _by_lot(there: ColumnElement[bool]) -> Select[Case]:
    lane = _CASE.desk_lane == bindparam("lane", type_=Text())
    return _whole(_first(and_(lane, FREE, there), _CASE.reference).subquery("drawn"))


_DRAW = bindparam("draw", type_=_CASE.reference.type)
_FROM_THE_DRAW = (_by_lot(_CASE.reference >= _DRAW), _by_lot(_CASE.reference < _DRAW))
_OF_LATE = _CASE.lease_until > bindparam("since", type_=_CASE.lease_until.type)
_PLANNED_ONCE = select(func.set_config("plan_cache_mode", "force_generic_plan", True))
"""To plan the walk takes longer than to walk, and no value makes another plan better: it is planned once for each connection."""
_HAVE_NOTES = select(func.count()).select_from(noting.NOTES).scalar_subquery()
_NEAREST = _nearest_of(_fresh(), _returned(), _lapsed(_OF_LATE)).add_columns(_HAVE_NOTES)
_ANY_FREE = _whole(_in_lanes(FREE))
_ANY_LAPSED = _whole(_lapsed())


def nearest(session: Session, lanes: Sequence[DeskLane], *, by: Actor, at: datetime, lapsed: timedelta) -> tuple[Case | None, int]:
    """The first case this person may take, locked, of those nobody ever held, those let go, and those whose lease ended of late.

    The first of each of the three is locked with it for this moment, and of those let go the first of each lane.
    Cases that others are claiming are passed over. Beside it stands how many of the lanes have notes, 0 where no case is found.
    """
    given = noting.given(lanes, at=at) | {"person_id": by.person_id, "since": at - lapsed}
    session.execute(_PLANNED_ONCE)
    row = session.execute(_NEAREST, given).one_or_none()
    return (row[0], row[1]) if row else (None, 0)


def anything(session: Session, lanes: Sequence[DeskLane], *, by: Actor, at: datetime) -> Case | None:
    """The first free case of all, or else one whose lease has ended, locked; without notes, and whatever sums of points are possible."""
    given = {"lanes": [str(lane) for lane in lanes], "person_id": by.person_id, "at": at}
    return session.scalar(_ANY_FREE, given) or session.scalar(_ANY_LAPSED, given)


def drawn(session: Session, lanes: Sequence[DeskLane], draw: UUID, *, by: Actor) -> Case | None:
    """A case by lot, locked: the first at or after the draw in the order of references, which are random; a lane first, then a case.

    Each lane has the same chance, so the shortest and the slowest come as often as the longest.
    """
    start = draw.int % len(lanes)
    for lane in (*lanes[start:], *lanes[:start]):
        for there in _FROM_THE_DRAW:
            if found := session.scalar(there, {"lane": str(lane), "draw": draw, "person_id": by.person_id}):
                return found
    return None
