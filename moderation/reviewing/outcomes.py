"""Opens and closes rounds and writes decisions and listings from them. Who may sit is settled before; safeguards have run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from moderation import audit, listings, policy
from moderation.errors import NotAllowed
from moderation.listings import Terms
from moderation.models import Assessment, Case, Decision, Round
from moderation.reviewing import papers, suspecting
from moderation.vocabulary import LISTS, N_, Actor, Answers, Finding, Outcome, Role, Statement

UNSETTLED = (Outcome.NOT_LISTED, Outcome.WITHDRAWN, Outcome.MORE_EVIDENCE)
"""How rounds end that leave the question open: each may be opened again about the same resource."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A round closed. `listing` is the listing's reference where one began."""

    decision: UUID
    outcome: Outcome
    listing: UUID | None = None


def open_round(session: Session, case: Case, *, at: datetime) -> Round:
    """Begin the next attempt to decide this case; the caller holds the case's row."""
    number = (session.scalar(select(func.max(Round.number)).where(Round.case_id == case.id)) or 0) + 1
    round_ = Round(case_id=case.id, number=number, opened_at=at)
    session.add(round_)
    session.flush()
    return round_


def is_for_a_senior(session: Session, case: Case, *, by: Actor) -> bool:
    """Whether so many rounds about this resource ended without an outcome that another is for a senior, which this person is not."""
    if by.role is Role.SENIOR:
        return False
    about = select(Round).join(Case, Case.id == Round.case_id).where(Case.resource_id == case.resource_id).subquery()
    listed_last = select(func.coalesce(func.max(about.c.id), 0)).where(about.c.outcome.in_(LISTS)).scalar_subquery()
    unsettled = select(func.count()).select_from(about).where(about.c.outcome.in_(UNSETTLED), about.c.id > listed_last)
    return (session.scalar(unsettled) or 0) >= policy.ROUNDS_UNSETTLED


def require_may_open(session: Session, case: Case, *, by: Actor) -> None:
    """Refuse to open one more round that keeps the case going, where that is for a senior. Closing a case is everyone's.

    Raises:
        NotAllowed
    """
    if is_for_a_senior(session, case, by=by):
        raise NotAllowed(N_("Too many rounds about this ended without an outcome: a senior opens the next. Give it to one, or close it."))


def the_open_round(session: Session, case: Case) -> Round:
    """The round whose seats are being taken."""
    return session.scalars(select(Round).where(Round.case_id == case.id, Round.closed_at.is_(None))).one()


def seats_of(session: Session, round_: Round) -> list[Assessment]:
    """The round's assessments, first seat first."""
    return list(session.scalars(select(Assessment).where(Assessment.round_id == round_.id).order_by(Assessment.seat)))


def take_seat(
    session: Session,
    round_: Round,
    seat: int,
    outcome: Outcome,
    *,
    answers: Answers,
    findings: Sequence[Finding],
    by: Actor,
    at: datetime,
) -> Assessment:
    """Store what one person concluded; it never changes again."""
    target = answers.target if outcome in (*LISTS, Outcome.NARROW) else None
    assessment = Assessment(
        round_id=round_.id,
        seat=seat,
        moderator_id=by.person_id,
        role=by.role,
        outcome=outcome,
        scope=target.scope if target else None,
        target=target.text if target else None,
        answers=papers.answers_as_json(answers),
        findings=papers.findings_as_json(findings),
        sent_none_of_the_reports=answers.sent_none_of_the_reports,
        made_at=at,
    )
    session.add(assessment)
    session.flush()
    if answers.child_material is not None:
        suspecting.weigh(session, session.get_one(Case, round_.case_id), at=at)
    return assessment


def close_round(session: Session, round_: Round, outcome: Outcome, *, at: datetime) -> None:
    """End the attempt."""
    round_.closed_at = at
    round_.outcome = outcome
    session.flush()


def decide(
    session: Session,
    case: Case,
    round_: Round,
    outcome: Outcome,
    *,
    terms: Terms | None = None,
    people: Sequence[int] = (),
    detail: Mapping[str, Any] | None = None,
    by: Actor,
    at: datetime,
) -> Decided:
    """Close the round with a decision, and begin its listing where it lists. A narrower listing rests on the people of the wider one."""
    seats = seats_of(session, round_)
    close_round(session, round_, outcome, at=at)
    first = papers.answers_from_json(seats[0].answers)
    decision = _decision(case, round_, outcome, terms=terms, first=first, seats=seats, at=at)
    decision.detail = dict(detail or {})
    session.add(decision)
    session.flush()
    listing = None
    if terms is not None:
        people = people or [seat.moderator_id for seat in seats]
        reference = uuid5(decision.reference, "listing")
        listing = listings.begin(session, case, decision, terms, reference=reference, people=people, at=at)
        detail = {"scope": terms.target.scope, "target": terms.target.text, "seats": len(seats)}
        audit.record(session, actor=by, action="listing began", subject=f"listing:{listing.reference}", at=at, detail=detail)
    return Decided(decision=decision.reference, outcome=outcome, listing=listing.reference if listing else None)


def _decision(
    case: Case, round_: Round, outcome: Outcome, *, terms: Terms | None, first: Answers, seats: Sequence[Assessment], at: datetime
) -> Decision:
    people = [seat.moderator_id for seat in seats] + [None, None]
    statement: Statement = first.statement
    return Decision(
        # Derived from the case's own random reference, so that a rule needs no randomness of its own.
        reference=uuid5(case.reference, f"decision {round_.number}"),
        round_id=round_.id,
        case_id=case.id,
        outcome=outcome,
        scope=terms.target.scope if terms else None,
        target=terms.target.text if terms else None,
        provision=first.provision,
        territories=list(terms.territories) if terms else [],
        statement={"facts": statement.facts, "legal_ground": statement.legal_ground, "explanation": statement.explanation},
        first_id=people[0],
        second_id=people[1],
        third_id=people[2],
        decided_at=at,
    )
