"""Questions to reporters, answers, additions, and taking a report back. Sees ciphertext and digests only; tells no reporter who asks."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from moderation import audit, cases, policy, receipts, shredding, states
from moderation.errors import (
    HeldByAnother,
    IllegalTransition,
    NobodyToAsk,
    NotFound,
    QuestionClosed,
    ReportWithdrawn,
    TooManyMessages,
)
from moderation.models import Case, CaseReport, Message, Report, ReportMark
from moderation.vocabulary import N_, PUBLIC, Actor, Lane, MessageKind, Resource

# Made once: to make it anew for each reader costs more than to ask.
_ANSWER = aliased(Message, name="answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAsked:
    """One question, as its reporter may see it: still sealed, to the receipt's key among others. `asked_at` is to the hour."""

    reference: UUID
    sealed: bytes
    asked_at: datetime
    is_answered: bool
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """What a receipt can be used for now."""

    questions: tuple[QuestionAsked, ...]
    may_add: bool
    may_withdraw: bool
    withdrawn_at: datetime | None


def conversation(session: Session, receipt_digest: bytes) -> Conversation:
    """What was asked of the report with this receipt, and what its reporter may do.

    Raises:
        ReceiptUnknown: no report has it.
    """
    report = receipts.report_of(session, receipt_digest)
    rows = session.execute(
        select(Message, Case.closed_at, _ANSWER.id.label("answer_id"))
        .join(Case, Case.id == Message.case_id)
        .outerjoin(_ANSWER, _ANSWER.answers_id == Message.id)
        .where(Message.report_id == report.id, Message.kind == MessageKind.QUESTION)
        .order_by(Message.id.desc())
    )
    return Conversation(
        questions=tuple(
            QuestionAsked(
                reference=row.Message.reference,
                sealed=row.Message.sealed,
                asked_at=row.Message.at,
                is_answered=row.answer_id is not None,
                is_open=row.answer_id is None and row.closed_at is None,
            )
            for row in rows
        ),
        may_add=report.recipient is not None and bool(_open_cases(session, report)),
        may_withdraw=report.withdrawn_at is None and (report.sealed is not None or report.contact is not None),
        withdrawn_at=report.withdrawn_at,
    )


def ask(
    session: Session, reference: UUID, report: UUID | None, seal: Callable[[str, str], bytes], *, once: UUID, by: Actor, at: datetime
) -> None:
    """Ask one of a case's reporters, or (None) those of all the reports that its page shows. `once` makes a form sent twice one question.

    `seal` encrypts to the report's key and the receipt's. Who asked is in the record, and nowhere that a reporter can see. Nothing
    tells how many were asked.

    Raises:
        HeldByAnother, IllegalTransition, NotFound; NobodyToAsk; TooManyMessages: as many questions wait as may.
    """
    askable = _askable(session, reference, report)
    case = cases.fetch(session, reference, lock=True)
    if case.holder_id is None or case.holder_id != by.person_id:
        raise HeldByAnother(N_("Claim the case first: only who works on it asks."))
    if case.state not in states.REVIEWABLE:
        raise IllegalTransition(N_("This case is decided, so there is nothing left to ask."))
    asked = {uuid.uuid5(once, str(one.reference)): one for one in askable}
    if not asked:
        raise NobodyToAsk(
            N_("This cannot be asked: the report was withdrawn, its time is over, or it came before questions could be asked.")
        )
    if session.scalar(select(Message.id).where(Message.reference.in_(asked)).limit(1)):
        return
    waiting = _waiting(session, [one.id for one in asked.values()])
    free = {key: one for key, one in asked.items() if waiting.get(one.id, 0) < policy.OPEN_QUESTIONS_PER_REPORT}
    if not free:
        raise TooManyMessages(N_("Other questions still wait for an answer here. Ask again when one of them is answered."))
    kind = MessageKind.QUESTION
    rows = [_row(key, one.id, kind, seal(one.recipient, one.receipt_recipient), at=at, case_id=case.id) for key, one in free.items()]
    session.execute(insert(Message), rows)
    audit.record(session, actor=by, action="question asked", subject=f"case:{case.reference}", at=at)


def answer(
    session: Session, receipt_digest: bytes, question: UUID, seal: Callable[[str], bytes], *, marks: Sequence[bytes] = (), at: datetime
) -> bool:
    """Store the answer to a question, sealed to the report's key; False where it is answered already. `at` is to the hour.

    `marks` are keyed digests of what it names, as those of the report's own text.

    Raises:
        ReceiptUnknown, ReportWithdrawn, NotFound; QuestionClosed: its case is decided.
    """
    report = _talking(session, receipt_digest)
    found = session.execute(
        select(Message, Case.closed_at)
        .join(Case, Case.id == Message.case_id)
        .where(Message.reference == question, Message.report_id == report.id, Message.kind == MessageKind.QUESTION)
    ).one_or_none()
    if found is None:
        raise NotFound(N_("This question is not there any more."))
    if session.scalar(select(Message.id).where(Message.answers_id == found.Message.id)):
        return False
    if found.closed_at is not None:
        raise QuestionClosed(N_("This was decided in the meantime, so no answer is needed any more. Thank you all the same."))
    row = _row(uuid.uuid5(question, "answer"), report.id, MessageKind.ANSWER, seal(report.recipient), at=at, case_id=found.Message.case_id)
    session.execute(insert(Message).values(row | {"answers_id": found.Message.id}))
    if marks:
        rows = [{"mark": mark, "report_id": report.id} for mark in dict.fromkeys(marks)]
        session.execute(insert(ReportMark).on_conflict_do_nothing(), rows)
    cases.set_unread(session, [found.Message.case_id])
    audit.record(session, actor=PUBLIC, action="answer received", subject=f"report:{report.reference}", at=at)
    return True


def add(
    session: Session,
    receipt_digest: bytes,
    found: Sequence[Resource],
    seal: Callable[[str], bytes],
    *,
    lane: Lane,
    once: UUID,
    new_reference: Callable[[], UUID],
    at: datetime,
) -> bool:
    """Store what a reporter adds, and join the report to the cases of what it names; False where the same form came before.

    Those take the slower of `lane` and the report's own. `at` is to the hour.

    Raises:
        ReceiptUnknown, ReportWithdrawn; QuestionClosed: everything in it is decided; TooManyMessages.
    """
    report = _talking(session, receipt_digest)
    reference = uuid.uuid5(once, str(report.reference))
    if session.scalar(select(Message.id).where(Message.reference == reference)):
        return False
    if not _open_cases(session, report):
        raise QuestionClosed(N_("Everything in this report is decided. If you know more now, please send a new report."))
    so_far = select(func.count()).where(Message.report_id == report.id, Message.kind == MessageKind.ADDITION)
    if (session.scalar(so_far) or 0) >= policy.ADDITIONS_PER_REPORT:
        raise TooManyMessages(N_("This report is full. Please send the rest in a new report."))
    session.execute(insert(Message).values(_row(reference, report.id, MessageKind.ADDITION, seal(report.recipient), at=at)))
    receipts.name_more(session, report, found, lane=lane, new_reference=new_reference, at=at)
    cases.set_unread(session, _open_cases(session, report))
    subject = f"report:{report.reference}"
    audit.record(session, actor=PUBLIC, action="report added to", subject=subject, at=at, detail={"resources": len(found)})
    return True


def withdraw(session: Session, receipt_digest: bytes, *, at: datetime) -> bool:
    """Take a report back: its text, contact and messages are destroyed at once; its cases go on. False where it was withdrawn before.

    `at` is to the hour.

    Raises:
        ReceiptUnknown.
    """
    report = receipts.report_of(session, receipt_digest, lock=True)
    if report.withdrawn_at is not None:
        return False
    shredding.shred_texts(session, [report.id], at=at)
    shredding.shred_contacts(session, [report.id], at=at)
    session.execute(update(Report).where(Report.id == report.id).values(withdrawn_at=at))
    audit.record(session, actor=PUBLIC, action="report withdrawn", subject=f"report:{report.reference}", at=at)
    return True


def mark_read(session: Session, reference: UUID, newest: UUID, *, by: Actor) -> None:
    """Note that the case's messages were read, up to the newest that its page showed.

    Raises:
        NotFound; HeldByAnother: somebody else works on it.
    """
    case = cases.fetch(session, reference, lock=True)
    if case.holder_id is None or case.holder_id != by.person_id:
        raise HeldByAnother(N_("Claim the case first: what is new stays marked for whoever works on it."))
    case.read_up_to = max(case.read_up_to or 0, session.scalar(select(Message.id).where(Message.reference == newest)) or 0)
    newer = (
        select(Message.id)
        .join(CaseReport, CaseReport.report_id == Message.report_id)
        .where(CaseReport.case_id == case.id, Message.id > case.read_up_to, Message.kind != MessageKind.QUESTION)
    )
    case.unread = session.scalar(newer.limit(1)) is not None
    session.flush()


def _talking(session: Session, receipt_digest: bytes) -> Any:  # noqa: ANN401 - a report whose recipient is there
    report = receipts.report_of(session, receipt_digest, lock=True)
    if report.withdrawn_at is not None:
        raise ReportWithdrawn(N_("You took this report back, so nothing can be added to it. You can send a new one."))
    if report.recipient is None:
        raise QuestionClosed(N_("This report's time is over, so nothing can be added to it. You can send a new one."))
    return report


def _askable(session: Session, case: UUID, reference: UUID | None) -> Sequence[Any]:
    """Of the reports that the case's page shows those that can be asked; none is withdrawn until the transaction ends.

    They are locked before the case, as by whoever answers, adds or withdraws, so that nobody waits in a circle.
    """
    of_it = select(Case.id).where(Case.reference == case).scalar_subquery()
    first = select(CaseReport.report_id).where(CaseReport.case_id == of_it).order_by(CaseReport.report_id)
    shown = first.limit(policy.REPORTS_ASKED_AT_ONCE).subquery()
    query = select(Report.id, Report.reference, Report.recipient, Report.receipt_recipient)
    query = query.join(shown, shown.c.report_id == Report.id).where(Report.recipient.is_not(None)).order_by(Report.id)
    query = query.where(Report.reference == reference) if reference else query
    return session.execute(query.with_for_update(of=Report, key_share=True)).all()


def _waiting(session: Session, report_ids: Sequence[int]) -> dict[int, int]:
    """How many questions wait for an answer, by report."""
    rows = session.execute(
        select(Message.report_id, func.count().label("waiting"))
        .join(Case, Case.id == Message.case_id)
        .outerjoin(_ANSWER, _ANSWER.answers_id == Message.id)
        .where(Message.report_id.in_(report_ids), Message.kind == MessageKind.QUESTION, _ANSWER.id.is_(None), Case.closed_at.is_(None))
        .group_by(Message.report_id)
    )
    return {row.report_id: row.waiting for row in rows}


def _open_cases(session: Session, report: Report) -> list[int]:
    query = select(Case.id).join(CaseReport, CaseReport.case_id == Case.id)
    return list(session.scalars(query.where(CaseReport.report_id == report.id, Case.closed_at.is_(None)).order_by(Case.id)))


def _row(reference: UUID, report_id: int, kind: MessageKind, sealed: bytes, *, at: datetime, case_id: int | None = None) -> dict[str, Any]:
    return {"reference": reference, "report_id": report_id, "kind": kind, "sealed": sealed, "at": at, "case_id": case_id}
