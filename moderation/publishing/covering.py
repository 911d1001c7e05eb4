"""Which listed names stand above which, at one release or another. The work grows with what is asked about, not with the list."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Uuid, cast, func, select
from sqlalchemy.orm import Session, aliased

from moderation.models import ChangeLog, Listing
from moderation.publishing.order import Placed, place
from moderation.vocabulary import Entry, Scope

KEPT = ("listing_reference", "kind", "scope", "target", "host", "territories", "category", "listed_at", "expires_at")
"""What an entry is made of, by the log's columns."""

WIDE = tuple(scope for scope in Scope if scope.is_wide)

AS_KEPT: tuple[Any, ...] = (
    Listing.reference.label("listing_reference"),
    Listing.kind,
    Listing.scope,
    Listing.target,
    Listing.host,
    Listing.territories,
    Listing.category,
    Listing.starts_at.label("listed_at"),
    Listing.expires_at,
)


def above(session: Session, entries: Sequence[Entry], number: int) -> dict[UUID, tuple[Entry, ...]]:
    """For each entry the listed names that stand above it at that release, the highest first; none for what is no name."""
    names = {name for entry in entries for name in _names_above(entry)}
    found: dict[str, Entry] = {}
    if names:
        listed = select(*AS_KEPT).where(Listing.target.in_(names), Listing.scope.in_(WIDE), _carried_at(number))
        found = {row.target: entry_of(row) for row in session.execute(listed)}
    return {entry.reference: tuple(found[name] for name in _names_above(entry) if name in found) for entry in entries}


def names_above(session: Session, entry: Placed, number: int) -> tuple[Entry, ...]:
    """The listed names, the highest first, that come before an entry in a release and are its host's own or stand above it."""
    labels = entry.host.split(".")
    names = [".".join(labels[start:]) for start in range(len(labels) - 2, 0 if entry.scope.is_wide else -1, -1)]
    listed = select(*AS_KEPT).where(Listing.target.in_(names), Listing.scope.in_(WIDE), _carried_at(number))
    return tuple(sorted((entry_of(row) for row in session.execute(listed)), key=place))


def below_a_changed_name(number: int) -> Select[Any]:
    """SQL: the names that are listed before and after this release alike, and below one that it added or removed."""
    changed = aliased(Listing)
    name = (
        select(changed.domain, changed.target)
        # The log's side is cast: the other way, each release would read the whole list.
        .join(ChangeLog, changed.reference == cast(ChangeLog.listing_reference, Uuid))
        .where(ChangeLog.release_number == number, changed.scope.in_(WIDE))
        .distinct()
        .subquery()
    )
    is_below = func.right(Listing.target, func.length(name.c.target) + 1) == func.concat(".", name.c.target)
    listed = select(*AS_KEPT).join(name, (Listing.domain == name.c.domain) & is_below).distinct()
    both = _carried_at(number) & _carried_at(number - 1)
    return listed.where(Listing.scope.in_(WIDE), both).order_by(Listing.target, Listing.scope, Listing.reference)


def entry_of(row: Row[Any], prefix: str = "") -> Entry:
    """The entry that a row of the log tells of."""
    reference, kind, scope, target, host, territories, category, listed_at, expires_at = (getattr(row, prefix + name) for name in KEPT)
    return Entry(
        reference=UUID(str(reference)),
        kind=kind,
        scope=Scope(scope),
        target=target,
        host=host,
        territories=tuple(territories),
        category=category,
        listed_at=listed_at,
        expires_at=expires_at,
    )


def _carried_at(number: int) -> ColumnElement[bool]:
    return (Listing.released_in <= number) & (Listing.withdrawn_in.is_(None) | (Listing.withdrawn_in > number))


def _names_above(entry: Entry) -> list[str]:
    labels = entry.target.split(".") if entry.scope.is_wide else []
    return [".".join(labels[start:]) for start in range(len(labels) - 2, 0, -1)]
