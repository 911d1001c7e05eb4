"""Destroys what reporters sent, by its keys, and erases addresses. Decides nothing: whoever calls knows that its time has come."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import String, Text, cast, delete, literal, or_, select, update
from sqlalchemy.orm import Session, aliased

from moderation import cases
from moderation.models import (
    AddressKey,
    Case,
    CaseNote,
    CaseReport,
    ContactKey,
    Message,
    NoticeRow,
    Observation,
    Report,
    ReportKey,
    ReportMark,
    ResourceRow,
    SealedAddress,
)
from moderation.vocabulary import MessageKind

ERASED = "erased:"
"""What stands where an erased address stood begins so, and goes on with its newest case's reference."""

SEALED = "sealed:"
"""The same where an address is sealed."""


def shred_texts(session: Session, report_ids: Sequence[int], *, at: datetime) -> None:
    """Destroy the keys of these reports and all that they open, the text and what was said about it since, with its marks."""
    kept = ReportKey.report_id.in_(report_ids), ReportKey.wrapped.is_not(None)
    session.execute(update(ReportKey).where(*kept).values(_shredded(at)))
    session.execute(delete(ReportMark).where(ReportMark.report_id.in_(report_ids)))
    session.execute(delete(Message).where(Message.report_id.in_(report_ids)))
    emptied = {"sealed": None, "text_signature": None, "recipient": None, "receipt_recipient": None}
    session.execute(update(Report).where(Report.id.in_(report_ids)).values(emptied))


def shred_contacts(session: Session, report_ids: Sequence[int], *, at: datetime) -> None:
    """Destroy the keys of these reports' contacts, and the contacts."""
    kept = ContactKey.report_id.in_(report_ids), ContactKey.wrapped.is_not(None)
    session.execute(update(ContactKey).where(*kept).values(_shredded(at)))
    session.execute(update(Report).where(Report.id.in_(report_ids), Report.contact.is_not(None)).values(contact=None))


def delete_words(session: Session, case_ids: Sequence[int]) -> None:
    """Delete what was asked and answered in these cases, noted between colleagues, and told to hosts."""
    for table in (Message, CaseNote, NoticeRow):
        session.execute(delete(table).where(table.case_id.in_(case_ids)).execution_options(synchronize_session=False))


def delete_message(session: Session, message_id: int) -> None:
    """Delete something said about a report, with the answer to it."""
    session.execute(
        delete(Message).where(or_(Message.id == message_id, Message.answers_id == message_id)).execution_options(synchronize_session=False)
    )


def delete_marks(session: Session, marks: Sequence[bytes]) -> None:
    """Let no report's text bear these marks any more."""
    session.execute(delete(ReportMark).where(ReportMark.mark.in_(marks)))


def unjoin(session: Session, report_id: int, case_ids: Sequence[int], mark: bytes) -> None:
    """Let a report name the resource of these cases no more: neither by joining nor by `mark`.

    What was asked about it and not answered is asked no more; an answer stays with the report.
    """
    session.execute(delete(CaseReport).where(CaseReport.report_id == report_id, CaseReport.case_id.in_(case_ids)))
    session.execute(delete(ReportMark).where(ReportMark.report_id == report_id, ReportMark.mark == mark))
    reply = aliased(Message)
    asked = Message.report_id == report_id, Message.case_id.in_(case_ids), Message.kind == MessageKind.QUESTION
    waits = ~select(reply.id).where(reply.answers_id == Message.id).exists()
    session.execute(delete(Message).where(*asked, waits).execution_options(synchronize_session=False))


def erase_resources(session: Session, keys: Sequence[int], *, at: datetime) -> None:
    """Erase the addresses of these resources, and what was seen of them.

    The cases stay, and point at a resource that names nothing. No digest is left: who has its key could try every address.
    """
    session.execute(update(AddressKey).where(AddressKey.resource_id.in_(keys), AddressKey.wrapped.is_not(None)).values(_shredded(at)))
    session.execute(delete(SealedAddress).where(SealedAddress.resource_id.in_(keys)))
    _forget(session, keys, ERASED, erased_at=at)
    cases.set_erased(session, keys)


def hide_resources(session: Session, keys: Sequence[int], *, at: datetime) -> None:
    """Take the addresses of these resources, and what was seen of them, out of what is kept in clear: they are sealed by now."""
    _forget(session, keys, SEALED, sealed_at=at)


def delete_leads(session: Session, canonicals: Sequence[str]) -> None:
    """Let nothing that was seen of other resources say any more that it led to these addresses; that it led elsewhere stays."""
    to = Observation.value["to"].astext
    leads = update(Observation).where(to.in_(canonicals), to != "").values(value=Observation.value.concat({"to": ""}))
    session.execute(leads.execution_options(synchronize_session=False))


def _forget(session: Session, keys: Sequence[int], instead: str, **told: datetime) -> None:
    newest = select(cast(Case.reference, String)).where(Case.resource_id == ResourceRow.id).order_by(Case.id.desc()).limit(1)
    name = literal(instead, Text) + newest.scalar_subquery()
    session.execute(delete(Observation).where(Observation.resource_id.in_(keys)))
    session.execute(
        update(ResourceRow)
        .where(ResourceRow.id.in_(keys))
        .values(canonical=name, host=None, domain=None, **told)
        .execution_options(synchronize_session=False)
    )


def _shredded(at: datetime) -> dict[str, Any]:
    return {"wrapped": None, "shredded_at": at}
