"""Entries of a release as they come from the database by the million: what says where one stands is at hand, all else is as it came.

A row of SQLAlchemy costs ten times as much as one of the driver's own, and an `Entry` ten times as much again to hand to another process.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import count
from typing import Any, NamedTuple, cast
from uuid import UUID

from psycopg import Connection as DriverConnection
from sqlalchemy import BigInteger, ColumnElement, Connection, Text, extract, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from moderation.models import Listing
from moderation.publishing import order
from moderation.vocabulary import Entry, Scope

STREAM = 2_000
"""Rows that are fetched at once."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _microseconds(at: InstrumentedAttribute[datetime]) -> ColumnElement[int]:
    return (extract("epoch", at) * 1_000_000).cast(BigInteger)


COLUMNS = (
    Listing.reference.cast(Text),
    Listing.kind,
    Listing.scope,
    Listing.target,
    Listing.host,
    func.array_to_string(Listing.territories, " "),
    Listing.category,
    _microseconds(Listing.starts_at),
    _microseconds(Listing.expires_at),
)
_SCOPES = {str(scope): scope for scope in Scope}
_numbers = count(1)


class Stored(NamedTuple):
    """An entry on its way. `territories` are parted by spaces; times are microseconds since 1970."""

    reference: str
    kind: str
    scope: Scope
    target: str
    host: str
    territories: str
    category: str
    listed_at: int
    expires_at: int

    def entry(self) -> Entry:
        """The entry itself."""
        return Entry(
            reference=UUID(self.reference),
            kind=self.kind,
            scope=self.scope,
            target=self.target,
            host=self.host,
            territories=_parted(self.territories),
            category=self.category,
            listed_at=EPOCH + timedelta(microseconds=self.listed_at),
            expires_at=EPOCH + timedelta(microseconds=self.expires_at),
        )


@lru_cache(maxsize=1 << 12)
def _parted(territories: str) -> tuple[str, ...]:
    return tuple(territories.split())


def streamed(session: Session | Connection, *wanted: ColumnElement[bool]) -> Iterator[Stored]:
    """Listings in the order of a release, from a cursor on the server."""
    if isinstance(session, Session):
        session.flush()
    connection = session.connection() if isinstance(session, Session) else session
    query = select(*COLUMNS).where(*wanted).order_by(*order.IN_ORDER)
    asked = query.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    driver = cast("DriverConnection[tuple[Any, ...]]", connection.connection.driver_connection)
    with driver.cursor(name=f"entries_{next(_numbers)}") as cursor:
        cursor.itersize = STREAM
        for reference, kind, scope, *rest in cursor.execute(asked.string, asked.params):
            yield Stored(reference, kind, _SCOPES[scope], *rest)
