"""Numbered releases, made from what lives and is not released, or is released and lives no more. The work grows with the change."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.orm import Session

from moderation import audit, cases, listings, policy
from moderation.models import Case, ChangeLog, Listing, Release
from moderation.states import Action, State
from moderation.vocabulary import SYSTEM, Due, Entry, Scope

RELEASE_LOCK = 0x466C6167_52656C65
"""Advisory lock of the one who makes releases ("FlagRele"); it ends with the transaction, so a killed worker holds nothing."""

WRITE = Due("write")
EXPIRE_AT_ONCE = 500
STREAM = 2_000


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


def release(session: Session, *, at: datetime) -> int | None:
    """Make the next release if anything changed, or the newest grows old; returns its number, or None where there was nothing to do.

    Number and changes are written under one lock in one transaction: whoever reads `since=` can miss no late commit.
    """
    session.execute(select(func.pg_advisory_xact_lock(RELEASE_LOCK)))
    expire(session, at=at)
    last = newest(session)
    added = _unreleased(session)
    removed = _ended(session)
    if not added and not removed and last is not None and at - last.published_at < policy.RELEASE_HEARTBEAT:
        return None
    audit.seal(session, at=at)
    number = (last.number if last else 0) + 1
    session.execute(
        insert(Release).values(
            number=number,
            published_at=at,
            valid_until=at + policy.RELEASE_VALID,
            entries=(last.entries if last else 0) + len(added) - len(removed),
            added=len(added),
            removed=len(removed),
            seal_digest=audit.newest_seal(session),
        )
    )
    _log(session, number, "add", added)
    _log(session, number, "remove", removed)
    _mark(session, number, added=added, removed=removed)
    audit.record(
        session,
        actor=SYSTEM,
        action="release made",
        subject=f"release:{number}",
        at=at,
        detail={"added": len(added), "removed": len(removed)},
    )
    session.info.setdefault("due", []).append(WRITE)
    return number


def expire(session: Session, *, at: datetime) -> int:
    """End the listings whose time is over, and move their cases; returns how many."""
    due = session.execute(
        select(Listing, Case)
        .join(Case, Case.id == Listing.case_id)
        .where(Listing.ended_at.is_(None), Listing.expires_at <= at)
        .order_by(Case.id)
        .limit(EXPIRE_AT_ONCE)
        .with_for_update(of=(Case, Listing))
    ).all()
    for row in due:
        listings.end(session, row.Listing, because="expired", at=at)
        audit.record(
            session, actor=SYSTEM, action="listing ended", subject=f"listing:{row.Listing.reference}", at=at, detail={"because": "expired"}
        )
        if row.Case.state == State.LISTED:
            cases.advance(session, row.Case, Action.EXPIRE, by=SYSTEM, at=at)
    return len(due)


def newest(session: Session) -> ReleaseSeen | None:
    """The newest release, written or not."""
    found = session.scalar(select(Release).order_by(Release.number.desc()).limit(1))
    return _seen(found) if found else None


def newest_unwritten(session: Session) -> ReleaseSeen | None:
    """The newest release, where it is not written yet; an older unwritten one is covered by it."""
    found = newest(session)
    return found if found and found.written_at is None else None


def mark_written(session: Session, number: int, *, at: datetime) -> None:
    """Note that this release, and so every one before it, is on disk."""
    session.execute(update(Release).where(Release.number <= number, Release.written_at.is_(None)).values(written_at=at))


def entries(session: Session | Connection, number: int) -> Iterator[Entry]:
    """The full state of one release, in a fixed order, streamed from a server-side cursor."""
    then = (Listing.released_in <= number) & (Listing.withdrawn_in.is_(None) | (Listing.withdrawn_in > number))
    columns = (
        Listing.reference,
        Listing.kind,
        Listing.scope,
        Listing.target,
        Listing.host,
        Listing.territories,
        Listing.category,
        Listing.starts_at,
        Listing.expires_at,
    )
    query = select(*columns).where(then).order_by(func.convert_to(Listing.target, "UTF8"), Listing.scope)
    for row in session.execute(query.execution_options(yield_per=STREAM)):
        yield Entry(
            reference=row.reference,
            kind=row.kind,
            scope=Scope(row.scope),
            target=row.target,
            host=row.host,
            territories=tuple(row.territories),
            category=row.category,
            listed_at=row.starts_at,
            expires_at=row.expires_at,
        )


def _unreleased(session: Session) -> Sequence[Listing]:
    query = select(Listing).where(Listing.released_in.is_(None), Listing.ended_at.is_(None)).order_by(Listing.id)
    return session.scalars(query.with_for_update()).all()


def _ended(session: Session) -> Sequence[Listing]:
    query = select(Listing).where(Listing.released_in.is_not(None), Listing.withdrawn_in.is_(None), Listing.ended_at.is_not(None))
    return session.scalars(query.order_by(Listing.id).with_for_update()).all()


def _mark(session: Session, number: int, *, added: Sequence[Listing], removed: Sequence[Listing]) -> None:
    plain = {"synchronize_session": False}
    if added:
        ids = [listing.id for listing in added]
        session.execute(update(Listing).where(Listing.id.in_(ids)).values(released_in=number).execution_options(**plain))
    if removed:
        ids = [listing.id for listing in removed]
        session.execute(update(Listing).where(Listing.id.in_(ids)).values(withdrawn_in=number).execution_options(**plain))


def _log(session: Session, number: int, action: str, changed: Sequence[Listing]) -> None:
    rows = [
        {
            "release_number": number,
            "action": action,
            "listing_reference": str(listing.reference),
            "kind": listing.kind,
            "scope": listing.scope,
            "target": listing.target,
            "host": listing.host,
            "category": listing.category,
            "territories": listing.territories,
            "listed_at": listing.starts_at,
            "expires_at": listing.expires_at,
            "because": listing.ended_because or "",
        }
        for listing in changed
    ]
    if rows:
        session.execute(insert(ChangeLog), rows)


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
