"""Destroys what reporters sent, by destroying its keys. Decides nothing: whoever calls knows that its time has come."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from moderation.models import ContactKey, Message, Report, ReportKey, ReportMark


def shred_texts(session: Session, report_ids: Sequence[int], *, at: datetime) -> None:
    """Destroy the keys of these reports and all that they open, the text and what was said about it since, with its marks."""
    kept = ReportKey.report_id.in_(report_ids), ReportKey.wrapped.is_not(None)
    session.execute(update(ReportKey).where(*kept).values(wrapped=None, shredded_at=at))
    session.execute(delete(ReportMark).where(ReportMark.report_id.in_(report_ids)))
    session.execute(delete(Message).where(Message.report_id.in_(report_ids)))
    emptied = {"sealed": None, "text_signature": None, "recipient": None, "receipt_recipient": None}
    session.execute(update(Report).where(Report.id.in_(report_ids)).values(emptied))


def shred_contacts(session: Session, report_ids: Sequence[int], *, at: datetime) -> None:
    """Destroy the keys of these reports' contacts, and the contacts."""
    kept = ContactKey.report_id.in_(report_ids), ContactKey.wrapped.is_not(None)
    session.execute(update(ContactKey).where(*kept).values(wrapped=None, shredded_at=at))
    session.execute(update(Report).where(Report.id.in_(report_ids), Report.contact.is_not(None)).values(contact=None))
