"""Notes of where claims found the first free case, for the claims that follow. Locks nothing, and no case hangs on them.

A case that was taken leaves the indexes of what is free, but its entry stays for as long as any snapshot is older: a backup, an export.
Ten thousand such entries at the head would make each claim read all of them. So some claims note where the first free case of each sum
of points was, and the next ones begin there. That is safe because what is fresh comes last among its points: by `queued_at`, which only
`cases` writes. What comes back out of turn is in an index of its own. Notes are only ever added: to change one would leave the same
dead entries again. None is relied on for long, so that whatever came otherwise is found as well (docs/decisions).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
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
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from moderation import policy
from moderation.models import Case, QueueMark
from moderation.vocabulary import DeskLane

_CASE, _MARK = Case.table().c, QueueMark.table().c
_TIME = _CASE.queued_at.type

FREE = and_(Case.holder_id.is_(None), Case.closed_at.is_(None), Case.parked_until.is_(None))
FRESH = and_(FREE, ~Case.was_held)
RETURNED = and_(FREE, Case.was_held)

SUMS = range(policy.PRIORITY_MOST, policy.PRIORITY_LEAST - 1, -policy.PRIORITY_STEP)
"""Each sum of points that is possible, the highest first."""

_names = bindparam("lanes", type_=ARRAY(Text()))
LANES = func.unnest(_names).table_valued(column("lane", Text())).render_derived(name="of_lane")

_lists = (bindparam("points", type_=ARRAY(BigInteger())), bindparam("class_lanes", type_=ARRAY(Text())))
_columns = (column("points", BigInteger()), column("lane", Text()))
CLASSES = func.unnest(*_lists).table_valued(*_columns, with_ordinality="place").render_derived(name="of_class")
"""A row for each sum of points and lane, in the order in which cases are taken."""

_newest = select(QueueMark.table()).where(_MARK.lane == LANES.c.lane).order_by(_MARK.id.desc()).limit(1).correlate(LANES).lateral("newest")
_trusted = and_(_newest.c.walked_at > bindparam("trusted_since", type_=_TIME), _newest.c.walked_at <= bindparam("at", type_=_TIME))
NOTES = select(_newest).select_from(LANES).join(_newest, true()).where(_trusted).cte("notes").prefix_with("MATERIALIZED")
"""The newest note on each lane, of those that may still be relied on."""


def _noted(what: Any) -> Any:  # noqa: ANN401 - columns
    """What the note on a class's lane says of its points; they stand in the order of `SUMS`."""
    which = (policy.PRIORITY_MOST - CLASSES.c.points) / policy.PRIORITY_STEP + 1
    is_of_these = NOTES.c.priority[which] == CLASSES.c.points
    return select(what[which]).where(NOTES.c.lane == CLASSES.c.lane, is_of_these).correlate(CLASSES).scalar_subquery()


_begin = (func.coalesce(_noted(NOTES.c.queued_at), cast(literal("-infinity"), _TIME)), func.coalesce(_noted(NOTES.c.case_id), 0))
_is_behind = tuple_(_CASE.queued_at, _CASE.id) >= tuple_(*_begin)
IN_CLASS = and_(_CASE.desk_lane == CLASSES.c.lane, _CASE.priority == CLASSES.c.points, FRESH, _is_behind)
"""The fresh cases of a class, from where the claims before it found the first."""

_first = select(_CASE.queued_at, _CASE.id).where(IN_CLASS).order_by(_CASE.queued_at, _CASE.id).limit(1).correlate(CLASSES).lateral("first")
_latest = bindparam("latest", type_=_TIME)
_is_old = _first.c.queued_at < _latest


def _list(what: Any) -> Any:  # noqa: ANN401 - columns
    return func.array_agg(aggregate_order_by(what, CLASSES.c.place))


_walked_at = select(NOTES.c.walked_at).where(NOTES.c.lane == CLASSES.c.lane).correlate(CLASSES).scalar_subquery()
_NOTE = insert(QueueMark.table()).from_select(
    ["lane", "priority", "queued_at", "case_id", "walked_at"],
    select(
        CLASSES.c.lane,
        _list(CLASSES.c.points),
        _list(case((_is_old, _first.c.queued_at), else_=_latest)),
        _list(case((_is_old, _first.c.id), else_=0)),
        func.coalesce(func.min(_walked_at), bindparam("at", type_=_TIME)),
    )
    .select_from(CLASSES)
    .outerjoin(_first, true())
    .group_by(CLASSES.c.lane),
)


def given(lanes: Sequence[DeskLane], *, at: datetime) -> dict[str, Any]:
    """What is bound to `LANES`, `CLASSES` and `NOTES`."""
    names = [str(lane) for lane in lanes]
    points = [points for points in SUMS for _ in names]
    return {"lanes": names, "class_lanes": names * len(SUMS), "points": points, "at": at, "trusted_since": at - policy.QUEUE_LOOKED_THROUGH}


def is_due(draw: UUID | None) -> bool:
    """Whether this claim notes what it saw, where all its lanes have notes: one in so many, by digits that decide nothing else."""
    return draw is None or not (draw.int >> 24) % policy.QUEUE_NOTED


def note(session: Session, lanes: Sequence[DeskLane], *, at: datetime) -> None:
    """Write down where the first free case of each class is now."""
    session.execute(_NOTE, given(lanes, at=at) | {"latest": at - policy.QUEUE_BEHIND})


def forget_notes(session: Session, *, at: datetime) -> None:
    """Delete the notes that no claim relies on any more."""
    session.execute(delete(QueueMark).where(QueueMark.walked_at < at - 2 * policy.QUEUE_LOOKED_THROUGH))
