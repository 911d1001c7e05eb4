"""A fresh instance of the application with its own data and database, started as `make run` does, and removed at the end."""

import os
import secrets
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from app import embedded
from config import environment, environment_names
from deploy.tour.browser import Browser
from deploy.tour.children import finished, running, undisturbed
from deploy.tour.telling import Telling, expect, missing, printable

READY_SECONDS = 180
COMMAND_SECONDS = 180
DATA = "data"


@dataclass(frozen=True)
class Instance:
    """A running server, and its command line."""

    base: str
    folder: Path
    environment: Mapping[str, str]

    def flask(self, *arguments: str, given: bytes = b"") -> str:
        """Run one of the application's commands on this instance; returns what it printed.

        Raises:
            Unexpected: it failed.
        """
        return _flask(self.environment, *arguments, given=given)

    def browser(self) -> Browser:
        """A new browser, that of somebody who was never here."""
        return Browser(self.base)


@contextmanager
def fresh_instance(tell: Telling) -> Iterator[Instance]:
    """Start a server with demo people and no cases, and leave nothing of it behind."""
    with ExitStack() as stack:
        folder = stack.enter_context(_own_folder())
        with tell.step("A database of the tour's own is made, with demo people and no cases") as saw:
            surroundings, where = _surroundings(stack, folder)
            _flask(surroundings, "db", "upgrade")
            _flask(surroundings, "seed", "--people")
            saw(where)
        base = f"http://127.0.0.1:{surroundings['PORT']}"
        with tell.step("The server starts as `make run` starts it") as saw:
            command = [sys.executable, "-m", "app.run"]
            server = stack.enter_context(running(command, environment=surroundings, log=folder / "server.log"))
            visitor = Browser(base)
            server.wait_until(lambda: _answers(visitor, "/readyz"), f"a server that is ready at {base}", seconds=READY_SECONDS)
            saw(f"ready at {base}")
        yield Instance(base, folder, surroundings)
        with tell.step("Everything that was started is ended, and its folder and database are removed"):
            stack.close()
            expect(server.status == 0, "the server to end in good order", f"exit status {server.status}")
            expect(not folder.exists(), f"{folder} removed", "that it is still there")


def _answers(visitor: Browser, path: str) -> bool:
    try:
        return visitor.open(path).status == 200
    except OSError:
        return False


@contextmanager
def _own_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="flagstone-tour-"))
    try:
        yield folder
    finally:
        with undisturbed():
            _stop_left_over(folder / DATA)
            shutil.rmtree(folder, ignore_errors=True)


def _stop_left_over(data: Path) -> None:
    """Where a command was killed in its work, its PostgreSQL is still up: whoever joins and leaves last stops it."""
    if (data / "postgres" / "postmaster.pid").exists():
        with suppress(embedded.EmbeddedUnavailable):
            embedded.join(data).leave(patience_seconds=COMMAND_SECONDS)


def _surroundings(stack: ExitStack, folder: Path) -> tuple[dict[str, str], str]:
    """The environment of the tour's programs: every setting of the caller's is off, but the PostgreSQL that they chose."""
    url, where = environment().get("DATABASE_URL", "").strip(), "on the bundled PostgreSQL"
    if url:
        url = stack.enter_context(_own_database(url))
        where = f"database {make_url(url).database} on the server of DATABASE_URL"
    nothing = dict.fromkeys(environment_names().values(), "")
    settings = {"FLAGSTONE_ENV": "demo", "FLAGSTONE_DATA": str(folder / DATA), "DATABASE_URL": url, "PORT": str(free_port())}
    return {**os.environ, **nothing, **settings, "FLASK_SKIP_DOTENV": "1", "PYTHONUNBUFFERED": "1"}, where


@contextmanager
def _own_database(url: str) -> Iterator[str]:
    """A database of our own beside the one that DATABASE_URL names, which is never touched."""
    name = f"flagstone_tour_{secrets.token_hex(5)}"
    server = make_url(url).set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    try:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    except psycopg.Error as fault:
        missing("that a database can be made at DATABASE_URL; the tour never touches the one it names", printable(str(fault), 300))
    try:
        yield make_url(url).set(database=name).render_as_string(hide_password=False)
    finally:
        with undisturbed(), psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _flask(surroundings: Mapping[str, str], *arguments: str, given: bytes = b"") -> str:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
    status, printed, complained = finished(command, environment=surroundings, given=given, seconds=COMMAND_SECONDS)
    expect(status == 0, f"flask {' '.join(arguments)} to succeed", f"exit status {status}: {(printed + complained).strip()}")
    return printed


def free_port() -> int:
    """A port that nobody uses for TCP or UDP at this moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as stream, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagram:
        stream.bind(("127.0.0.1", 0))
        datagram.bind(stream.getsockname())
        port: int = stream.getsockname()[1]
        return port
