"""A database without any table, and what one can be asked about its shape."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, text

SHAPE = {
    "columns": """
        SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
               pg_get_expr(d.adbin, d.adrelid), a.attcollation::regcollation::text
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace::regnamespace::text IN ('public', 'sealed_keys')
            AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped""",
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace::regnamespace::text IN ('public', 'sealed_keys') AND conrelid <> 0""",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname IN ('public', 'sealed_keys')",
    "triggers": "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "functions": "SELECT proname, oid::regprocedure::text, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    "types": """
        SELECT typname, typtype::text, '' FROM pg_type
        WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')""",
}
NOT_OURS = ("procrastinate_", "alembic_version")


def shape(url: str, *, ours_alone: bool = False) -> dict[str, list[tuple]]:
    """Everything that makes a schema, sorted; `ours_alone` leaves out the tables of the queue and of the migrations' tool."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = {kind: sorted(map(tuple, connection.execute(text(query))), key=str) for kind, query in SHAPE.items()}
    engine.dispose()
    if not ours_alone:
        return {kind: [row for row in rows if row[0] != "alembic_version"] for kind, rows in found.items()}
    return {kind: [row for row in rows if not row[0].startswith(NOT_OURS)] for kind, rows in found.items()}


@pytest.fixture
def bare_url(server) -> Iterator[str]:
    """The address of a database without any table."""
    url = server.create()
    yield url
    server.drop(url)


@pytest.fixture
def bare(bare_url) -> Iterator[Engine]:
    """An engine on a database without any table."""
    engine = create_engine(bare_url)
    yield engine
    engine.dispose()
