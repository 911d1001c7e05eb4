"""Taking reports, and telling a reporter what became of one. Sees ciphertext and digests only; never who reports."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from moderation import audit, cases, policy
from moderation.errors import ReceiptUnknown
from moderation.models import Case, CaseReport, Decision, Report, ReportKey, ResourceRow
from moderation.states import State
from moderation.vocabulary import PUBLIC, SYSTEM, Outcome, Submission

SHREDDED_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceStatus:
    """Where one reported resource stands."""

    kind: str
    canonical: str
    host: str | None
    state: State
    outcome: Outcome | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportStatus:
    """What a receipt tells. `received_at` is to the hour."""

    received_at: datetime
    resources: tuple[ResourceStatus, ...]


def receive(session: Session, submission: Submission, *, new_reference: Callable[[], UUID], at: datetime) -> bool:
    """Store a sealed report and join it to the case of each resource it names.

    The same form sent twice (a double tap, a reload) carries the same receipt and is stored once; returns False the second time.
    `at` is to the hour.
    """
    report_id = _store(session, submission, at=at)
    if report_id is None:
        return False
    urgency = cases.Urgency(category=submission.category, danger_now=submission.danger_now, lane=submission.lane)
    joined = cases.open_or_join(session, submission.resources, urgency, new_reference=new_reference, at=at)
    session.execute(_JOIN, [{"case_id": case_id, "report_id": report_id} for case_id in joined])
    audit.record(
        session,
        actor=PUBLIC,
        action="report received",
        subject=f"report:{submission.reference}",
        at=at,
        detail={"resources": len(joined), "category": submission.category, "lane": submission.lane},
    )
    return True


def _store(session: Session, submission: Submission, *, at: datetime) -> int | None:
    given = {
        "reference": submission.reference,
        "received_at": at,
        "category": submission.category,
        "danger_now": submission.danger_now,
        "language": submission.language,
        "lane": submission.lane,
        "sealed": submission.sealed,
        "receipt_digest": submission.receipt_digest,
        "wrapped": submission.wrapped_identity,
    }
    return session.scalar(_KEEP, given)


def _keeping() -> ReturningInsert[int]:
    """One statement for a report and its key; it returns nothing where the same receipt is stored already."""
    report, key = Report.table(), ReportKey.table()
    names = ("reference", "received_at", "category", "danger_now", "language", "lane", "sealed", "receipt_digest")
    kept = insert_or(report).values({name: bindparam(name, type_=report.c[name].type) for name in names})
    stored = kept.on_conflict_do_nothing(index_elements=[report.c.receipt_digest]).returning(report.c.id).cte("stored")
    wrapped = select(stored.c.id, bindparam("wrapped", type_=key.c.wrapped.type))
    return insert(key).from_select(["report_id", "wrapped"], wrapped).returning(key.c.report_id)


_KEEP = _keeping()
_JOIN = insert(CaseReport.table()).inline()


def status(session: Session, receipt_digest: bytes) -> ReportStatus:
    """What became of the report with this receipt.

    Raises:
        ReceiptUnknown: no report has it.
    """
    report = session.execute(select(Report.id, Report.received_at).where(Report.receipt_digest == receipt_digest)).one_or_none()
    if report is None:
        raise ReceiptUnknown("No report has this code. Check each letter; codes are kept for as long as the report is.")
    rows = session.execute(
        select(Case.id, ResourceRow.kind, ResourceRow.canonical, ResourceRow.host, Case.state, Decision.outcome)
        .select_from(CaseReport)
        .join(Case, Case.id == CaseReport.case_id)
        .join(ResourceRow, ResourceRow.id == Case.resource_id)
        .outerjoin(Decision, Decision.case_id == Case.id)
        .where(CaseReport.report_id == report.id)
        .order_by(Case.id, Decision.id)
    )
    newest = {row.id: row for row in rows}
    found = tuple(
        ResourceStatus(
            kind=row.kind,
            canonical=row.canonical,
            host=row.host,
            state=State(row.state),
            outcome=Outcome(row.outcome) if row.outcome else None,
        )
        for row in newest.values()
    )
    return ReportStatus(received_at=report.received_at, resources=found)


def shred_old(session: Session, *, at: datetime) -> int:
    """Destroy the keys, and with them the texts, of reports older than `policy.REPORT_TEXT_KEPT`; returns how many.

    What was decided stays; what a reporter wrote cannot be read any more, by anyone.
    """
    old = select(Report.id).where(Report.received_at < at - policy.REPORT_TEXT_KEPT, Report.sealed.is_not(None)).limit(SHREDDED_AT_ONCE)
    keys = list(session.scalars(old))
    if not keys:
        return 0
    session.execute(update(ReportKey).where(ReportKey.report_id.in_(keys)).values(wrapped=None, shredded_at=at))
    session.execute(update(Report).where(Report.id.in_(keys)).values(sealed=None))
    audit.record(session, actor=SYSTEM, action="report texts shredded", subject="reports", at=at, detail={"reports": len(keys)})
    return len(keys)
