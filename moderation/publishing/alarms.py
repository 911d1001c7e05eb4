"""What the newest releases show that a person must look at. Holds nothing up: a shrinking or empty list is published all the same."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from moderation import growth, policy
from moderation.models import Release
from moderation.publishing.letting_go import held_count
from moderation.publishing.releases import newest
from moderation.vocabulary import N_

Alarm = tuple[str, dict[str, int]]
"""A marked sentence, and what fills its places."""


def alarms(session: Session, *, at: datetime) -> tuple[Alarm, ...]:
    """Entries that are held back, a list that lost much in a day, a list that is empty."""
    return tuple(_held(session)) + tuple(_shrunk(session, at=at))


def _held(session: Session) -> Iterator[Alarm]:
    waiting = held_count(session)
    if waiting:
        yield N_("%(entries)s entries are held back from the list."), {"entries": waiting}


def _shrunk(session: Session, *, at: datetime) -> Iterator[Alarm]:
    last = newest(session)
    most = session.scalar(select(func.max(Release.entries)).where(Release.published_at > at - growth.DAY)) or 0
    if last is None or last.entries >= most:
        return
    if last.entries == 0:
        yield N_("The list is empty; a day ago it had %(before)s entries."), {"before": most}
    elif most - last.entries > policy.SHRINK_ALARM * most:
        yield N_("The list lost much in a day: it had %(before)s entries, now %(entries)s."), {"before": most, "entries": last.entries}
