"""What each release did to the list, read from the log. The work grows with the change; nothing is written here."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, exists, func, select
from sqlalchemy.orm import Session, aliased

from moderation.models import ChangeLog, Release
from moderation.publishing import covering
from moderation.publishing.covering import KEPT, entry_of
from moderation.publishing.order import Place, place_of
from moderation.vocabulary import Change, Scope

STREAM = 2_000

CHUNK = 500
"""Entries whose names are looked up above at once."""


def changes(session: Session, number: int) -> Iterator[Change]:
    """What this release took away, changed and added, in that order and in a fixed one within each, streamed from the database.

    A name that is listed as before is told of too where another name above it came or went: some formats leave out what is covered.
    """
    for row in _stream(session, _removals(number)):
        yield Change(old=entry_of(row), new=None, because=row.because)
    for rows in _chunks(_stream(session, covering.below_a_changed_name(number))):
        entries = [entry_of(row) for row in rows]
        now, before = (covering.above(session, entries, at) for at in (number, number - 1))
        for entry in entries:
            if now[entry.reference] != before[entry.reference]:
                yield Change(old=entry, new=entry, because="above", above=now[entry.reference], above_before=before[entry.reference])
    for rows in _chunks(_stream(session, _additions(number))):
        above = covering.above(session, [entry_of(row) for row in rows], number)
        for row in rows:
            replaced, new = entry_of(row, "old_") if row.old_listing_reference is not None else None, entry_of(row)
            yield Change(old=replaced, new=new, because=row.old_because or "", above=above[new.reference])


def places_changed(session: Session, since: int, number: int) -> Iterator[Place]:
    """Where releases after `since`, up to `number`, took something away or put something in."""
    logged = (ChangeLog.release_number > since) & (ChangeLog.release_number <= number)
    rows = select(ChangeLog).where(logged).with_only_columns(*(getattr(ChangeLog, name) for name in ("host", "target", "scope")))
    for row in _stream(session, rows):
        yield place_of(row.host, row.target, row.scope, is_wide=Scope(row.scope).is_wide)


def newest_before(session: Session, at: datetime) -> int:
    """Number of the newest release that was made by then, 0 where there is none."""
    made = select(Release.number).where(Release.published_at <= at).order_by(Release.published_at.desc(), Release.number.desc())
    return session.scalar(made.limit(1)) or 0


def _removals(number: int) -> Select[Any]:
    added = aliased(ChangeLog)
    replaced = exists().where(added.release_number == number, added.action == "add", added.replaces == ChangeLog.listing_reference)
    removed = select(ChangeLog).where(ChangeLog.release_number == number, ChangeLog.action == "remove", ~replaced)
    return _in_order(removed.with_only_columns(*(getattr(ChangeLog, name) for name in KEPT), ChangeLog.because))


def _additions(number: int) -> Select[Any]:
    old = aliased(ChangeLog)
    same = (old.release_number == number) & (old.action == "remove") & (old.listing_reference == ChangeLog.replaces)
    added = select(ChangeLog).outerjoin(old, same).where(ChangeLog.release_number == number, ChangeLog.action == "add")
    before = (getattr(old, name).label(f"old_{name}") for name in (*KEPT, "because"))
    return _in_order(added.with_only_columns(*(getattr(ChangeLog, name) for name in KEPT), *before), old.id.is_(None))


def _in_order(rows: Select[Any], *first: ColumnElement[bool]) -> Select[Any]:
    return rows.order_by(*first, func.convert_to(ChangeLog.target, "UTF8"), ChangeLog.scope, ChangeLog.listing_reference)


def _chunks(rows: Iterator[Row[Any]]) -> Iterator[list[Row[Any]]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _stream(session: Session, rows: Select[Any]) -> Iterator[Row[Any]]:
    yield from session.execute(rows.execution_options(yield_per=STREAM))
