"""Opens cases and moves them: the only writer of a case's state. Knows no activity; the verbs above decide when to call it."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, bindparam, case, func, literal, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as insert_or
from sqlalchemy.orm import Session, joinedload

from moderation import audit, policy, states
from moderation.errors import HeldByAnother, NotFound, Stale
from moderation.models import Case, ResourceRow
from moderation.states import Action, State
from moderation.vocabulary import N_, Actor, Category, Lane, Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgency:
    """What a report says about how soon its cases should be seen."""

    category: Category
    danger_now: bool
    lane: Lane

    @property
    def priority(self) -> int:
        """Points, higher is sooner."""
        points = policy.PRIORITY_BY_CATEGORY[self.category]
        points += policy.PRIORITY_DANGER if self.danger_now else 0
        return points + (policy.PRIORITY_SLOW_LANE if self.lane is Lane.SLOW else 0)


def open_or_join(
    session: Session, resources: Sequence[Resource], urgency: Urgency, *, new_reference: Callable[[], UUID], at: datetime
) -> tuple[int, ...]:
    """The open case of each resource, opened where there is none; returns their keys, each once.

    Cases are locked in the order of their keys, so that two reports that name the same resources never wait for each other
    in a circle, and none joins a case that is being closed.
    """
    found = _known(session, resources)
    missing = [resource for resource in resources if (resource.kind, resource.canonical) not in found]
    stored = _store(session, missing, at=at) if missing else set()
    if len(stored) < len(missing):
        # Another report stored some of them at this moment, and may have opened their cases.
        found, stored = _known(session, resources), set()
    joined = _lock_open(session, [row for row in found.values() if row.case_id is not None], urgency)
    without = {row.id for row in found.values() if row.case_id not in joined}
    return tuple(sorted(joined | _open(session, stored | without, urgency, new_reference=new_reference, at=at)))


_RESOURCE, _CASE = ResourceRow.table().c, Case.table().c
_KNOWN = (
    select(_RESOURCE.id, _RESOURCE.kind, _RESOURCE.canonical)
    .add_columns(_CASE.id.label("case_id"), _CASE.category, _CASE.danger_now, _CASE.lane)
    .outerjoin_from(ResourceRow.table(), Case.table(), and_(_CASE.resource_id == _RESOURCE.id, _CASE.closed_at.is_(None)))
    .where(tuple_(_RESOURCE.kind, _RESOURCE.canonical).in_(bindparam("wanted", expanding=True)))
)
_STORE = insert_or(ResourceRow.table()).on_conflict_do_nothing().returning(_RESOURCE.id)
_OPEN = insert_or(Case.table()).on_conflict_do_nothing().returning(_CASE.id)


def _known(session: Session, resources: Sequence[Resource]) -> dict[tuple[str, str], Any]:
    wanted = [(resource.kind, resource.canonical) for resource in resources]
    return {(row.kind, row.canonical): row for row in session.execute(_KNOWN, {"wanted": wanted})}


def _store(session: Session, resources: Sequence[Resource], *, at: datetime) -> set[int]:
    """Keys of those that were new; another report's that is not committed yet is waited for."""
    ordered = sorted(resources, key=lambda resource: (resource.kind, resource.canonical))
    rows = [
        {"kind": one.kind, "canonical": one.canonical, "host": one.host, "domain": one.domain, "first_reported_at": at} for one in ordered
    ]
    return set(session.scalars(_STORE, rows))


def _lock_open(session: Session, rows: Sequence[Any], urgency: Urgency) -> set[int]:
    if not rows:
        return set()
    keys = [row.case_id for row in rows]
    locked = select(Case.id).where(Case.id.in_(keys), Case.closed_at.is_(None)).order_by(Case.id)
    if not any(_raises(row, urgency) for row in rows):
        return set(session.scalars(locked.with_for_update(read=True)))
    joined = set(session.scalars(locked.with_for_update(key_share=True)))
    _raise(session, joined, urgency)
    return joined


def _raises(row: Row[*tuple[Any, ...]], urgency: Urgency) -> bool:
    worse = policy.PRIORITY_BY_CATEGORY[urgency.category] > policy.PRIORITY_BY_CATEGORY[Category(row.category)]
    quicker = urgency.lane is Lane.STANDARD and row.lane == Lane.SLOW
    return worse or quicker or (urgency.danger_now and not row.danger_now)


def _raise(session: Session, keys: Set[int], urgency: Urgency) -> None:
    """Add what a report knows. The points stay the sum of the reasons that the queue shows: category, danger, lane."""
    points, mine = case(policy.PRIORITY_BY_CATEGORY, value=Case.category), policy.PRIORITY_BY_CATEGORY[urgency.category]
    danger = or_(Case.danger_now, literal(urgency.danger_now))
    slow = and_(Case.lane == Lane.SLOW, literal(urgency.lane is Lane.SLOW))
    session.execute(
        update(Case)
        .where(Case.id.in_(keys))
        .values(
            category=case((points < mine, urgency.category), else_=Case.category),
            danger_now=danger,
            lane=case((slow, Lane.SLOW), else_=Lane.STANDARD),
            priority=func.greatest(points, mine)
            + case((danger, policy.PRIORITY_DANGER), else_=0)
            + case((slow, policy.PRIORITY_SLOW_LANE), else_=0),
        )
        .execution_options(synchronize_session=False)
    )


def _open(session: Session, resource_ids: Set[int], urgency: Urgency, *, new_reference: Callable[[], UUID], at: datetime) -> set[int]:
    if not resource_ids:
        return set()
    rows = [
        {
            "reference": new_reference(),
            "resource_id": key,
            "state": State.WAITING,
            "lane": urgency.lane,
            "category": urgency.category,
            "danger_now": urgency.danger_now,
            "priority": urgency.priority,
            "opened_at": at,
        }
        for key in sorted(resource_ids)
    ]
    opened = set(session.scalars(_OPEN, rows))
    return opened if len(opened) == len(resource_ids) else opened | _join_the_rest(session, resource_ids, urgency, opened=opened)


def _join_the_rest(session: Session, resource_ids: Set[int], urgency: Urgency, *, opened: Set[int]) -> set[int]:
    # Another report opened these first: they must not close before this one has joined, and what it knows must count.
    theirs = select(Case.id).where(Case.resource_id.in_(resource_ids), Case.closed_at.is_(None), Case.id.not_in(opened))
    joined = set(session.scalars(theirs.order_by(Case.id).with_for_update(key_share=True)))
    _raise(session, joined, urgency)
    return joined


def fetch(session: Session, reference: UUID, *, lock: bool = False) -> Case:
    """The case with its resource; `lock` holds it against others until the transaction ends.

    Raises:
        NotFound: there is no such case.
    """
    query = select(Case).where(Case.reference == reference).options(joinedload(Case.resource, innerjoin=True))
    if lock:
        query = query.with_for_update(of=Case).execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise NotFound(N_("There is no case with this reference."))
    return found


def require_held(found: Case, *, by: Actor, at: datetime, version: int) -> None:
    """Refuse unless this person holds the case and it is as it was when the page was read.

    Raises:
        HeldByAnother: somebody else holds it, or nobody does any more.
        Stale: it changed since `version`.
    """
    if found.version != version:
        raise Stale(N_("This case changed while you were working on it. Look at it again before you decide; what you wrote is kept below."))
    if found.holder_id != by.person_id:
        raise HeldByAnother(N_("You do not hold this case any more: your time ended or somebody else took it. Claim it again to go on."))


def advance(session: Session, found: Case, action: Action, *, by: Actor, at: datetime, detail: Mapping[str, Any] | None = None) -> None:
    """Take one step of the table, let the case go, and write it down.

    Raises:
        IllegalTransition: the table has no such step from here.
    """
    before = State(found.state)
    found.state = states.after(before, action)
    found.closed_at = None if found.state in states.OPEN else at
    found.holder_id = None
    found.lease_until = None
    found.version += 1
    session.flush()
    audit.record(
        session, actor=by, action=f"case {action}", subject=f"case:{found.reference}", at=at, detail={"from": before, **(detail or {})}
    )
