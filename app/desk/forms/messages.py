"""Reads what is said to others: notices that went out, and questions to reporters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from uuid import UUID

from flask_babel import gettext as _

from app.desk.forms.reader import Reader, reference
from moderation import policy


@dataclass(frozen=True, slots=True)
class NoticeTyped:
    """A message to a host, registrar or owner, as recorded by a moderator."""

    recipient: str
    proof: str
    sent_at: datetime | None
    faults: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class QuestionTyped:
    """A question to a reporter; `report` None asks those of all the reports shown. `once` is the form's own."""

    question: str
    report: UUID | None
    once: UUID | None
    faults: Mapping[str, str] = field(default_factory=dict)


def read_notice(form: Mapping[str, str], *, now: datetime) -> NoticeTyped:
    """A notice as recorded. A date without a time counts from that day's end, since the wait that follows must not come out too short."""
    read = Reader(form)
    recipient = read.text("recipient", needed=_("Write who the message went to."))
    proof = read.text("proof", needed=_("Write how this can be shown, such as the ticket number or the message's identifier."))
    sent_at = moment(form.get("sent_at", ""), now=now)
    if sent_at is None:
        read.faults["sent_at"] = _("Write the day it was sent, such as 2026-11-24.")
    elif sent_at > now:
        read.faults["sent_at"] = _("This day has not come yet. Write the day the message was sent.")
    return NoticeTyped(recipient, proof, sent_at, read.faults)


def read_question(form: Mapping[str, str]) -> QuestionTyped:
    """A question, and whom it is for."""
    read = Reader(form)
    question = read.text("question", needed=_("Write the question."), limit=policy.QUESTION_LIMIT)
    report = reference(form, "report")
    if form.get("report") and report is None:
        read.faults["report"] = _("Choose one of the reports shown, or all of them.")
    return QuestionTyped(question, report, reference(form, "once"), read.faults)


def moment(typed: str, *, now: datetime) -> datetime | None:
    """The time that a form names; a day alone counts to its end, and today until now. None where it names none."""
    try:
        moment = datetime.fromisoformat(typed.strip())
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    if len(typed.strip()) > len("2026-11-24"):
        return moment
    day_end = datetime.combine(moment.date(), time(23, 59), UTC)
    return now if moment.date() == now.date() else day_end
