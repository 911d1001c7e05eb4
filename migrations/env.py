"""Runs migrations on the connection or address it is given. Decides nothing; names no table but the queue's, which are not ours."""

from alembic import context
from sqlalchemy import create_engine, text

from moderation.models import Base
from moderation.models.keys import KEYS_SCHEMA

MIGRATION_LOCK = 0x466C6167_4D696772
"""Advisory lock ("FlagMigr"): two processes that start at once migrate one after the other."""


def include_name(name: str | None, kind: str, _parents: dict[str, str | None]) -> bool:
    """Leave procrastinate's tables alone: the library owns them. Of the schemas, ours are the default one and that of the keys."""
    if kind == "schema":
        return name in (None, KEYS_SCHEMA)
    return not (kind == "table" and name is not None and name.startswith("procrastinate_"))


def include_object(thing, name, kind, reflected, compare_to):
    """Leave out what Alembic finds different each time, since PostgreSQL shows it no collation; a test compares it to the letter."""
    return (kind, name) != ("index", "ix_listing_in_order")


def run() -> None:
    """Upgrade or downgrade in one transaction, one process at a time."""
    given = context.config.attributes.get("connection")
    if given is not None:
        migrate(given)
        return
    engine = create_engine(context.config.attributes["url"])
    with engine.connect() as connection, connection.begin():
        migrate(connection)
    engine.dispose()


def migrate(connection) -> None:
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_name=include_name,
        include_object=include_object,
        include_schemas=True,
        compare_type=True,
        compare_server_default=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
