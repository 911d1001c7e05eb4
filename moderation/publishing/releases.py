"""Numbered releases, made from what lives and is not released, or is released and lives no more. The work grows with the change."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, CursorResult, Text, Update, exists, func, insert, literal, null, or_, select, update
from sqlalchemy.orm import Session, aliased

from moderation import audit, cases, due, listings, policy
from moderation.models import Case, ChangeLog, Listing, Release
from moderation.publishing import holding_back, order
from moderation.publishing.order import Place
from moderation.publishing.stored import Stored, streamed
from moderation.states import Action, State
from moderation.vocabulary import SYSTEM, Due, Entry

RELEASE_LOCK = 0x466C6167_52656C65
"""Advisory lock of the one who makes releases ("FlagRele"); it ends with the transaction, so a killed worker holds nothing."""

WRITE = Due("write")
EXPIRE_AT_ONCE = 500

TO_ADD = Listing.released_in.is_(None) & Listing.ended_at.is_(None) & ~listings.is_held()
TO_REMOVE = Listing.released_in.is_not(None) & Listing.withdrawn_in.is_(None) & Listing.ended_at.is_not(None)

COPIED = {
    "listing_reference": Listing.reference.cast(Text),
    "kind": Listing.kind,
    "scope": Listing.scope,
    "target": Listing.target,
    "host": Listing.host,
    "category": Listing.category,
    "territories": Listing.territories,
    "listed_at": Listing.starts_at,
    "expires_at": Listing.expires_at,
    "because": func.coalesce(Listing.ended_because, ""),
}
"""What the log keeps of a listing, by its own column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseSeen:
    """One release, without its entries."""

    number: int
    published_at: datetime
    valid_until: datetime
    entries: int
    added: int
    removed: int
    seal_digest: bytes | None
    written_at: datetime | None


def release(session: Session, *, list_name: str = "", at: datetime, anyway: bool = False) -> int | None:
    """Make the next release if anything changed, or the newest grows old; returns its number, or None where there was nothing to do.

    What may not go out, or would make the list grow too fast, is held back entry by entry; a removal never is.
    With `anyway` it is made without a change too.
    Number and changes are written under one lock in one transaction: whoever reads `since=` can miss no late commit.
    """
    session.execute(select(func.pg_advisory_xact_lock(RELEASE_LOCK)))
    expire(session, at=at)
    grown = holding_back.hold_back(session, list_name=list_name, at=at)
    last = newest(session)
    is_fresh = last is not None and at - last.published_at < policy.RELEASE_HEARTBEAT
    if is_fresh and not anyway and not session.scalar(select(or_(exists().where(TO_ADD), exists().where(TO_REMOVE)))):
        return None
    audit.seal(session, at=at)
    number = (last.number if last else 0) + 1
    # Removals first: an addition says which of them it stands in for.
    removed = _log(session, number, "remove", update(Listing).where(TO_REMOVE).values(withdrawn_in=number))
    added = _log(session, number, "add", update(Listing).where(TO_ADD).values(released_in=number), replaces=_replaced(number))
    _write_down(session, number, last, added=added, removed=removed, grown=grown, at=at)
    due.require(session, WRITE)
    return number


def _write_down(session: Session, number: int, last: ReleaseSeen | None, *, added: int, removed: int, grown: int, at: datetime) -> None:
    session.execute(
        insert(Release).values(
            number=number,
            published_at=_apart_from(last, at),
            valid_until=at + policy.RELEASE_VALID,
            entries=(last.entries if last else 0) + added - removed,
            added=added,
            removed=removed,
            grown=grown,
            seal_digest=audit.newest_seal(session),
        )
    )
    audit.record(
        session,
        actor=SYSTEM,
        action="release made",
        subject=f"release:{number}",
        at=at,
        detail={"added": added, "removed": removed},
    )


def expire(session: Session, *, at: datetime) -> int:
    """End the listings whose time is over, and move their cases; returns how many."""
    over = session.execute(
        select(Listing, Case)
        .join(Case, Case.id == Listing.case_id)
        .where(Listing.ended_at.is_(None), Listing.expires_at <= at)
        .order_by(Case.id)
        .limit(EXPIRE_AT_ONCE)
        .with_for_update(of=(Case, Listing))
    ).all()
    for row in over:
        listings.end(session, row.Listing, because="expired", by=SYSTEM, at=at)
        # While a renewal is proposed the case goes on without its listing.
        if row.Case.state in (State.LISTED, State.RE_REVIEW):
            cases.advance(session, row.Case, Action.EXPIRE, by=SYSTEM, at=at)
    return len(over)


def newest(session: Session) -> ReleaseSeen | None:
    """The newest release, written or not."""
    found = session.scalar(select(Release).order_by(Release.number.desc()).limit(1))
    return _seen(found) if found else None


def newest_unwritten(session: Session) -> ReleaseSeen | None:
    """The newest release, where it is not written yet; an older unwritten one is covered by it."""
    found = newest(session)
    return found if found and found.written_at is None else None


def numbered(session: Session, number: int) -> ReleaseSeen | None:
    """The release of this number, None where there is none."""
    found = session.scalar(select(Release).where(Release.number == number))
    return _seen(found) if found else None


def from_number(session: Session, number: int) -> tuple[ReleaseSeen, ...]:
    """This release and every later one, oldest first."""
    found = session.scalars(select(Release).where(Release.number >= number).order_by(Release.number))
    return tuple(_seen(one) for one in found)


def mark_written(session: Session, number: int, *, at: datetime) -> None:
    """Note that this release, and so every one before it, is on disk."""
    session.execute(update(Release).where(Release.number <= number, Release.written_at.is_(None)).values(written_at=at))


def entries(session: Session | Connection, number: int) -> Iterator[Entry]:
    """The full state of one release, streamed from a server-side cursor; a name comes right before all that is below it."""
    carried = (Listing.released_in <= number) & (Listing.withdrawn_in.is_(None) | (Listing.withdrawn_in > number))
    return (each.entry() for each in streamed(session, carried))


def stored_between(session: Session | Connection, first: Place | None, below: Place | None) -> Iterator[Stored]:
    """A part of the newest release, in the same way: what stands at or behind `first`, and before `below`. The work grows with the part."""
    wanted: list[ColumnElement[bool]] = [Listing.released_in.is_not(None), Listing.withdrawn_in.is_(None)]
    if first is not None:
        wanted.append(order.stands_at >= first)
    if below is not None:
        wanted.append(order.stands_at < below)
    return streamed(session, *wanted)


def _replaced(number: int) -> ColumnElement[str | None]:
    """SQL: the reference of what the same case loses in this release."""
    old = aliased(Listing)
    lost = select(old.reference.cast(Text)).where(old.case_id == Listing.case_id, old.withdrawn_in == number)
    return lost.order_by(old.id.desc()).limit(1).correlate(Listing).scalar_subquery()


def _log(session: Session, number: int, action: str, mark: Update, *, replaces: ColumnElement[str | None] | None = None) -> int:
    """Mark the listings that changed and copy each into the log, all inside the database, whether ten changed or a million."""
    copied = {**COPIED, "replaces": null().cast(Text) if replaces is None else replaces}
    changed = mark.returning(Listing.id, *(column.label(name) for name, column in copied.items())).cte("changed")
    rows = select(literal(number), literal(action), *(changed.c[name] for name in copied)).order_by(changed.c.id)
    copy = insert(ChangeLog).from_select(["release_number", "action", *copied], rows)
    return cast("CursorResult[Any]", session.execute(copy.execution_options(preserve_rowcount=True))).rowcount


def _apart_from(last: ReleaseSeen | None, at: datetime) -> datetime:
    """The moment of a release that follows `last`, in another second: who asks by HTTP's dates would never get the second of two in one.

    Of many in a row only the first run ahead of the clock; the rest come no earlier than the one before, and share its second until the
    clock is there. A clock that was set back is believed: a release must not claim to be of tomorrow.
    """
    if last is None or last.published_at - at > policy.RELEASE_AHEAD_MOST:
        return at
    return max(at, last.published_at, min(last.published_at + timedelta(seconds=1), at + policy.RELEASES_RUN_AHEAD))


def _seen(found: Release) -> ReleaseSeen:
    return ReleaseSeen(
        number=found.number,
        published_at=found.published_at,
        valid_until=found.valid_until,
        entries=found.entries,
        added=found.added,
        removed=found.removed,
        seal_digest=found.seal_digest,
        written_at=found.written_at,
    )
