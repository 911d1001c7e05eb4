"""Puts a case aside until a day, and takes it up again. Decides nothing: nobody is told no."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from moderation import audit, cases, facts, independence, policy
from moderation.errors import HeldByAnother, IllegalTransition, InvalidAnswer
from moderation.models import Case
from moderation.states import State
from moderation.vocabulary import N_, SYSTEM, Actor, too_little


def park(session: Session, reference: UUID, *, until: datetime, because: str, by: Actor, at: datetime) -> None:
    """Put a waiting case aside until then. Whoever holds it lets it go. A report of danger, or a claim, takes it up before.

    Raises:
        InvalidAnswer, HeldByAnother, IllegalTransition, NotIndependent, NotAllowed, NotFound.
    """
    if faults := faults_of_terms(until=until, because=because, at=at):
        raise InvalidAnswer(faults)
    case = cases.fetch(session, reference, lock=True)
    if named := facts.people_named({"because": because}, case):
        raise InvalidAnswer(named)
    independence.require_seat(session, case, by=by)
    if case.state != State.WAITING or case.danger_now:
        raise IllegalTransition(N_("Only a case that waits for its first review can be parked, and none in danger."))
    if case.holder_id not in (None, by.person_id) and not independence.lease_has_ended(case, at):
        raise HeldByAnother(N_("A colleague is working on this case now, so it cannot be parked."))
    case.holder_id = case.lease_until = None
    case.parked_until, case.parked_because = until, because.strip()
    case.was_held = True
    session.flush()
    # Without the reason: it may say what nobody should read for years.
    detail = {"until": until.isoformat()}
    audit.record(session, actor=by, action="case parked", subject=f"case:{case.reference}", at=at, detail=detail)


def faults_of_terms(*, until: datetime, because: str, at: datetime) -> dict[str, str]:
    """Why a case is not put aside on these terms, by field: a day that is gone or too far, a reason that says nothing."""
    faults = {}
    if not at < until <= at + policy.PARKED_AT_MOST:
        faults["until"] = N_("Choose a day that is to come, at most thirty days from now.")
    if lack := too_little(because, least=policy.NOTE_LEAST, nothing=N_("Write what this case waits for, for whoever reads it next.")):
        faults["because"] = lack
    return faults


def take_up(session: Session, *, at: datetime) -> int:
    """Let the cases wait again whose day has come; returns how many."""
    return len(_freed(session, select(Case.id).where(Case.parked_until <= at), "case waits again", at=at))


def let_lapsed_go(session: Session, *, at: datetime) -> int:
    """Let go what was held longer than its lease, so that a claim need not look for it; returns how many."""
    return len(_freed(session, select(Case.id).where(Case.holder_id.is_not(None), Case.lease_until <= at), "lease ended", at=at))


def _freed(session: Session, which: Select[int], action: str, *, at: datetime) -> list[UUID]:
    free = {"holder_id": None, "lease_until": None, "parked_until": None, "parked_because": None}
    found = cases.adjust(session, which, free)
    for reference in found:
        audit.record(session, actor=SYSTEM, action=action, subject=f"case:{reference}", at=at)
    return found
