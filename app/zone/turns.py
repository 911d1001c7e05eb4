"""Whose turn it is. A turn belongs to a connection of its own, so that whoever is killed lets go of it by dying."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import func, select

from app.database import Database


@contextmanager
def turn(database: Database, lock: int) -> Iterator[bool]:
    """Whether this turn is ours until the block ends. Nobody waits: a name server that hangs must not hold up two jobs."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # Out of the pool: the lock may not outlive this block on a connection that others get.
        connection.detach()
        is_ours = bool(connection.scalar(select(func.pg_try_advisory_lock(lock))))
        try:
            yield is_ours
        finally:
            # At once: a server notices a moment late that a connection was closed, and whoever comes next would be sent away.
            if is_ours:
                connection.execute(select(func.pg_advisory_unlock(lock)))
