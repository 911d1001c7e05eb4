"""Two cases about the same thing: the reports of one join the other. Neither resource is forgotten."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from moderation import audit, cases, independence, resources, states
from moderation.errors import NothingReported, TooManyResources
from moderation.models import Case, CaseReport, ResourceRow, StoodAside
from moderation.states import State
from moderation.vocabulary import N_, SYSTEM, Actor


def faults(session: Session, case: Case, named: str) -> dict[str, str]:
    """Why these words name no case that this one could be a duplicate of; empty where they do."""
    other = find(session, named)
    if other is None:
        return {"duplicate_of": N_("No case is found by this. Give the other case's reference, or the whole address that it is about.")}
    if other.id == case.id:
        return {"duplicate_of": N_("That is this case. Give the other one.")}
    if other.state == State.DUPLICATE:
        return {"duplicate_of": N_("That case is itself a duplicate of another. Give the one where its reports went.")}
    if other.closed_at is not None and (other.resource_id != case.resource_id or case.danger_now):
        return {"duplicate_of": N_("That case is closed, so nobody would read these reports there. Give an open one, or decide this one.")}
    return {}


def lock_both(session: Session, reference: UUID, named: str) -> str:
    """Hold a case and the one that it may be a duplicate of, before either is looked at: two who join them crosswise take turns.

    Returns the other's reference, which is what is kept of the words; the words where they name no case.
    """
    other = find(session, named)
    lock_all(session, [reference, *([other.reference] if other else [])])
    return str(other.reference) if other else named


def lock_all(session: Session, references: Iterable[UUID]) -> None:
    """Hold all of these, for the same reason."""
    cases.lock(session, set(session.scalars(select(Case.id).where(Case.reference.in_(references)))))


def join(session: Session, case: Case, named: str, *, by: Actor, at: datetime) -> None:
    """Let the case's reports join the other, which `faults` found. Their reporters are told only of what they named themselves."""
    other = find(session, named)
    if other is None:
        return
    mine = select(literal(other.id), CaseReport.report_id, literal(value=True)).where(CaseReport.case_id == case.id)
    into = insert(CaseReport).from_select(["case_id", "report_id", "merged"], mine)
    session.execute(into.on_conflict_do_nothing())
    _carry_asides(session, case, other, at=at)
    if other.state in states.PARKED:
        # What is put aside comes back for what is new to it.
        cases.set_unread(session, [other.id])
    cases.carry(session, case, other, at=at)
    # Who looks at the other case now would decide on what is not all that is there any more.
    other.version += 1
    session.flush()
    detail = {"from": str(case.reference)}
    audit.record(session, actor=by, action="reports joined", subject=f"case:{other.reference}", at=at, detail=detail)
    # Last, since a case that names another must be a duplicate: the step that makes it one follows.
    case.duplicate_of_id = other.id


def _carry_asides(session: Session, case: Case, other: Case, *, at: datetime) -> None:
    """Whoever declared an interest in the case, or in another about its resource, stands aside from the other too, and lets it go."""
    about = aliased(Case)
    declared = select(StoodAside.person_id, func.min(StoodAside.because)).join(about, about.id == StoodAside.case_id)
    declared = declared.where(about.resource_id == case.resource_id).group_by(StoodAside.person_id)
    told = declared.add_columns(literal(other.id), literal(at))
    into = insert(StoodAside.table()).from_select(["person_id", "because", "case_id", "at"], told)
    session.execute(into.on_conflict_do_nothing())
    if other.holder_id is not None and session.scalar(select(independence.stood_aside(other.id, other.holder_id))):
        other.holder_id = other.lease_until = None
        session.flush()
        audit.record(session, actor=SYSTEM, action="case let go aside", subject=f"case:{other.reference}", at=at)


def find(session: Session, named: str) -> Case | None:
    """The case with this reference, or the newest about the resource that the words name, an open one first."""
    words = named.strip()
    try:
        return session.scalar(select(Case).where(Case.reference == UUID(words)))
    except ValueError:
        pass
    try:
        found = resources.parse(words, text_digest=str)
    except (NothingReported, TooManyResources):
        return None
    pairs = [(one.kind, one.canonical) for one in found if one.kind != resources.WORDS]
    if len(pairs) != 1:
        return None
    kind, canonical = pairs[0]
    about = select(Case).join(ResourceRow, ResourceRow.id == Case.resource_id)
    about = about.where(ResourceRow.kind == kind, ResourceRow.canonical == canonical)
    return session.scalar(about.order_by(Case.closed_at.is_not(None), Case.id.desc()).limit(1))
