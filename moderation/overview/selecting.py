"""Which rows each thing that is overdue stands for, and the days of a period. Shared by the figures and by the lists behind them."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import DateTime, FromClause, Select, column, exists, select, values
from sqlalchemy.orm import InstrumentedAttribute, aliased

from moderation import policy
from moderation.models import Case, Listing, Message, ReferralRow
from moderation.vocabulary import MessageKind, ReferralKind

DAY = timedelta(days=1)


class Overdue(StrEnum):
    """What should not wait for long, in the order in which a senior would look at it."""

    PAST_END = "past_end"
    REVIEW = "review"
    EXPIRING = "expiring"
    LEASES = "leases"
    UNREAD = "unread"
    QUESTIONS = "questions"
    RECEIPTS = "receipts"


def keys_of(what: Overdue, *, at: datetime) -> Select[Any]:
    """`id` of a case or listing with `since`, the longest overdue first. Each is in the order of an index, so a limit bounds the work."""
    soon = at + policy.EXPIRING_SOON
    lives = Listing.ended_at.is_(None)
    match what:
        case Overdue.PAST_END:
            return _by(Listing, Listing.expires_at).where(lives, Listing.expires_at <= at)
        case Overdue.REVIEW:
            return _by(Listing, Listing.review_at).where(lives, Listing.review_at <= at)
        case Overdue.EXPIRING:
            return _by(Listing, Listing.expires_at).where(lives, Listing.expires_at > at, Listing.expires_at <= soon)
        case Overdue.LEASES:
            return _by(Case, Case.lease_until).where(Case.holder_id.is_not(None), Case.lease_until <= at)
        case Overdue.UNREAD:
            return _by(Case, Case.opened_at).where(Case.unread, Case.closed_at.is_(None))
        case Overdue.QUESTIONS | Overdue.RECEIPTS:
            return _unanswered(at) if what is Overdue.QUESTIONS else _without_receipt(at)


def is_of_listings(what: Overdue) -> bool:
    """Whether it is listings that are overdue; cases otherwise."""
    return what in (Overdue.PAST_END, Overdue.REVIEW, Overdue.EXPIRING)


def days_until(at: datetime, number: int) -> tuple[datetime, ...]:
    """The starts of this many days in UTC, the present one last."""
    today = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return tuple(today - DAY * back for back in reversed(range(number)))


def days_as_rows(days: tuple[datetime, ...]) -> FromClause:
    """The days as a table with `day` and `until`, for a bounded look at each."""
    moment = DateTime(timezone=True)
    return values(column("day", moment), column("until", moment), name="days").data([(day, day + DAY) for day in days])


def _by(model: type[Case] | type[Listing], since: InstrumentedAttribute[Any]) -> Select[Any]:
    return select(model.id.label("id"), since.label("since")).order_by(since)


def _unanswered(at: datetime) -> Select[Any]:
    """Questions without an answer, in cases that are open still."""
    answer = aliased(Message)
    asked = (
        select(Message.id, Message.case_id, Message.at)
        .where(Message.kind == MessageKind.QUESTION, Message.at <= at - policy.QUESTION_OVERDUE)
        .order_by(Message.at.desc())
        .limit(policy.OVERVIEW_QUESTIONS)
        .subquery()
    )
    return (
        select(Case.id.label("id"), asked.c.at.label("since"))
        .join(Case, Case.id == asked.c.case_id)
        .where(Case.closed_at.is_(None), ~exists().where(answer.answers_id == asked.c.id))
        .order_by(asked.c.at)
    )


def _without_receipt(at: datetime) -> Select[Any]:
    """Cases that a hotline was told of and gave no receipt for, until their addresses go by themselves."""
    waits = ReferralRow.kind == ReferralKind.HOTLINE, ReferralRow.receipt_at.is_(None)
    overdue = ReferralRow.referred_at.between(at - policy.RESOURCE_KEPT, at - policy.HOTLINE_RECEIPT_OVERDUE)
    return (
        select(Case.id.label("id"), ReferralRow.table().c.referred_at.label("since"))
        .join(ReferralRow, ReferralRow.case_id == Case.id)
        .where(*waits, overdue)
        .order_by(ReferralRow.referred_at)
    )
