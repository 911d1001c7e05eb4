"""Takes lines about hosts into the table by COPY. Never commits: the caller's transaction holds the old lines or the new ones whole."""

from collections.abc import Collection, Iterable
from typing import Any

from psycopg import Connection, Cursor, sql
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.known_hosts.packaged import OWN_SOURCES
from moderation.models import KnownHostRow
from moderation.vocabulary import KnownHost

_ARRIVING = (
    "LOCK TABLE known_host IN SHARE ROW EXCLUSIVE MODE",
    "SET LOCAL work_mem = '128MB'",
    "SET LOCAL maintenance_work_mem = '128MB'",
    "DROP TABLE IF EXISTS pg_temp.arriving_host",
    'CREATE TEMPORARY TABLE arriving_host (host text COLLATE "C", class text, source text, rank bigint, protected_as text) ON COMMIT DROP',
)

_REPLACED = (
    "CREATE TEMPORARY TABLE replaced_source ON COMMIT DROP AS SELECT DISTINCT source FROM arriving_host UNION SELECT unnest(%s::text[])"
)

_GONE = """
    DELETE FROM known_host AS known
    WHERE source IN (SELECT source FROM replaced_source) AND NOT EXISTS (
        SELECT FROM (
            SELECT host, class, source, min(rank) AS rank, min(protected_as) AS protected_as
            FROM arriving_host GROUP BY host, class, source
        ) AS line
        WHERE (line.host, line.class, line.source) = (known.host, known.class, known.source)
            AND (line.rank, line.protected_as) IS NOT DISTINCT FROM (known.rank, known.protected_as)
    )"""

_NEW = """
    INSERT INTO known_host (host, class, source, rank, protected_as)
    SELECT host, class, source, min(rank), min(protected_as) FROM arriving_host AS arriving
    WHERE NOT EXISTS (
        SELECT FROM known_host AS known
        WHERE (known.host, known.class, known.source) = (arriving.host, arriving.class, arriving.source)
    )
    GROUP BY host, class, source ORDER BY host"""

_PLAIN_INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
    FROM pg_index WHERE indrelid = 'known_host'::regclass AND NOT indisunique"""


def are_loaded(session: Session) -> bool:
    """Whether this version's packaged lists are here: each of our own has a line, and all come in one transaction."""
    found = session.scalars(select(KnownHostRow.source).where(KnownHostRow.source.in_(OWN_SOURCES)).distinct())
    return set(found) == set(OWN_SOURCES)


def load_known_hosts(connection: Connection[Any], rows: Iterable[KnownHost], *, sources: Collection[str] = ()) -> int:
    """Replace all lines of every source among the rows, and of each of `sources` even where no row names it.

    A name that a source holds twice is kept once, with its best rank. Lines of other sources stay as they are, and a line
    that is there already is not touched, so that a second load writes only what changed.

    Returns: how many lines those sources hold now.
    """
    with connection.cursor() as cursor:
        for statement in _ARRIVING:
            cursor.execute(statement)
        with cursor.copy("COPY arriving_host (host, class, source, rank, protected_as) FROM STDIN") as copy:
            for row in rows:
                copy.write_row((row.host, row.host_class.value, row.source, row.rank, row.protected_as))
        cursor.execute("ANALYZE arriving_host")
        cursor.execute("DROP TABLE IF EXISTS pg_temp.replaced_source")
        cursor.execute(_REPLACED, (list(sources),))
        cursor.execute(_GONE)
        _take_in(cursor)
        cursor.execute("SELECT count(*) FROM known_host WHERE source IN (SELECT source FROM replaced_source)")
        return int(_only(cursor))


def _take_in(cursor: Cursor[Any]) -> None:
    """Into an empty table an index is built twice as fast after the lines as along with them; readers wait until the commit."""
    cursor.execute("SELECT EXISTS (SELECT FROM known_host)")
    indexes = () if _only(cursor) else _plain_indexes(cursor)
    for name, _ in indexes:
        cursor.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    cursor.execute(_NEW)
    for _, definition in indexes:
        cursor.execute(definition)


def _plain_indexes(cursor: Cursor[Any]) -> tuple[tuple[str, str], ...]:
    """Name and definition of each index but the key."""
    cursor.execute(_PLAIN_INDEXES)
    return tuple(cursor.fetchall())


def _only(cursor: Cursor[Any]) -> Any:  # noqa: ANN401 - the one value of the one row, whatever its type
    row = cursor.fetchone()
    return row[0] if row else None
