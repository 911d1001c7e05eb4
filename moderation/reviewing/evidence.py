"""What a case's reviewers judge by: its reports, what was said with their senders, and what lies near it. Shows; decides nothing."""

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from moderation import facts, policy
from moderation.models import Case, CaseReport, ContactKey, Message, Report, ReportKey
from moderation.reviewing import reach, related, sealing_away
from moderation.reviewing.case_view import Evidence
from moderation.reviewing.seen import MessageSeen, Nearness, Reason, ReportSeen
from moderation.vocabulary import Actor, Category, Lane, MessageKind, Resource

# Made once: to make one anew for each case costs more than to ask.
_QUESTION = aliased(Message, name="question")


def seen(session: Session, case: Case, resource: Resource, *, by: Actor, at: datetime) -> Evidence:
    """All of it; of a case whose address is sealed no report."""
    known = facts.known_hosts(session, resource.host)
    others = related.others(session, case, resource, known)
    same = Reason(Nearness.SAME_RESOURCE)
    return Evidence(
        reports=_reports(session, case) if case.resource.sealed_at is None else (),
        known_hosts=known,
        look_alikes=facts.look_alikes(session, resource.host),
        related=tuple(other for other in others if same not in other.reasons),
        earlier=tuple(other for other in others if same in other.reasons),
        rungs=reach.rungs(session, resource, by=by, at=at),
        sealed=sealing_away.seen(session, case, by=by),
    )


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
    rows = session.execute(
        select(Message, _QUESTION.reference.label("question"))
        .outerjoin(_QUESTION, _QUESTION.id == Message.answers_id)
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
