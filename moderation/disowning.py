"""What a reporter says is their own (a number, an address, a handle) leaves their report. Sees digests only; ends no listing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload

from moderation import audit, cases, receipts, resources, shredding
from moderation.errors import NotFound
from moderation.models import Case, CaseReport, Listing, Report, ResourceRow, Round
from moderation.states import Action, State
from moderation.vocabulary import N_, PUBLIC, Lane, Outcome, Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What is taken out. `mark` is its keyed digest; `words` stands for the report where it names nothing else."""

    kind: str
    canonical: str
    mark: bytes
    words: Resource


def take_out(session: Session, receipt_digest: bytes, own: Own, *, new_reference: Callable[[], UUID], at: datetime) -> bool:
    """Take something out of the report with this receipt; False where the report does not name it (any more). `at` is to the hour.

    The report stays, sealed. A case that no other report names is closed, and its address erased, unless it is on the list: that two
    people decided, and an appeal undoes. Whether others named it is told to nobody.

    Raises:
        ReceiptUnknown; NotFound: it is of a kind that reaches nobody.
    """
    if not resources.may_be_own(own.kind):
        raise NotFound(N_("Only what leads to a person can be taken out, such as a number or a name. You can take the whole report back."))
    report = receipts.report_of(session, receipt_digest, lock=True)
    resource = _locked(session, own)
    named = _cases(session, report, resource) if resource else []
    if resource is None or not named:
        return False
    shredding.unjoin(session, report.id, [case.id for case in named], own.mark)
    _let_go(session, resource, at=at)
    if not session.scalar(select(CaseReport.case_id).where(CaseReport.report_id == report.id).limit(1)):
        # A report without a case would be read by nobody.
        receipts.name_more(session, report, (own.words,), lane=Lane(report.lane), new_reference=new_reference, at=at)
    audit.record(session, actor=PUBLIC, action="own resource taken out", subject=f"report:{report.reference}", at=at)
    return True


def _locked(session: Session, own: Own) -> ResourceRow | None:
    # Before its cases: a report that is about to open one there holds the resource.
    query = select(ResourceRow).where(ResourceRow.kind == own.kind, ResourceRow.canonical == own.canonical)
    return session.scalar(query.with_for_update().execution_options(populate_existing=True))


def _cases(session: Session, report: Report, resource: ResourceRow) -> list[Case]:
    query = (
        select(Case)
        .join(CaseReport, CaseReport.case_id == Case.id)
        .where(CaseReport.report_id == report.id, Case.resource_id == resource.id)
        .options(joinedload(Case.resource, innerjoin=True))
        .order_by(Case.id)
    )
    return list(session.scalars(query.with_for_update(of=Case).execution_options(populate_existing=True)))


def _let_go(session: Session, resource: ResourceRow, *, at: datetime) -> None:
    """Close and erase what no report names any more."""
    of_it = select(Case.id).where(Case.resource_id == resource.id)
    named = select(func.count()).select_from(CaseReport).where(CaseReport.case_id.in_(of_it))
    listed = select(func.count()).select_from(Listing).where(Listing.case_id.in_(of_it))
    if session.scalar(select(named.scalar_subquery() + listed.scalar_subquery())):
        return
    left = select(Case).where(Case.resource_id == resource.id, Case.closed_at.is_(None)).options(joinedload(Case.resource))
    for case in session.scalars(left.with_for_update(of=Case).execution_options(populate_existing=True)):
        _close(session, case, at=at)
    shredding.erase_resources(session, [resource.id], at=at)


def _close(session: Session, case: Case, *, at: datetime) -> None:
    if case.state != State.WAITING:
        open_round = Round.case_id == case.id, Round.closed_at.is_(None)
        session.execute(update(Round).where(*open_round).values(closed_at=at, outcome=Outcome.WITHDRAWN))
    cases.advance(session, case, Action.TAKE_OUT, by=PUBLIC, at=at)
