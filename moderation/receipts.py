"""The report that a receipt follows, and what else it comes to name. Decides nothing about a case."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from moderation import cases
from moderation.errors import ReceiptUnknown
from moderation.models import Report
from moderation.urgency import Urgency
from moderation.vocabulary import N_, Category, Lane, Resource


def report_of(session: Session, receipt_digest: bytes, *, lock: bool = False) -> Report:
    """The report with this receipt; `lock` holds it against others until the transaction ends.

    Raises:
        ReceiptUnknown: no report has it.
    """
    query = select(Report).where(Report.receipt_digest == receipt_digest)
    if lock:
        # Of two forms sent at once the second waits; messages and joins may still point at the report.
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise ReceiptUnknown(N_("We know no report with this code. Check each letter. A code is gone once its report is deleted."))
    return found


def name_more(
    session: Session, report: Report, found: Sequence[Resource], *, lane: Lane, new_reference: Callable[[], UUID], at: datetime
) -> None:
    """Join the report to the cases of what it names besides; those take the slower of `lane` and its own. `at` is to the hour."""
    if not found:
        return
    cases.keep(session, found, at=at)
    urgency = Urgency(
        category=Category(report.category),
        danger_now=report.danger_now,
        lane=Lane.SLOW if Lane.SLOW in (lane, report.lane) else lane,
        from_partner=report.partner_id is not None,
    )
    cases.join(session, report.id, found, urgency, new_reference=new_reference, at=at)
