"""Engine, request session, and `transaction()`: the only commit in the whole project. No queries here."""

from collections.abc import Iterator
from contextlib import contextmanager
from select import POLLIN, poll
from typing import Any, cast

import orjson
from flask import Flask, current_app, g
from psycopg import Connection as PsycopgConnection
from psycopg import OperationalError
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import Session, sessionmaker

from app import due
from moderation.due import ASKED

EXTENSION = "flagstone_database"


class Database:
    """One engine for the process, and the sessions made from it."""

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        self.url = url
        self.engine: Engine = create_engine(
            url,
            pool_size=pool_size,
            max_overflow=4,
            # The connection that was used last has its statements prepared and PostgreSQL's own caches warm.
            pool_use_lifo=True,
            # An error must not print what a reporter sent.
            hide_parameters=True,
            json_serializer=_as_json,
            connect_args={"options": "-c timezone=UTC", "application_name": "flagstone"},
        )
        event.listen(self.engine, "checkout", _refuse_a_closed_connection)
        self.sessions = sessionmaker(self.engine, expire_on_commit=False, autoflush=False)

    @contextmanager
    def transaction(self, session: Session | None = None) -> Iterator[Session]:
        """Commit what is done inside, with its jobs, or nothing of it.

        Verbs ask for `Due` values by `moderation.due`; they become jobs on the same connection just before the commit.
        """
        own = session is None
        session = session or self.sessions()
        try:
            yield session
            session.flush()
            due.defer(session)
            session.commit()
        except BaseException:
            session.rollback()
            # The session may be used again, and must not ask for what was rolled back.
            session.info.pop(ASKED, None)
            raise
        finally:
            if own:
                session.close()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for reading alone; whatever it did is rolled back."""
        with self.sessions() as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """One repeatable, read-only view of everything, for work that reads in several steps."""
        with self.engine.connect().execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True) as connection:
            yield connection


def _as_json(value: object) -> str:
    return orjson.dumps(value).decode()


def _refuse_a_closed_connection(connection: PsycopgConnection[object], _record: object, _fairy: object) -> None:
    """Have the pool make new connections where PostgreSQL has ended this one, as by a restart.

    A server that closes a connection leaves something to read on it, and at no other time does an idle one have that. Looking costs
    nothing; asking (`pool_pre_ping`) costs each request a round trip.
    """
    looking = poll()
    try:
        looking.register(connection.fileno(), POLLIN)
    except OperationalError as fault:
        raise InvalidatePoolError from fault
    if looking.poll(0):
        raise InvalidatePoolError


def init_app(app: Flask, url: str) -> None:
    """Give the application its database; a request's session is closed when the request ends."""
    app.extensions[EXTENSION] = Database(url)
    app.teardown_appcontext(_close)


def database() -> Database:
    """The present application's database."""
    found: Database = current_app.extensions[EXTENSION]
    return found


def driver_of(session: Session) -> PsycopgConnection[Any]:
    """The driver's connection under a session, for COPY: what is done on it belongs to the session's transaction."""
    return cast("PsycopgConnection[Any]", session.connection().connection.driver_connection)


def request_session() -> Session:
    """The request's own session, made at first use."""
    if "session" not in g:
        g.session = database().sessions()
    session: Session = g.session
    return session


@contextmanager
def transaction() -> Iterator[Session]:
    """Commit the request's session, with its jobs, at the end of the block; roll back on any error."""
    with database().transaction(request_session()) as session:
        yield session


def _close(_: BaseException | None) -> None:
    session: Session | None = g.pop("session", None)
    if session is not None:
        session.close()
