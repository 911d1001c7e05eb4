"""Asks for jobs that run if, and only if, the present transaction commits: app/due.py writes them just before. Knows no activity."""

from typing import Final

from sqlalchemy.orm import Session

from moderation.vocabulary import Due

ASKED: Final = "due"
"""Where a session keeps what was asked of it."""

TRANSFER_KEYS: Final = Due("transfer_keys")
"""Due whenever the transfer keys that open something change: the name server takes them, and lets go of those that ended."""


def require(session: Session, *jobs: Due) -> None:
    """Have these jobs run once what was done here is committed; each is written once, however often it is asked for."""
    session.info.setdefault(ASKED, []).extend(jobs)
