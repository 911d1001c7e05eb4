"""What each view of the queue holds, as walks along indexes, none longer than its page needs. Looks nothing up itself."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, DateTime, Select, case, cast, exists, extract, literal, null, select, union_all

from moderation import states
from moderation.models import Case, ResourceRow
from moderation.queue import finding, lanes, noting, walking
from moderation.states import State
from moderation.vocabulary import Actor, ComesBack, DeskLane, Lane

PARKED, EXPIRING, PUT_ASIDE = "parked", "expiring", "put_aside"
VIEWS = (*DeskLane, EXPIRING, PARKED, PUT_ASIDE)
"""What the filter `lane` may name: the lanes that cases are claimed from, the part of re-review that expires, what is parked, and
what somebody decided to look at again later: monitored, on hold, or waiting for evidence or a takedown.
Appeals are one more lane once there are appeals: a state, and its lane in `lanes.BY_STATE`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a queue address asks for. `text` is anything that names a case (`finding`); `state` None is every state, closed ones too.

    `lane` is one of `VIEWS`; with a state that several people review, it may also be the lane of the reports.
    """

    state: State | None = State.WAITING
    kind: str = ""
    category: str = ""
    lane: str = ""
    text: str = ""
    mine: bool = False
    page: int = 1


Walk = tuple[Select[Any], tuple[Any, ...]]
"""Keys of cases with their place among others, and the order of the index that finds them."""

_IN_LANE = (Case.priority.desc(), Case.queued_at, Case.id)
IS_PUT_ASIDE = Case.state.in_(sorted(states.PARKED)), Case.due_at.is_not(None), Case.closed_at.is_(None)
EXPIRES = Case.due_for == ComesBack.EXPIRING
_NO_TIME = cast(null(), DateTime(timezone=True))


def wanted(filters: Filters, *, start: int, many: int, by: Actor) -> Select[Any]:
    """Keys of one page's cases, each with its place: `first`, `second` and `third`, then the key."""
    found = [(_filtered(query, filters), order) for query, order in _walks(filters, by=by)]
    # Each walk in the order of its index, and no further than this page needs; then all of them together.
    parts = [select(query.order_by(*order).limit(start + many).subquery()) for query, order in found]
    both = union_all(*parts).subquery("both")
    return select(both).order_by(both.c.first, both.c.second, both.c.third, both.c.id).limit(many).offset(start)


def _filtered(query: Select[Any], filters: Filters) -> Select[Any]:
    if filters.category:
        query = query.where(Case.category == filters.category)
    if filters.kind:
        query = query.where(exists().where(ResourceRow.id == Case.resource_id, ResourceRow.kind == filters.kind))
    return query


def _walks(filters: Filters, *, by: Actor) -> list[Walk]:
    if filters.mine:
        return [(_keys(third=Case.lease_until).where(Case.holder_id == by.person_id, *_named(filters)), (Case.lease_until, Case.id))]
    if filters.text:
        return [_sought(filters)]
    if filters.lane == PARKED:
        return [(_keys(third=Case.parked_until).where(Case.parked_until.is_not(None)), (Case.parked_until, Case.id))]
    if filters.lane == PUT_ASIDE:
        return [(_keys(third=Case.due_at).where(*IS_PUT_ASIDE), (Case.due_at, Case.id))]
    if filters.lane == EXPIRING:
        return [(query.where(EXPIRES), order) for query, order in _in_lanes((DeskLane.RE_REVIEW,))]
    return _by_state(filters)


def _by_state(filters: Filters) -> list[Walk]:
    if filters.lane in tuple(DeskLane) and filters.lane not in tuple(Lane):
        return _in_lanes((DeskLane(filters.lane),))
    if filters.state not in lanes.BY_STATE:
        newest = _keys(first=-extract("epoch", Case.opened_at))
        return [(newest.where(*([Case.state == filters.state] if filters.state else [])), (Case.opened_at.desc(), Case.id))]
    within = tuple(lane for lane in lanes.BY_STATE[State(filters.state)] if not filters.category or lanes.may_hold(lane, filters.category))
    chosen = tuple(lane for lane in within if lane == filters.lane)
    if chosen or not filters.lane:
        return _in_lanes(chosen or within)
    return [(query.where(Case.lane == filters.lane), order) for query, order in _in_lanes(within)]


def _keys(*, first: Any = None, second: Any = None, third: Any = None) -> Select[Any]:  # noqa: ANN401 - columns
    return select(
        Case.id.label("id"),
        (literal(0) if first is None else first).label("first"),
        (literal(0) if second is None else second).label("second"),
        (_NO_TIME if third is None else third).label("third"),
    )


def _in_lanes(wanted_lanes: tuple[DeskLane, ...]) -> list[Walk]:
    # A walk for each lane and index, since an index holds only what nobody holds; those held are few.
    placed = _keys(first=-Case.priority, second=walking.ranked(), third=Case.queued_at)
    free = [(placed.where(Case.desk_lane == lane, kept), _IN_LANE) for lane in wanted_lanes for kept in (noting.FRESH, noting.RETURNED)]
    held = placed.where(Case.desk_lane.in_(wanted_lanes), Case.holder_id.is_not(None))
    return [*free, (held, _IN_LANE)]


def _sought(filters: Filters) -> Walk:
    """What is open first, then what is closed; the most urgent first in both."""
    is_closed = case((Case.closed_at.is_(None), 0), else_=1)
    query = _keys(first=is_closed, second=-Case.priority, third=Case.queued_at).where(*_named(filters))
    if filters.state:
        query = query.where(Case.state == filters.state)
    if filters.lane in tuple(Lane):
        query = query.where(Case.lane == filters.lane)
    elif filters.lane in tuple(DeskLane):
        query = query.where(Case.desk_lane == filters.lane)
    return query, (is_closed, Case.priority.desc(), Case.queued_at, Case.id)


def _named(filters: Filters) -> tuple[ColumnElement[bool], ...]:
    return (Case.id.in_(finding.named(filters.text)),) if filters.text else ()
