"""Moves the keys of what is sealed from one key of the desk to another. Sees wrapped keys only; opens none."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from moderation.models import AddressKey, ContactKey, ReportKey, TransferSecret

AT_ONCE = 500

Kind = type[ReportKey] | type[ContactKey] | type[AddressKey] | type[TransferSecret]
KEYS: dict[Kind, InstrumentedAttribute[int]] = {
    ReportKey: ReportKey.report_id,
    ContactKey: ContactKey.report_id,
    AddressKey: AddressKey.resource_id,
    TransferSecret: TransferSecret.transfer_key_id,
}
"""Each table of wrapped keys, with the key of what its rows open."""
TABLES = tuple(KEYS)


def left(session: Session, desk_key: str) -> int:
    """How many keys are wrapped to another of the desk's keys than this."""
    counts = (select(func.count()).select_from(table).where(*_others(table, desk_key)) for table in TABLES)
    return sum(session.scalar(count) or 0 for count in counts)


def rewrap(
    session: Session, desk_key: str, wrap: Callable[[bytes], bytes | None], *, after: tuple[int, int]
) -> tuple[tuple[int, int], int, int]:
    """Wrap a batch anew, beginning behind `after` (table, key of what is opened), (0, 0) at first.

    `wrap` gives None for what it cannot open, which stays as it is.

    Returns: where to go on, how many were done, and how many could not be opened; the place is past the last table at the end.
    """
    number, last = after
    table = TABLES[number]
    key = KEYS[table]
    query = select(key.label("key"), table.wrapped).where(*_others(table, desk_key), key > last)
    rows = session.execute(query.order_by(key).limit(AT_ONCE).with_for_update()).all()
    done = 0
    for row in rows:
        wrapped = wrap(row.wrapped)
        if wrapped is not None:
            session.execute(update(table).where(key == row.key).values(wrapped=wrapped, desk_key=desk_key))
            done += 1
    place = (number, rows[-1].key) if len(rows) == AT_ONCE else (number + 1, 0)
    return place, done, len(rows) - done


def _others(table: Kind, desk_key: str) -> tuple[ColumnElement[bool], ...]:
    return table.wrapped.is_not(None), or_(table.desk_key != desk_key, table.desk_key.is_(None))
