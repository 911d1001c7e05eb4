"""Taking reports, and telling a reporter what became of one. Sees ciphertext and digests only; never who reports."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from moderation import audit, cases, receipts, resources
from moderation.joining import STORE
from moderation.models import Case, CaseReport, Decision, ResourceRow
from moderation.states import State
from moderation.vocabulary import PUBLIC, Outcome, Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceStatus:
    """Where one reported resource stands."""

    kind: str
    canonical: str
    host: str | None
    state: State
    outcome: Outcome | None
    is_erased: bool = False
    """Its address is kept no longer."""

    @property
    def address(self) -> str | None:
        """What its reporter may read of it; None where it was words (a digest would tell nothing), or is kept no longer."""
        return None if self.is_erased or self.kind == resources.WORDS else self.canonical

    @property
    def may_be_own(self) -> bool:
        """It leads to a person, who may be its reporter."""
        return not self.is_erased and resources.may_be_own(self.kind)


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
    urgency = _urgency(submission)
    stored = session.execute(STORE, _values(submission, urgency, new_reference, at=at)).one_or_none()
    if stored is None:
        return False
    if stored.opened < len(submission.resources):
        cases.join(session, stored.id, submission.resources, urgency, new_reference=new_reference, at=at)
    return True


def _urgency(submission: Submission) -> cases.Urgency:
    return cases.Urgency(
        category=submission.category,
        danger_now=submission.danger_now,
        lane=submission.lane,
        from_partner=submission.partner_id is not None,
        channel=submission.channel,
        stage_points=cases.stage_points(submission.stages),
    )


def _values(submission: Submission, urgency: cases.Urgency, new_reference: Callable[[], UUID], *, at: datetime) -> dict[str, Any]:
    # Two reports that store the same resources store them in the same order, so that they never wait for each other in a circle.
    ordered = sorted(submission.resources, key=lambda resource: (resource.kind, resource.canonical))
    report = {
        "reference": submission.reference,
        "language": submission.language,
        "sealed": submission.sealed,
        "receipt_digest": submission.receipt_digest,
        "wrapped": submission.wrapped_identity,
        "text_signature": submission.text_signature,
        "marks": list(dict.fromkeys(submission.marks)),
        "partner_id": submission.partner_id,
        "recipient": submission.recipient,
        "receipt_recipient": submission.receipt_recipient,
        "contact": submission.contact,
        "wrapped_contact": submission.wrapped_contact_identity,
        "desk_key": submission.desk_key,
    }
    resources: dict[str, Any] = {name: [getattr(one, name) for one in ordered] for name in ("kind", "canonical", "host", "domain")}
    resources["case_reference"] = [new_reference() for _ in ordered]
    detail = {"resources": len(ordered), "category": submission.category, "lane": submission.lane}
    noted = audit.row(actor=PUBLIC, action="report received", subject=f"report:{submission.reference}", at=at, detail=detail)
    return report | resources | noted | cases.opening(urgency, at=at)


def status(session: Session, receipt_digest: bytes) -> ReportStatus:
    """What became of the report with this receipt.

    Raises:
        ReceiptUnknown: no report has it.
    """
    report = receipts.report_of(session, receipt_digest)
    rows = session.execute(
        select(Case.id, ResourceRow.kind, ResourceRow.canonical, ResourceRow.host, ResourceRow.erased_at, Case.state, Decision.outcome)
        .select_from(CaseReport)
        .join(Case, Case.id == CaseReport.case_id)
        .join(ResourceRow, ResourceRow.id == Case.resource_id)
        .outerjoin(Decision, Decision.case_id == Case.id)
        .where(CaseReport.report_id == report.id, ~CaseReport.merged)
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
            is_erased=row.erased_at is not None,
        )
        for row in newest.values()
    )
    return ReportStatus(received_at=report.received_at, resources=found)
