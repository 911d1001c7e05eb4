"""What was concluded of a case and done with it, as one person may see it: a blind seat sees nothing of it until its own is stored."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from moderation import listings, policy, states
from moderation.models import Assessment, AuditRecord, Case, Decision, Listing, Person, RefusedAssessment, Round
from moderation.reviewing import papers, taking_up
from moderation.reviewing.case_view import Concluded
from moderation.reviewing.seen import AssessmentSeen, CaseListing, DecisionSeen, HistoryLine, RefusedSeen
from moderation.states import State
from moderation.vocabulary import Actor, Outcome, Scope, Statement, Target, Window

TOLD_TO_ALL = (
    "case claimed",
    "case taken over",
    "case taken from its holder",
    "case handed back",
    "notice recorded",
    "question asked",
    "note written",
    "case handed over",
    "stood aside",
)
"""Acts that say nothing of what anyone concluded."""


def seen(session: Session, case: Case, *, by: Actor, at: datetime, history_page: int) -> Concluded:
    """The assessments that this person may read, how it ended, and one page of its history."""
    rounds = _assessments(session, case)
    mine = {row.Assessment.round_id for row in rounds if row.Assessment.moderator_id == by.person_id}
    blind = case.state in states.REVIEWABLE
    shown = [row for row in rounds if row.Assessment.round_id in mine or not (blind or _may_be_proposed_again(case, row.Assessment))]
    history, has_older_history = _history(session, case, blind=blind, page=history_page)
    return Concluded(
        is_blind=blind and len(shown) < len(rounds),
        assessments=tuple(_assessment(row) for row in shown),
        refused=_refused(session, case, by=by, at=at),
        decision=_decision(session, case) if not blind else None,
        # Who looks again at what is listed sees what that is; a blind seat of a renewal does not.
        listing=_listing(session, case) if not blind or case.state in (State.RE_REVIEW, State.SUSPENDED) else None,
        history=history,
        has_older_history=has_older_history,
    )


def _may_be_proposed_again(case: Case, assessment: Assessment) -> bool:
    """A proposal that was taken back before the case was put aside: the seats of the next one must not have read it."""
    return case.state in states.PARKED and assessment.outcome in (Outcome.LIST, Outcome.LIST_TEMPORARY)


def _assessments(session: Session, case: Case) -> Sequence[Any]:
    return session.execute(
        select(Assessment, Round.number, Person.name)
        .join(Round, Round.id == Assessment.round_id)
        .join(Person, Person.id == Assessment.moderator_id)
        .where(Round.case_id == case.id)
        .order_by(Round.number, Assessment.seat)
    ).all()


def _assessment(row: Row[*tuple[Any, ...]]) -> AssessmentSeen:
    found: Assessment = row.Assessment
    return AssessmentSeen(
        round_number=row.number,
        seat=found.seat,
        name=row.name,
        role=found.role,
        outcome=Outcome(found.outcome),
        target=Target(Scope(found.scope), found.target) if found.scope and found.target else None,
        answers=papers.answers_from_json(found.answers),
        findings=papers.findings_from_json(found.findings),
        made_at=found.made_at,
    )


def _refused(session: Session, case: Case, *, by: Actor, at: datetime) -> RefusedSeen | None:
    newest = (
        select(RefusedAssessment)
        .where(RefusedAssessment.case_id == case.id, RefusedAssessment.moderator_id == by.person_id)
        .order_by(RefusedAssessment.made_at.desc())
        .limit(1)
    )
    found = session.scalar(newest)
    if found is None:
        return None
    if case.holder_id == by.person_id and case.state in states.REVIEWABLE:
        return taking_up.still_refused(session, case, found, by=by, at=at)
    return RefusedSeen(
        answers=papers.answers_from_json(found.answers), findings=papers.findings_from_json(found.findings), made_at=found.made_at
    )


def _decision(session: Session, case: Case) -> DecisionSeen | None:
    found = session.scalar(select(Decision).where(Decision.case_id == case.id).order_by(Decision.id.desc()).limit(1))
    if found is None:
        return None
    return DecisionSeen(
        reference=found.reference,
        outcome=Outcome(found.outcome),
        target=Target(Scope(found.scope), found.target) if found.scope and found.target else None,
        statement=Statement(**found.statement),
        provision=found.provision,
        decided_at=found.decided_at,
    )


def _listing(session: Session, case: Case) -> CaseListing | None:
    newest = select(Listing, listings.shown_target().label("target")).where(Listing.case_id == case.id).order_by(Listing.id.desc()).limit(1)
    row = session.execute(newest).one_or_none()
    if row is None:
        return None
    found = row.Listing
    return CaseListing(
        reference=found.reference,
        scope=Scope(found.scope),
        target=row.target,
        territories=tuple(found.territories),
        starts_at=found.starts_at,
        review_at=found.review_at,
        expires_at=found.expires_at,
        ended_at=found.ended_at,
        ended_because=found.ended_because,
        released_in=found.released_in,
    )


def _history(session: Session, case: Case, *, blind: bool, page: int) -> tuple[tuple[HistoryLine, ...], bool]:
    """One page of what was done, oldest first, page 1 the newest; and whether there is an older page."""
    query = select(AuditRecord.at, AuditRecord.action, AuditRecord.actor).where(AuditRecord.subject == f"case:{case.reference}")
    if blind:
        query = query.where(AuditRecord.action.in_(TOLD_TO_ALL))
    window = Window(page, policy.CASE_ACTS_SHOWN)
    rows = session.execute(query.order_by(AuditRecord.id.desc()).limit(window.many).offset(window.start)).all()
    shown, has_older = window.cut(rows)
    return tuple(HistoryLine(at=row.at, action=row.action, role=row.actor.partition(":")[0]) for row in reversed(shown)), has_older
