"""Which case is next, and who holds it. Finds, claims and hands back; decides nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, true, union_all
from sqlalchemy.orm import Session, aliased

from moderation import audit, cases, independence, policy, resources, states
from moderation.errors import HeldByAnother, IllegalTransition, NotAllowed, NothingReported, TooManyResources
from moderation.models import Case, CaseReport, Person, Report, ResourceRow
from moderation.states import State
from moderation.vocabulary import N_, REVIEWING_ROLES, Actor, Category, Lane, Role

PAGE_SIZE = 25
COUNT_AT_MOST = 1_000
"""Counts stop here, so that a long queue costs no more than a short one; a page shows "999+"."""

LANGUAGES_OF_REPORTS = 50
"""Reports of a case whose languages the queue names: some cases have thousands, and its page shows no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a queue address asks for. `text` is a host, a domain, or a resource in any spelling, whole."""

    state: State = State.WAITING
    kind: str = ""
    category: str = ""
    lane: str = ""
    text: str = ""
    mine: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """One line of the queue. Report counts are not here: they are no evidence, and stay hidden until the verdict."""

    reference: UUID
    kind: str
    canonical: str
    host: str | None
    state: State
    lane: Lane
    category: Category
    danger_now: bool
    from_partner: bool
    priority: int
    opened_at: datetime
    holder_name: str | None
    is_mine: bool
    lease_until: datetime | None
    languages: tuple[str, ...]
    may_claim: bool
    unread: bool
    """A reporter wrote something that nobody who works on it has read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage:
    """One page of the queue."""

    rows: tuple[QueueRow, ...]
    page: int
    has_next: bool


def counts(session: Session, *, by: Actor) -> dict[str, int]:
    """How many cases each view holds, each at most `COUNT_AT_MOST`."""
    views = {state.value: Case.state == state for state in (State.WAITING, State.PROPOSED, State.AWAITING_THIRD, State.LISTED)}
    views["mine"] = Case.holder_id == by.person_id
    row = session.execute(select(*(_count(condition).label(name) for name, condition in views.items()))).one()
    return dict(row._mapping)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    # In the order of an index: without one, PostgreSQL hopes to meet the first thousand soon and reads past all others.
    few = select(literal(1)).where(condition, Case.closed_at.is_(None)).order_by(Case.opened_at.desc()).limit(COUNT_AT_MOST).subquery()
    return select(func.count()).select_from(few).scalar_subquery()


def page(session: Session, filters: Filters, *, by: Actor, at: datetime) -> QueuePage:
    """One page, the most urgent first; cases that somebody holds keep their place."""
    holder = aliased(Person)
    wanted = _wanted(filters, by=by).subquery()
    rows = session.execute(
        select(Case, ResourceRow, holder.name.label("holder_name"), independence.took_part(Case.id, by.person_id).label("took_part"))
        .join(wanted, wanted.c.id == Case.id)
        .join(ResourceRow, ResourceRow.id == Case.resource_id)
        .outerjoin(holder, holder.id == Case.holder_id)
        .order_by(Case.priority.desc(), Case.opened_at, Case.id)
    ).all()
    languages = _languages(session, [row.Case.id for row in rows[:PAGE_SIZE]])
    lines = tuple(
        _line(row.Case, row.ResourceRow, row.holder_name, languages.get(row.Case.id, ()), took_part=row.took_part, by=by, at=at)
        for row in rows[:PAGE_SIZE]
    )
    return QueuePage(rows=lines, page=filters.page, has_next=len(rows) > PAGE_SIZE)


def _wanted(filters: Filters, *, by: Actor) -> Select[int]:
    start = (max(1, filters.page) - 1) * PAGE_SIZE
    if filters.mine:
        return (
            _filtered(filters).where(Case.holder_id == by.person_id).order_by(Case.lease_until, Case.id).limit(PAGE_SIZE + 1).offset(start)
        )
    # Two walks, because the index of the queue holds only what nobody holds; those held are few.
    base = _filtered(filters).where(Case.state == filters.state)
    order = (Case.priority.desc(), Case.opened_at, Case.id)
    free = base.where(Case.holder_id.is_(None)).order_by(*order).limit(start + PAGE_SIZE + 1)
    held = base.where(Case.holder_id.is_not(None)).order_by(*order).limit(start + PAGE_SIZE + 1)
    both = union_all(free, held).subquery()
    placed = select(both.c.id).join(Case, Case.id == both.c.id)
    return placed.order_by(*order).limit(PAGE_SIZE + 1).offset(start)


def _filtered(filters: Filters) -> Select[int]:
    query = select(Case.id).where(Case.closed_at.is_(None))
    if filters.category:
        query = query.where(Case.category == filters.category)
    if filters.lane:
        query = query.where(Case.lane == filters.lane)
    if filters.kind or filters.text:
        query = query.join(ResourceRow, ResourceRow.id == Case.resource_id)
    if filters.kind:
        query = query.where(ResourceRow.kind == filters.kind)
    if filters.text:
        text = filters.text.strip()
        spelled = ResourceRow.canonical.in_(_canonical_forms(text))
        query = query.where(or_(ResourceRow.host == text.lower(), ResourceRow.domain == text.lower(), spelled))
    return query


def _canonical_forms(text: str) -> list[str]:
    """What a text is, and what it names as reporters write it: an address without its scheme, a handle, a number with blanks."""
    try:
        found = resources.parse(text, text_digest=str)
    except (NothingReported, TooManyResources):
        return [text]
    return [text, *(each.canonical for each in found if each.kind != resources.WORDS)]


def _languages(session: Session, case_ids: list[int]) -> dict[int, tuple[str, ...]]:
    """The languages of each case's first reports: those that its page shows."""
    first = (
        select(CaseReport.report_id)
        .where(CaseReport.case_id == Case.id)
        .order_by(CaseReport.report_id)
        .limit(LANGUAGES_OF_REPORTS)
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


def _line(
    case: Case, resource: ResourceRow, holder: str | None, languages: Iterable[str], *, took_part: bool, by: Actor, at: datetime
) -> QueueRow:
    held_by_other = case.holder_id not in (None, by.person_id) and not independence.lease_has_ended(case, at)
    senior_only = case.state == State.AWAITING_THIRD and by.role is not Role.SENIOR
    return QueueRow(
        reference=case.reference,
        kind=resource.kind,
        canonical=resource.canonical,
        host=resource.host,
        state=State(case.state),
        lane=Lane(case.lane),
        category=Category(case.category),
        danger_now=case.danger_now,
        from_partner=case.from_partner,
        priority=case.priority,
        opened_at=case.opened_at,
        holder_name=holder,
        is_mine=case.holder_id is not None and case.holder_id == by.person_id,
        lease_until=case.lease_until,
        languages=tuple(languages),
        may_claim=by.role in REVIEWING_ROLES and not (held_by_other or took_part or senior_only),
        unread=case.unread,
    )


def claim(session: Session, reference: UUID, *, by: Actor, at: datetime) -> None:
    """Hold one case for `policy.LEASE`. Taking over after a lease has ended is written down.

    Raises:
        HeldByAnother, NotIndependent, NotAllowed, IllegalTransition, NotFound.
    """
    case = cases.fetch(session, reference, lock=True)
    independence.require_seat(session, case, by=by)
    if case.holder_id not in (None, by.person_id) and not independence.lease_has_ended(case, at):
        holder = session.scalar(select(Person.name).where(Person.id == case.holder_id))
        until = f"{case.lease_until:%H:%M}"
        sentence = N_("%(holder)s holds this case until %(until)s UTC. Take the next one, or come back after that.")
        raise HeldByAnother(sentence, holder=holder, until=until)
    _hold(session, case, by=by, at=at)


def next_case(session: Session, state: State, *, by: Actor, at: datetime) -> UUID | None:
    """Claim the most urgent case in this state that nobody works on and this person may take; None where there is none.

    Cases that a colleague is claiming at this moment are passed over, so nobody waits and no two get the same. A case whose
    lease has ended keeps its place: what was urgent does not wait behind the rest because somebody left it.

    Raises:
        NotAllowed; IllegalTransition: cases in this state wait for nobody.
    """
    if state not in states.REVIEWABLE:
        raise IllegalTransition(N_("Cases in this state are decided, so none of them waits to be taken."))
    if by.role not in REVIEWING_ROLES or (state is State.AWAITING_THIRD and by.role is not Role.SENIOR):
        raise NotAllowed(N_("Your role does not take cases of this kind."))
    mine_to_take = (~independence.took_part(Case.id, by.person_id), ~independence.sent_a_report(Case.id, by.person_id))
    waiting = (
        select(Case)
        .where(Case.state == state, Case.closed_at.is_(None), *mine_to_take)
        .order_by(Case.priority.desc(), Case.opened_at, Case.id)
        .with_for_update(skip_locked=True, of=Case)
        .limit(1)
    )
    # Two walks, because the index of the queue holds only what nobody holds.
    free = session.scalar(waiting.where(Case.holder_id.is_(None)))
    left = session.scalar(waiting.where(Case.holder_id.is_not(None), Case.lease_until <= at))
    case = min((one for one in (free, left) if one is not None), key=_place, default=None)
    if case is None:
        return None
    _hold(session, case, by=by, at=at)
    return case.reference


def _place(case: Case) -> tuple[int, datetime, int]:
    return -case.priority, case.opened_at, case.id


def _hold(session: Session, case: Case, *, by: Actor, at: datetime) -> None:
    taken_over = case.holder_id not in (None, by.person_id)
    case.holder_id = by.person_id
    case.lease_until = at + policy.LEASE
    case.was_held = True
    case.parked_until = case.parked_because = None
    session.flush()
    action = "case taken over" if taken_over else "case claimed"
    audit.record(session, actor=by, action=action, subject=f"case:{case.reference}", at=at)


def extend(session: Session, reference: UUID, *, by: Actor, at: datetime) -> None:
    """Lengthen the lease of who works on the case; does nothing for anyone else."""
    case = cases.fetch(session, reference, lock=True)
    if case.holder_id == by.person_id and case.holder_id is not None:
        case.lease_until = at + policy.LEASE
        session.flush()


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
