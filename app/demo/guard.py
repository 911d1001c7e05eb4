"""Keeps demo people out of production: their credentials can be worked out by whoever reads the keys, and are printed at each start."""

from sqlalchemy import inspect, select

from app.database import Database
from moderation.models import Person


class DemoPeopleInProductionError(Exception):
    """The application must not start; the message says what to do."""


def refuse_demo_people(database: Database) -> None:
    """Refuse to start while the database holds demo people. A database without tables holds none.

    Raises:
        DemoPeopleInProductionError
    """
    try:
        found = _any_demo_person(database)
    finally:
        # A server that forks its workers after this must not hand them one connection to share.
        database.engine.dispose()
    if found:
        raise DemoPeopleInProductionError(
            "This database holds demo people, whose passwords are known. Use a fresh database for FLAGSTONE_ENV=production:"
            " demo data cannot be cleaned out."
        )


def _any_demo_person(database: Database) -> bool:
    with database.engine.connect() as connection:
        if not inspect(connection).has_table(Person.__tablename__):
            return False
        return connection.scalar(select(Person.id).where(Person.is_demo).limit(1)) is not None
