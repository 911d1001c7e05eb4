"""Empties what could tell of a resource whose address is sealed: reports, notes, papers. Decides nothing, and opens nothing."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, or_, select, update
from sqlalchemy.orm import Session, aliased

from moderation import shredding
from moderation.models import (
    Assessment,
    Case,
    CaseReport,
    Decision,
    EmergencyDelisting,
    FalsePositive,
    Listing,
    Message,
    ReferralRow,
    RefusedAssessment,
    Report,
    ReportKey,
    ReportMark,
    ResourceRow,
    Round,
    StoodAside,
)
from moderation.reviewing import papers
from moderation.vocabulary import MessageKind, Resource, Sealer

NOTHING_SAID = {"facts": "", "legal_ground": "", "explanation": ""}


def empty_reports(session: Session, case_ids: Sequence[int], named: Collection[Resource], sealer: Sealer, *, at: datetime) -> None:
    """Destroy what the reports of these cases say. Of one that serves another case too, only what names these is taken out.

    So it is of any other report whose text names them, which its marks tell.
    """
    theirs = select(CaseReport.report_id).where(CaseReport.case_id.in_(case_ids))
    alone = list(session.scalars(select(Report.id).where(Report.id.in_(theirs), ~_serves_another(case_ids)).order_by(Report.id)))
    marks = [sealer.mark(one) for one in named]
    marked = select(ReportMark.report_id).where(ReportMark.mark.in_(marks))
    others = list(session.scalars(select(Report.id).where(or_(Report.id.in_(theirs), Report.id.in_(marked)), Report.id.not_in(alone))))
    shredding.delete_words(session, case_ids)
    closed = _cut(session, others, named, sealer)
    shredding.shred_texts(session, [*alone, *closed], at=at)
    shredding.shred_contacts(session, alone, at=at)
    shredding.delete_marks(session, marks)


def empty_papers(session: Session, case_ids: Sequence[int]) -> None:
    """Empty what was written about these cases, whose addresses are sealed by now: what was concluded, when and by whom, stays."""
    listed = select(Listing.id).where(Listing.case_id.in_(case_ids))
    for written in (
        update(StoodAside).where(StoodAside.case_id.in_(case_ids)).values(because=""),
        update(ReferralRow).where(ReferralRow.case_id.in_(case_ids)).values(passed_on=""),
        update(EmergencyDelisting).where(EmergencyDelisting.listing_id.in_(listed)).values(note="", review_note=""),
        update(FalsePositive).where(FalsePositive.listing_id.in_(listed)).values(why="", contact=""),
    ):
        session.execute(written.execution_options(synchronize_session=False))
    _empty_assessments(session, case_ids)
    _empty_refused(session, case_ids)
    _empty_decisions(session, case_ids)


def _serves_another(case_ids: Sequence[int]) -> ColumnElement[bool]:
    """SQL: whether the report names something whose address is kept in clear, in another case."""
    joined = aliased(CaseReport)
    other = select(joined.case_id).join(Case, Case.id == joined.case_id).join(ResourceRow, ResourceRow.id == Case.resource_id)
    clear = ResourceRow.sealed_at.is_(None), ResourceRow.erased_at.is_(None)
    return other.where(joined.report_id == Report.id, Case.id.not_in(case_ids), *clear).exists()


def _cut(session: Session, report_ids: Sequence[int], named: Collection[Resource], sealer: Sealer) -> list[int]:
    """Take what names these out of the texts of reports and of what was said since; returns the reports that the desk cannot open."""
    closed = []
    for row in session.execute(_texts(report_ids)).all():
        text = sealer.cut(row.sealed, row.wrapped, named)
        if text is None:
            closed.append(row.id)
            continue
        session.execute(update(Report).where(Report.id == row.id).values(sealed=text).execution_options(synchronize_session=False))
        for said in session.execute(select(Message.id, Message.kind, Message.sealed).where(Message.report_id == row.id)).all():
            to_receipt = row.receipt_recipient if said.kind == MessageKind.QUESTION else None
            text = sealer.cut_message(said.sealed, row.wrapped, to_receipt, named)
            if text is None:
                shredding.delete_message(session, said.id)
            else:
                kept = update(Message).where(Message.id == said.id).values(sealed=text)
                session.execute(kept.execution_options(synchronize_session=False))
    return closed


def _texts(report_ids: Sequence[int]) -> Select[int, bytes | None, str | None, bytes | None]:
    query = select(Report.id, Report.sealed, Report.receipt_recipient, ReportKey.wrapped)
    query = query.join(ReportKey, ReportKey.report_id == Report.id).where(Report.id.in_(report_ids))
    return query.where(Report.sealed.is_not(None), ReportKey.wrapped.is_not(None)).order_by(Report.id).with_for_update(of=Report)


def _empty_assessments(session: Session, case_ids: Sequence[int]) -> None:
    query = select(Assessment.id, Assessment.answers, Assessment.target, Case.reference)
    query = query.join(Round, Round.id == Assessment.round_id).join(Case, Case.id == Round.case_id)
    for row in session.execute(query.where(Case.id.in_(case_ids))).all():
        target = shredding.SEALED + str(row.reference) if row.target else None
        act = update(Assessment).where(Assessment.id == row.id).values(answers=papers.emptied(row.answers), findings=[], target=target)
        session.execute(act.execution_options(synchronize_session=False))


def _empty_refused(session: Session, case_ids: Sequence[int]) -> None:
    query = select(RefusedAssessment.id, RefusedAssessment.answers, RefusedAssessment.findings)
    for row in session.execute(query.where(RefusedAssessment.case_id.in_(case_ids))).all():
        # Which checks refused stays: the overview counts it.
        emptied = {"answers": papers.emptied(row.answers), "findings": papers.without_words(row.findings)}
        act = update(RefusedAssessment).where(RefusedAssessment.id == row.id).values(emptied)
        session.execute(act.execution_options(synchronize_session=False))


def _empty_decisions(session: Session, case_ids: Sequence[int]) -> None:
    query = select(Decision.id, Decision.target, Case.reference).join(Case, Case.id == Decision.case_id)
    for row in session.execute(query.where(Case.id.in_(case_ids))).all():
        target = shredding.SEALED + str(row.reference) if row.target else None
        act = update(Decision).where(Decision.id == row.id).values(statement=NOTHING_SAID, detail={}, target=target)
        session.execute(act.execution_options(synchronize_session=False))
