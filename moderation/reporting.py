"""Taking reports, and telling a reporter what became of one. Sees ciphertext and digests only; never who reports."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, ScalarSelect, select
from sqlalchemy.orm import Session

from moderation import audit, cases, receipts, resources
from moderation.joining import STORE
from moderation.models import Case, CaseReport, Decision, Listing, ResourceRow
from moderation.states import State
from moderation.urgency import Urgency, stage_points
from moderation.vocabulary import PUBLIC, Outcome, Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceStatus:
    """Where one reported resource stands."""

    kind: str
    canonical: str
    host: str | None
    state: State
    outcome: Outcome | None
    """Of its case, or of the one that the case turned out to be a duplicate of."""
    is_temporary: bool = False
    """It is on the list for a week at most."""
    is_erased: bool = False
    """Its address is kept no longer."""
    is_sealed: bool = False
    """Its address is sealed for a hotline."""

    @property
    def address(self) -> str | None:
        """What its reporter may read of it; None where it was words (a digest would tell nothing), or is sealed, or kept no longer."""
        return None if self.is_hidden or self.kind == resources.WORDS else self.canonical

    @property
    def may_be_own(self) -> bool:
        """It leads to a person, who may be its reporter."""
        return not self.is_hidden and resources.may_be_own(self.kind)

    @property
    def is_hidden(self) -> bool:
        """Its address is not kept in clear."""
        return self.is_erased or self.is_sealed


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
    stored = session.execute(STORE, _values(submission, urgency, new_reference, at=at)).all()
    if not stored:
        return False
    first = stored[0]
    if first.opened < len(submission.resources):
        # Of a report that opened some cases and joins others, those that it opened are looked up with the rest.
        known = [row for row in stored if row.id is not None] if first.opened == 0 else ()
        cases.join(session, first.report_id, submission.resources, urgency, known=known, new_reference=new_reference, at=at)
    return True


def _urgency(submission: Submission) -> Urgency:
    return Urgency(
        category=submission.category,
        danger_now=submission.danger_now,
        lane=submission.lane,
        from_partner=submission.partner_id is not None,
        channel=submission.channel,
        stage_points=stage_points(submission.stages),
    )


def _values(submission: Submission, urgency: Urgency, new_reference: Callable[[], UUID], *, at: datetime) -> dict[str, Any]:
    named = [one | {"case_reference": str(new_reference())} for one in cases.as_given(submission.resources)]
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
        "resources": named,
    }
    detail = {"resources": len(named), "category": submission.category, "lane": submission.lane}
    noted = audit.row(actor=PUBLIC, action="report received", subject=f"report:{submission.reference}", at=at, detail=detail)
    return report | noted | cases.opening(urgency, at=at)


def status(session: Session, receipt_digest: bytes) -> ReportStatus:
    """What became of the report with this receipt.

    Raises:
        ReceiptUnknown: no report has it.
    """
    report = receipts.report_of(session, receipt_digest)
    standing, on_list = _standing(report.id), _on_list()
    rows = session.execute(
        select(standing.c.named, ResourceRow.kind, ResourceRow.canonical, ResourceRow.host)
        .add_columns(ResourceRow.erased_at, ResourceRow.sealed_at)
        .add_columns(Case.state, Decision.outcome, on_list.label("temporary"))
        .select_from(standing)
        .join(ResourceRow, ResourceRow.id == standing.c.resource)
        .join(Case, Case.id == standing.c.stands)
        .outerjoin(Decision, Decision.case_id == Case.id)
        .where(Case.duplicate_of_id.is_(None))
        .order_by(standing.c.named, Decision.id)
    )
    newest = {row.named: row for row in rows}
    return ReportStatus(received_at=report.received_at, resources=tuple(map(_status, newest.values())))


def _standing(report_id: int) -> CTE:
    """Each case that the report opened or joined (`named`), with those it is a duplicate of, one after the other (`stands`)."""
    own = select(Case.id.label("named"), Case.resource_id.label("resource"), Case.id.label("stands"), Case.duplicate_of_id.label("after"))
    own = own.join(CaseReport, CaseReport.case_id == Case.id).where(CaseReport.report_id == report_id, ~CaseReport.merged)
    chain = own.cte("standing", recursive=True)
    following = select(chain.c.named, chain.c.resource, Case.id, Case.duplicate_of_id).join(Case, Case.id == chain.c.after)
    # Ends: a duplicate never becomes anything else, and none is joined to a duplicate, so no chain comes back to itself.
    return chain.union_all(following)


def _on_list() -> ScalarSelect[bool]:
    """SQL: whether what lives on the list is temporary; null where nothing lives."""
    living = select(Listing.temporary).where(Listing.case_id == Case.id, Listing.ended_at.is_(None))
    return living.limit(1).scalar_subquery()


def _status(row: Any) -> ResourceStatus:  # noqa: ANN401 - a row of labels
    # What is proposed anew stays on the list meanwhile, and that is what its reporter wants to know.
    is_renewed = row.temporary is not None and row.state in (State.PROPOSED, State.AWAITING_THIRD)
    return ResourceStatus(
        kind=row.kind,
        canonical=row.canonical,
        host=row.host,
        state=State.LISTED if is_renewed else State(row.state),
        outcome=Outcome(row.outcome) if row.outcome else None,
        is_temporary=bool(row.temporary),
        is_erased=row.erased_at is not None,
        is_sealed=row.sealed_at is not None and row.erased_at is None,
    )
