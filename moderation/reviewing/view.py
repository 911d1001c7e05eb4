"""What one person may see of one case. Blindness is kept here: a seat sees nothing of what others concluded until its own is stored."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session, aliased

from moderation import cases, facts, holding, independence, leaving, listings, policy, states
from moderation.errors import NotAllowed, Refusal
from moderation.models import (
    Assessment,
    AuditRecord,
    Case,
    CaseReport,
    ContactKey,
    Decision,
    Listing,
    Message,
    Person,
    RefusedAssessment,
    Report,
    ReportKey,
    Round,
)
from moderation.reviewing import outcomes, papers, reach, related, sealing_away, suspecting, teamwork
from moderation.reviewing.seen import (
    AssessmentSeen,
    CaseListing,
    CaseView,
    DecisionSeen,
    HistoryLine,
    MessageSeen,
    Nearness,
    Reason,
    RefusedSeen,
    ReportSeen,
)
from moderation.states import State
from moderation.vocabulary import (
    N_,
    REVIEWING_ROLES,
    Actor,
    Category,
    Lane,
    MessageKind,
    Outcome,
    Role,
    Scope,
    Statement,
    Target,
)

HISTORY_SHOWN = 100
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


def view(session: Session, reference: UUID, *, by: Actor, at: datetime, history_page: int = 1) -> CaseView:
    """The case as this person may see it; of its history the newest acts, or an older page of them.

    Raises:
        NotFound; NotAllowed: the role does not review.
    """
    if by.role not in REVIEWING_ROLES:
        raise NotAllowed(N_("Your role does not review cases."))
    case = cases.fetch(session, reference)
    resource = facts.resource_of(case.resource)
    rounds = _assessments(session, case)
    mine = {row.Assessment.round_id for row in rounds if row.Assessment.moderator_id == by.person_id}
    blind = case.state in states.REVIEWABLE
    shown = [row for row in rounds if row.Assessment.round_id in mine or not (blind or _may_be_proposed_again(case, row.Assessment))]
    seat, why_not = _seat(session, case, by=by)
    holder = session.scalar(select(Person.name).where(Person.id == case.holder_id)) if case.holder_id else None
    known = facts.known_hosts(session, resource.host)
    others = related.others(session, case, resource, known)
    hidden = teamwork.kept_from(session, case, by=by)
    notes, notes_hidden = teamwork.notes(session, case, hidden=hidden)
    history, has_older_history = _history(session, case, blind=blind, page=history_page)
    return CaseView(
        reference=case.reference,
        resource=resource,
        state=State(case.state),
        lane=Lane(case.lane),
        category=Category(case.category),
        danger_now=case.danger_now,
        from_partner=case.from_partner,
        priority=case.priority,
        channels=case.channels,
        stage_points=case.stage_points,
        age_points=case.age_points,
        due_for=case.due_for,
        opened_at=case.opened_at,
        version=case.version,
        is_mine=case.holder_id is not None and case.holder_id == by.person_id,
        holder_name=holder,
        lease_until=case.lease_until,
        is_last_lease=holding.is_last_lease(case),
        seat=seat,
        may_act=seat is not None and not why_not,
        why_not=why_not,
        is_blind=blind and len(shown) < len(rounds),
        is_for_a_senior=seat == 1 and outcomes.is_for_a_senior(session, case, by=by),
        somebody_left=case.state in (State.PROPOSED, State.AWAITING_THIRD) and leaving.somebody_left(session, case),
        is_my_proposal=_is_my_proposal(session, case, by=by),
        reports=_reports(session, case) if case.resource.sealed_at is None else (),
        known_hosts=known,
        look_alikes=facts.look_alikes(session, resource.host),
        notices=teamwork.notices(session, case, hidden=hidden),
        related=tuple(other for other in others if Reason(Nearness.SAME_RESOURCE) not in other.reasons),
        earlier=tuple(other for other in others if Reason(Nearness.SAME_RESOURCE) in other.reasons),
        rungs=reach.rungs(session, resource, by=by, at=at),
        assessments=tuple(_assessment(row) for row in shown),
        refused=_refused(session, case, by=by),
        decision=_decision(session, case) if not blind else None,
        # Who looks again at what is listed sees what that is; a blind seat of a renewal does not.
        listing=_listing(session, case) if not blind or case.state in (State.RE_REVIEW, State.SUSPENDED) else None,
        history=history,
        has_older_history=has_older_history,
        notes=notes,
        notes_hidden=notes_hidden,
        kept_from=hidden,
        colleagues=teamwork.colleagues(session, case, by=by) if case.holder_id == by.person_id or by.role is Role.SENIOR else (),
        sealed=sealing_away.seen(session, case, by=by),
        a_colleague_suspects=case.closed_at is None and suspecting.a_colleague_does(session, case, by=by),
    )


def _may_be_proposed_again(case: Case, assessment: Assessment) -> bool:
    """A proposal that was taken back before the case was put aside: the seats of the next one must not have read it."""
    return case.state in states.PARKED and assessment.outcome in (Outcome.LIST, Outcome.LIST_TEMPORARY)


def _seat(session: Session, case: Case, *, by: Actor) -> tuple[int | None, str]:
    try:
        return independence.require_seat(session, case, by=by), ""
    except Refusal as refusal:
        return None, str(refusal)


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


def _is_my_proposal(session: Session, case: Case, *, by: Actor) -> bool:
    if case.state not in (State.PROPOSED, State.AWAITING_THIRD):
        return False
    proposer = (
        select(Assessment.moderator_id)
        .join(Round, Round.id == Assessment.round_id)
        .where(Round.case_id == case.id, Round.closed_at.is_(None), Assessment.seat == 1)
    )
    return session.scalar(proposer) == by.person_id


def _reports(session: Session, case: Case) -> tuple[ReportSeen, ...]:
    # The first to come, chosen before anything else of them is read: some cases have thousands.
    first = (
        select(CaseReport.report_id)
        .where(CaseReport.case_id == case.id)
        .order_by(CaseReport.report_id)
        .limit(policy.REPORTS_ASKED_AT_ONCE)
        .subquery()
    )
    rows = session.execute(
        select(Report, ReportKey.wrapped, ContactKey.wrapped.label("wrapped_contact"))
        .join(first, first.c.report_id == Report.id)
        .outerjoin(ReportKey, ReportKey.report_id == Report.id)
        .outerjoin(ContactKey, ContactKey.report_id == Report.id)
        .order_by(Report.received_at, Report.id)
    )
    said = _messages(session, case, select(first.c.report_id))
    return tuple(
        ReportSeen(
            reference=row.Report.reference,
            received_at=row.Report.received_at,
            category=Category(row.Report.category),
            danger_now=row.Report.danger_now,
            language=row.Report.language,
            lane=Lane(row.Report.lane),
            sealed=row.Report.sealed,
            wrapped_identity=row.wrapped,
            text_signature=row.Report.text_signature,
            contact=row.Report.contact,
            wrapped_contact_identity=row.wrapped_contact,
            withdrawn_at=row.Report.withdrawn_at,
            can_be_asked=row.Report.recipient is not None,
            messages=tuple(said.get(row.Report.id, ())),
        )
        for row in rows
    )


def _messages(session: Session, case: Case, report_ids: Select[int]) -> dict[int, list[MessageSeen]]:
    """What the desk and the reporters said to each other, oldest first, by report. Every seat sees it: an answer is evidence."""
    question = aliased(Message)
    rows = session.execute(
        select(Message, question.reference.label("question"))
        .outerjoin(question, question.id == Message.answers_id)
        .where(Message.report_id.in_(report_ids))
        .order_by(Message.id)
    )
    said: dict[int, list[MessageSeen]] = {}
    for row in rows:
        found: Message = row.Message
        seen = MessageSeen(
            reference=found.reference,
            kind=MessageKind(found.kind),
            sealed=found.sealed,
            at=found.at,
            answers=row.question,
            place=found.id,
            is_new=found.kind != MessageKind.QUESTION and found.id > (case.read_up_to or 0),
        )
        said.setdefault(found.report_id, []).append(seen)
    return said


def _refused(session: Session, case: Case, *, by: Actor) -> RefusedSeen | None:
    newest = (
        select(RefusedAssessment)
        .where(RefusedAssessment.case_id == case.id, RefusedAssessment.moderator_id == by.person_id)
        .order_by(RefusedAssessment.made_at.desc())
        .limit(1)
    )
    found = session.scalar(newest)
    if found is None:
        return None
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
    start = (max(1, page) - 1) * HISTORY_SHOWN
    rows = session.execute(query.order_by(AuditRecord.id.desc()).limit(HISTORY_SHOWN + 1).offset(start)).all()
    lines = tuple(HistoryLine(at=row.at, action=row.action, role=row.actor.partition(":")[0]) for row in reversed(rows[:HISTORY_SHOWN]))
    return lines, len(rows) > HISTORY_SHOWN
