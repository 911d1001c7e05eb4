"""Releases as tests make them and look at them."""

from datetime import timedelta

from sqlalchemy import select

from moderation import publishing, reviewing
from moderation.models import ChangeLog
from tests import builders
from tests.builders import NOON

REASON = "The owner took the offer down."


def site(number: int) -> str:
    return f"https://site{number}.test/offer"


def delist(session, decided, *, at=NOON) -> None:
    reviewing.delist(session, decided.listing, REASON, by=builders.person(session), at=at)


def brief(session, text_: str = site(1)):
    return builders.listed(session, text_, expires_after=timedelta(days=10), review_after=timedelta(days=5))


def listed_at(session, number: int) -> list[str]:
    return [entry.target for entry in publishing.entries(session, number)]


def changes(session, number: int) -> list[tuple[str, str]]:
    rows = session.scalars(select(ChangeLog).where(ChangeLog.release_number == number).order_by(ChangeLog.id))
    return [(row.action, row.target) for row in rows]
