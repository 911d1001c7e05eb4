"""Opens cases and moves them: the only writer of a case's state. Knows no activity; the verbs above decide when to call it."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, case, func, literal, or_, select, update
from sqlalchemy.orm import Session, joinedload

from moderation import audit, policy, states
from moderation.errors import HeldByAnother, IllegalTransition, NotFound, Stale
from moderation.joining import JOIN, JOIN_TO_RAISE, KEEP, KNOWN, OPEN
from moderation.models import Case
from moderation.states import Action, State
from moderation.urgency import Urgency, sum_of_points
from moderation.vocabulary import N_, Actor, Category, ComesBack, Lane, Resource


def join(
    session: Session,
    report_id: int,
    resources: Sequence[Resource],
    urgency: Urgency,
    *,
    new_reference: Callable[[], UUID],
    at: datetime,
    known: Sequence[Row[*tuple[Any, ...]]] = (),
) -> None:
    """Join a report to the open case of each resource that it names, opened where there is none. The resources are stored already.

    `known` is what `KNOWN` would tell of them, where that was seen already; empty where it is still to be asked.
    Cases are locked in the order of their keys, so that two reports that name the same resources never wait for each other
    in a circle, and none joins a case that is being closed.
    """
    left = {(resource.kind, resource.canonical) for resource in resources}
    while left:
        # Once, unless another report opens a case, or a decision closes one, at this moment: that is found the next time.
        # What is erased at this moment, with its case, is stored anew.
        found, known = known or _known(session, left), ()
        joined = _join_open(session, report_id, [row for row in found if row.case_id is not None], urgency, at=at)
        without = sorted(row.id for row in found if row.case_id not in joined)
        given = {"resource_id": without, "case_reference": [new_reference() for _ in without], "report_id": report_id}
        opened = set(session.scalars(OPEN, given | opening(urgency, at=at))) if without else set()
        left -= {(row.kind, row.canonical) for row in found if row.case_id in joined or row.id in opened}
        erased = left.difference((row.kind, row.canonical) for row in found)
        if erased:
            keep(session, [each for each in resources if (each.kind, each.canonical) in erased], at=at)


def _known(session: Session, wanted: Iterable[tuple[str, str]]) -> Sequence[Row[*tuple[Any, ...]]]:
    kinds, names = zip(*sorted(wanted), strict=True)
    return session.execute(KNOWN, {"kind": list(kinds), "canonical": list(names)}).all()


def keep(session: Session, resources: Sequence[Resource], *, at: datetime) -> None:
    """Store the resources that nobody stored yet, or that were erased since."""
    session.execute(KEEP, {"resources": as_given(resources), "at": at})


def as_given(resources: Iterable[Resource]) -> list[dict[str, str | None]]:
    """Resources as the statements that store them take them.

    Two reports that store the same ones store them in the same order, so that they never wait for each other in a circle.
    """
    ordered = sorted(resources, key=lambda one: (one.kind, one.canonical))
    return [{"kind": one.kind, "canonical": one.canonical, "host": one.host, "domain": one.domain} for one in ordered]


def opening(urgency: Urgency, *, at: datetime) -> dict[str, Any]:
    """What a new case begins with, as values for the statements that open it."""
    return {
        "at": at,
        "state": State.WAITING,
        "lane": urgency.lane,
        "category": urgency.category,
        "danger_now": urgency.danger_now,
        "from_partner": urgency.from_partner,
        "priority": urgency.priority,
        "channels": urgency.channel_bit,
        "stage_points": urgency.stage_points,
    }


def _join_open(session: Session, report_id: int, rows: Sequence[Any], urgency: Urgency, *, at: datetime) -> set[int]:
    """Join those of the cases that are still open when their turn comes; returns their keys."""
    if not rows:
        return set()
    raises = any(_raises(row, urgency) for row in rows)
    given = {"case_ids": [row.case_id for row in rows], "report_id": report_id}
    joined = set(session.scalars(JOIN_TO_RAISE if raises else JOIN, given))
    if raises:
        _raise(session, joined, urgency, urgency.channel_bit, at=at)
    return joined


def _raises(row: Row[*tuple[Any, ...]], urgency: Urgency) -> bool:
    worse = policy.PRIORITY_BY_CATEGORY[urgency.category] > policy.PRIORITY_BY_CATEGORY[Category(row.category)]
    quicker = urgency.lane is Lane.STANDARD and row.lane == Lane.SLOW
    trusted = urgency.from_partner and not row.from_partner
    further = bool(urgency.channel_bit & ~row.channels) or urgency.stage_points > row.stage_points
    return worse or quicker or trusted or further or (urgency.danger_now and not row.danger_now)


def carry(session: Session, gone: Case, into: Case, *, at: datetime) -> None:
    """Add what the reports of one case said to another, which they join: its danger, its points, its lane."""
    said = Urgency(
        category=Category(gone.category),
        danger_now=gone.danger_now,
        lane=Lane(gone.lane),
        from_partner=gone.from_partner,
        stage_points=gone.stage_points,
    )
    _raise(session, {into.id}, said, gone.channels, at=at)
    session.refresh(into)


def lock(session: Session, keys: Set[int]) -> None:
    """Hold these cases until the transaction ends, in the order of their keys: two who hold the same never wait in a circle."""
    query = select(Case).where(Case.id.in_(keys)).order_by(Case.id).with_for_update()
    session.scalars(query.execution_options(populate_existing=True)).all()


def _raise(session: Session, keys: Set[int], urgency: Urgency, channels: int, *, at: datetime) -> None:
    """Add what a report knows. The points stay the sum of the reasons that the queue shows.

    A case that gets other points comes last among those that have them. One in danger is not parked any more.
    """
    mine, points = policy.PRIORITY_BY_CATEGORY[urgency.category], case(policy.PRIORITY_BY_CATEGORY, value=Case.category)
    more = {
        "category": case((points < mine, urgency.category), else_=Case.category),
        "danger_now": or_(Case.danger_now, literal(urgency.danger_now)),
        "from_partner": or_(Case.from_partner, literal(urgency.from_partner)),
        "lane": case((and_(Case.lane == Lane.SLOW, literal(urgency.lane is Lane.SLOW)), Lane.SLOW), else_=Lane.STANDARD),
        "channels": Case.channels.op("|")(channels),
        "stage_points": func.greatest(Case.stage_points, urgency.stage_points),
    }
    priority = sum_of_points(Case.age_points, **more)
    parked = {name: getattr(Case, name) if not urgency.danger_now else None for name in ("parked_until", "parked_because")}
    session.execute(
        update(Case)
        .where(Case.id.in_(keys))
        .values(**more, **parked, priority=priority, queued_at=case((Case.priority != priority, at), else_=Case.queued_at))
        .execution_options(synchronize_session=False)
    )


def set_unread(session: Session, keys: Sequence[int]) -> None:
    """Mark these cases: a reporter wrote something that nobody has read."""
    # In the order of their keys, so that two reporters never wait for each other in a circle.
    locked = select(Case.id).where(Case.id.in_(keys)).order_by(Case.id).with_for_update(key_share=True).cte()
    session.execute(update(Case).where(Case.id.in_(select(locked.c.id))).values(unread=True).execution_options(synchronize_session=False))


def set_child_material(session: Session, found: Case, *, told: bool, at: datetime) -> None:
    """Note whether anybody suspects sexual images of a child there, with its points. The caller holds the case's row.

    A case that gets other points comes last among those that have them.
    """
    if found.child_material_told != told:
        found.priority += policy.PRIORITY_CHILD_MATERIAL * (told - found.child_material_told)
        found.child_material_told, found.queued_at = told, at
        session.flush()


def set_erased(session: Session, resource_ids: Sequence[int]) -> None:
    """Note of the cases of these resources that their address is gone, so that nobody looks for what to erase there again."""
    about = update(Case).where(Case.resource_id.in_(resource_ids)).values(is_erased=True)
    session.execute(about.execution_options(synchronize_session=False))


def adjust(session: Session, which: Select[int], changes: Mapping[str, Any]) -> list[UUID]:
    """Change these cases in one statement, without those that somebody is busy with at this moment; returns their references."""
    # In the order of their keys, as everyone locks cases who locks several.
    locked = which.order_by(Case.id).with_for_update(skip_locked=True).cte("locked")
    changed = update(Case).where(Case.id.in_(select(locked.c.id))).values(changes).returning(Case.reference)
    found = list(session.scalars(changed, execution_options={"synchronize_session": False}).all())
    session.expire_all()
    return found


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


def require_address(found: Case) -> None:
    """Refuse to write about a case whose address is sealed, or was: nothing may tell of it again.

    Raises:
        IllegalTransition: it is.
    """
    if found.resource.sealed_at is not None:
        raise IllegalTransition(N_("The address of this case is sealed, so nothing more is written about it here."))


def require_held(found: Case, *, by: Actor, at: datetime, version: int) -> None:
    """Refuse unless this person holds the case and it is as it was when the page was read.

    Raises:
        HeldByAnother: somebody else holds it, or nobody does any more.
        Stale: it changed since `version`.
    """
    require_unchanged(found, version=version)
    if found.holder_id != by.person_id:
        raise HeldByAnother(N_("You do not hold this case any more: your time ended or somebody else took it. Claim it again to go on."))


def require_unchanged(found: Case, *, version: int) -> None:
    """Refuse unless the case is as it was when the page was read.

    Raises:
        Stale: it changed since `version`.
    """
    if found.version != version:
        raise Stale(N_("This case changed while you were working on it. Look at it again before you decide; what you wrote is kept below."))


def advance(
    session: Session,
    found: Case,
    action: Action,
    *,
    by: Actor,
    at: datetime,
    detail: Mapping[str, Any] | None = None,
    due: tuple[ComesBack, datetime] | None = None,
) -> None:
    """Take one step of the table, let the case go, and write it down. `due` is why and when it comes back, or came back for.

    Raises:
        IllegalTransition: the table has no such step from here.
    """
    before = State(found.state)
    found.state = states.after(before, action)
    found.priority += policy.PRIORITY_DUE * ((found.state in states.CAME_BACK) - (before in states.CAME_BACK))
    found.closed_at = None if found.state in states.OPEN else at
    found.holder_id = None
    found.lease_until = None
    # What waits again keeps its place; what waits for another seat comes last there.
    found.was_held = found.state == State.WAITING
    found.queued_at = found.opened_at if found.was_held else at
    _set_due(found, due)
    found.version += 1
    session.flush()
    audit.record(
        session, actor=by, action=f"case {action}", subject=f"case:{found.reference}", at=at, detail={"from": before, **(detail or {})}
    )


def hasten(session: Session, found: Case, due: tuple[ComesBack, datetime], *, at: datetime) -> None:
    """Give a case that waits for a person already another reason and date. The caller holds its row; its state and its holder stay."""
    _set_due(found, due)
    found.queued_at = at
    session.flush()


def _set_due(found: Case, due: tuple[ComesBack, datetime] | None) -> None:
    was_disputed = found.due_for == ComesBack.DISPUTED
    found.due_for, found.due_at = due or (None, None)
    found.priority += policy.PRIORITY_DISPUTED * ((found.due_for == ComesBack.DISPUTED) - was_disputed)
