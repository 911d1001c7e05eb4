"""The pages of the queue: which cases a view shows, in which order, and how many there are. Claims nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, literal, select, true, union_all
from sqlalchemy.orm import Session, aliased

from moderation import independence, policy, states, suspicion
from moderation.models import Case, CaseReport, Listing, Person, Report, ResourceRow
from moderation.queue import lanes, noting, points, views
from moderation.queue.points import Point
from moderation.queue.views import Filters
from moderation.states import State
from moderation.vocabulary import REVIEWING_ROLES, Actor, Category, ComesBack, DeskLane, Lane, Role, Window

# Made once: to make it anew for each page costs more than to ask.
_HOLDER = aliased(Person, name="holder")


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """One line of the queue. Report counts are not here: they are no evidence, and stay hidden until the verdict."""

    reference: UUID
    kind: str
    canonical: str
    host: str | None
    state: State
    lane: Lane
    desk_lane: str
    category: Category
    danger_now: bool
    from_partner: bool
    priority: int
    points: tuple[Point, ...]
    opened_at: datetime
    holder_name: str | None
    is_mine: bool
    lease_until: datetime | None
    parked_until: datetime | None
    parked_because: str | None
    due_at: datetime | None
    """The date for which it came back, or by which it must be looked at."""
    due_for: ComesBack | None
    languages: tuple[str, ...]
    may_claim: bool
    unread: bool
    """A reporter wrote something that nobody who works on it has read."""
    suspected: bool
    """A colleague answered that sexual images of a child are suspected: whoever opens it should know before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage:
    """One page of the queue."""

    rows: tuple[QueueRow, ...]
    page: int
    has_next: bool


def counts(session: Session, *, by: Actor) -> dict[str, int]:
    """How many cases each view holds, each at most `policy.QUEUE_COUNTED`."""
    queries = {str(lane): _counted_lane(lane) for lane in DeskLane}
    queries["mine"] = select(literal(1)).where(Case.holder_id == by.person_id)
    queries[views.PARKED] = select(literal(1)).where(Case.parked_until.is_not(None))
    queries[views.PUT_ASIDE] = select(literal(1)).where(*views.IS_PUT_ASIDE)
    queries[views.EXPIRING] = select(literal(1)).where(Case.state == State.RE_REVIEW, views.EXPIRES)
    queries[str(State.LISTED)] = select(literal(1)).where(Listing.ended_at.is_(None))
    row = session.execute(select(*(_count(query).label(name) for name, query in queries.items()))).one()
    found = dict(row._mapping)
    return found | {str(state): min(policy.QUEUE_COUNTED, sum(found[lane] for lane in within)) for state, within in lanes.BY_STATE.items()}


def _count(query: Select[int]) -> ColumnElement[int]:
    return select(func.count()).select_from(query.limit(policy.QUEUE_COUNTED).subquery()).scalar_subquery()


def _counted_lane(lane: DeskLane) -> Select[int]:
    # In the order of an index: without one, PostgreSQL hopes to meet the first thousand soon and reads past all others.
    free = select(literal(1).label("one")).where(Case.desk_lane == lane, noting.FREE).order_by(Case.reference).limit(policy.QUEUE_COUNTED)
    held = select(literal(1).label("one")).where(Case.desk_lane == lane, Case.holder_id.is_not(None))
    return select(union_all(free, held).subquery().c.one)


def page(session: Session, filters: Filters, *, by: Actor, at: datetime) -> QueuePage:
    """One page, the most urgent first; cases that somebody holds keep their place."""
    window = Window(filters.page, policy.QUEUE_SHOWN)
    wanted = views.wanted(filters, start=window.start, many=window.many, by=by).subquery("wanted")
    rows = session.execute(
        select(Case, ResourceRow, _HOLDER.name.label("holder_name"))
        .add_columns(independence.took_part(Case.id, by.person_id).label("took_part"), suspicion.is_told(by.person_id).label("suspected"))
        .join(wanted, wanted.c.id == Case.id)
        .join(ResourceRow, ResourceRow.id == Case.resource_id)
        .outerjoin(_HOLDER, _HOLDER.id == Case.holder_id)
        .order_by(wanted.c.first, wanted.c.second, wanted.c.third, Case.id)
    ).all()
    shown, has_next = window.cut(rows)
    languages = _languages(session, [row.Case.id for row in shown])
    lines = tuple(_line(row, languages.get(row.Case.id, ()), by=by, at=at) for row in shown)
    return QueuePage(rows=lines, page=filters.page, has_next=has_next)


def _languages(session: Session, case_ids: list[int]) -> dict[int, tuple[str, ...]]:
    """The languages of each case's first reports: those that its page shows."""
    first = (
        select(CaseReport.report_id)
        .where(CaseReport.case_id == Case.id)
        .order_by(CaseReport.report_id)
        .limit(policy.QUEUE_LANGUAGES_READ)
        .lateral("first")
    )
    rows = session.execute(
        select(Case.id, func.array_agg(Report.language.distinct()))
        .select_from(Case)
        .join(first, true())
        .join(Report, Report.id == first.c.report_id)
        .where(Case.id.in_(case_ids))
        .group_by(Case.id)
    )
    return {case_id: tuple(languages) for case_id, languages in rows}


def _line(row: Row[*tuple[Any, ...]], languages: Iterable[str], *, by: Actor, at: datetime) -> QueueRow:
    case, resource = row.Case, row.ResourceRow
    held_by_other = case.holder_id not in (None, by.person_id) and not independence.lease_has_ended(case, at)
    senior_only = case.state == State.AWAITING_THIRD and by.role is not Role.SENIOR
    return QueueRow(
        reference=case.reference,
        kind=resource.kind,
        canonical=resource.canonical,
        host=resource.host,
        state=State(case.state),
        lane=Lane(case.lane),
        desk_lane=case.desk_lane,
        category=Category(case.category),
        danger_now=case.danger_now,
        from_partner=case.from_partner,
        priority=case.priority,
        points=points.of(case),
        opened_at=case.opened_at,
        holder_name=row.holder_name,
        is_mine=case.holder_id is not None and case.holder_id == by.person_id,
        lease_until=case.lease_until,
        parked_until=case.parked_until,
        parked_because=case.parked_because,
        due_at=case.due_at,
        due_for=ComesBack(case.due_for) if case.due_for else None,
        languages=tuple(languages),
        may_claim=case.state in states.REVIEWABLE and by.role in REVIEWING_ROLES and not (held_by_other or row.took_part or senior_only),
        unread=case.unread,
        suspected=row.suspected,
    )
