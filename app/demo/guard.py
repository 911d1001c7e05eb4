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
    with database.engine.connect() as connection:
        if not inspect(connection).has_table(Person.__tablename__):
            return
        if connection.scalar(select(Person.id).where(Person.is_demo).limit(1)) is None:
            return
    raise DemoPeopleInProductionError(
        "This database holds demo people, whose passwords are known. Use a fresh database for FLAGSTONE_ENV=production:"
        " demo data cannot be cleaned out."
    )
