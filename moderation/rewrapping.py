"""Moves the keys of reports from one key of the desk to another. Sees wrapped keys only; opens none."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from moderation.models import ContactKey, ReportKey

AT_ONCE = 500

TABLES: tuple[type[ReportKey] | type[ContactKey], ...] = (ReportKey, ContactKey)


def left(session: Session, desk_key: str) -> int:
    """How many keys of reports and contacts are wrapped to another of the desk's keys than this."""
    counts = (select(func.count()).select_from(table).where(*_others(table, desk_key)) for table in TABLES)
    return sum(session.scalar(count) or 0 for count in counts)


def rewrap(
    session: Session, desk_key: str, wrap: Callable[[bytes], bytes | None], *, after: tuple[int, int]
) -> tuple[tuple[int, int], int, int]:
    """Wrap a batch anew, beginning behind `after` (table, key of a report), (0, 0) at first.

    `wrap` gives None for what it cannot open, which stays as it is.

    Returns: where to go on, how many were done, and how many could not be opened; the place is past the last table at the end.
    """
    number, last = after
    table = TABLES[number]
    query = select(table.report_id, table.wrapped).where(*_others(table, desk_key), table.report_id > last)
    rows = session.execute(query.order_by(table.report_id).limit(AT_ONCE).with_for_update()).all()
    done = 0
    for row in rows:
        wrapped = wrap(row.wrapped)
        if wrapped is not None:
            session.execute(update(table).where(table.report_id == row.report_id).values(wrapped=wrapped, desk_key=desk_key))
            done += 1
    place = (number, rows[-1].report_id) if len(rows) == AT_ONCE else (number + 1, 0)
    return place, done, len(rows) - done


def _others(table: type[ReportKey] | type[ContactKey], desk_key: str) -> tuple[ColumnElement[bool], ...]:
    return table.wrapped.is_not(None), or_(table.desk_key != desk_key, table.desk_key.is_(None))
