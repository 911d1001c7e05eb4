"""What left the list between two releases, as a message tells of it. Reads only."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Text, cast, func, select
from sqlalchemy.orm import Session, aliased

from moderation import policy
from moderation.models import ChangeLog

ENTRY_ROOM = 200
"""Octets that the fields of an entry take beside its target, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """An entry that left the list."""

    reference: str
    scope: str
    target: str
    because: str


def removals(since: int, serial: int) -> Any:  # noqa: ANN401 - rows of the log
    """SQL: what left and is not on the list at `serial`: what was renewed, or came back until then through whatever case, is no news.

    Where a target is removed and added in one release, another listing took its place.
    """
    again = aliased(ChangeLog)
    came_back = select(again.id).where(
        again.release_number.between(ChangeLog.release_number, serial),
        again.action == "add",
        again.scope == ChangeLog.scope,
        again.target == ChangeLog.target,
    )
    within = ChangeLog.release_number.between(since + 1, serial)
    return select(ChangeLog.id).where(within, ChangeLog.action == "remove", ~came_back.exists())


def gone(session: Session, since: int, serial: int) -> tuple[int, tuple[Gone, ...]]:
    """How many entries left, and the first of them, as many as a message has room for."""
    removed = removals(since, serial)
    total = session.scalar(select(func.count()).select_from(removed.subquery())) or 0
    columns = (cast(ChangeLog.listing_reference, Text), ChangeLog.scope, ChangeLog.target, ChangeLog.because)
    entries, room = [], policy.WEBHOOK_OCTETS
    rows = session.execute(removed.with_only_columns(*columns).order_by(ChangeLog.id).limit(policy.WEBHOOK_OCTETS // ENTRY_ROOM))
    for reference, scope, target, because in rows:
        room -= len(target) + ENTRY_ROOM
        if room < 0:
            break
        entries.append(Gone(reference=reference, scope=scope, target=target, because=because))
    return total, tuple(entries)
