"""What every test may use: a database of its own, an application, builders. Never touches the database that DATABASE_URL names."""

import gc
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from jinja2 import FileSystemBytecodeCache
from psycopg import sql
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import Session

from app import create_app, embedded, schema
from app.database import Database
from config import Settings
from moderation.vocabulary import LOADED_MARK
from tests import builders

RUN = "FLAGSTONE_TEST_RUN"
FOLDER = "FLAGSTONE_TEST_FOLDER"


def pytest_configure(config: pytest.Config) -> None:
    """The first process names the run and makes its folder; xdist's workers inherit both."""
    if not hasattr(config, "workerinput"):
        os.environ[RUN] = f"flagstone_test_{os.getpid()}_{secrets.token_hex(3)}"
        os.environ[FOLDER] = tempfile.mkdtemp(prefix="flagstone-")
        # The bundled server runs as a user of its own when the tests run as root.
        Path(os.environ[FOLDER]).chmod(0o755)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Drop what the run made, and nothing else."""
    if hasattr(config, "workerinput") or FOLDER not in os.environ:
        return
    folder = Path(os.environ.pop(FOLDER))
    run = os.environ.pop(RUN)
    if own_server():
        with psycopg.connect(_maintenance(own_server()), autocommit=True) as connection:
            for (name,) in connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", (run,)).fetchall():
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    shutil.rmtree(folder, ignore_errors=True)


def pytest_collection_finish() -> None:
    """What is loaded by now stays until the end: looking through all of it for rings, over and over, took a part of every test's time."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Where FLAGSTONE_NO_SKIPS is set (CI), a skipped test is a failed one."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("FLAGSTONE_NO_SKIPS") == "1" and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"Nothing may be skipped here: {reason}"


def own_server() -> str | None:
    """DATABASE_URL, whose server the tests use but whose database they leave alone."""
    return os.environ.get("DATABASE_URL") or None


def _maintenance(url: str, name: str = "postgres") -> str:
    return make_url(url).set(drivername="postgresql", database=name).render_as_string(hide_password=False)


def database_of(url: str) -> str:
    """The name of the database that an address leads to."""
    name = make_url(url).database
    assert name
    return name


class Server:
    """The PostgreSQL of this run, and the databases that the tests make in it."""

    def __init__(self, url: URL, run: str) -> None:
        self._url = url.set(drivername="postgresql+psycopg")
        self.run = run

    def url(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)

    def execute(self, statement: sql.Composable) -> None:
        with psycopg.connect(_maintenance(self.url("postgres")), autocommit=True) as connection:
            connection.execute(statement)

    def create(self, *, template: str | None = None) -> str:
        """Create a database under a name that nobody else takes, as a copy of `template` where given; returns its address."""
        name = f"{self.run}_{secrets.token_hex(8)}"
        made = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template or "template0"))
        try:
            self.execute(made)
        except psycopg.errors.InsufficientPrivilege:
            pytest.exit("DATABASE_URL's user may not create databases; the tests need that, for they never touch the one it names.", 4)
        return self.url(name)

    def drop(self, url: str) -> None:
        self.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database_of(url))))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The run's PostgreSQL: DATABASE_URL's server, or the bundled one in the run's own folder."""
    run = os.environ[RUN]
    if own_server():
        yield Server(make_url(own_server()), run)
        return
    bundled = embedded.join(Path(os.environ[FOLDER]) / "server", durable=False)
    yield Server(make_url(bundled.database_url("postgres")), run)
    bundled.leave()


@pytest.fixture(scope="session")
def template(server: Server) -> Iterator[str]:
    """A migrated, empty database to copy from; one for each worker, so that no two wait for each other."""
    url = server.create()
    schema.upgrade(url)
    with psycopg.connect(_maintenance(url, database_of(url)), autocommit=True) as connection:
        # Without the packaged lists every whole name is refused; their mark stands for lists that do not know the names of a story.
        mark = (LOADED_MARK.host, LOADED_MARK.host_class.value, LOADED_MARK.source)
        connection.execute("INSERT INTO known_host (host, class, source) VALUES (%s, %s, %s)", mark)
    yield database_of(url)
    server.drop(url)


@pytest.fixture(scope="session")
def shared_database(server: Server, template: str) -> Iterator[Database]:
    """The worker's database for tests that roll back."""
    url = server.create(template=template)
    database = Database(url)
    yield database
    database.engine.dispose()
    server.drop(url)


@pytest.fixture
def session(shared_database: Database) -> Iterator[Session]:
    """A session whose work is rolled back when the test ends."""
    with shared_database.sessions() as session:
        yield session
        session.rollback()


@pytest.fixture
def database_url(server: Server, template: str) -> Iterator[str]:
    """The address of a database of the test's own, for what commits or starts processes."""
    url = server.create(template=template)
    yield url
    server.drop(url)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database of the test's own."""
    made = Database(database_url)
    yield made
    made.engine.dispose()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a demo instance whose data lie in the test's folder."""
    return builders.settings(tmp_path)


@pytest.fixture(scope="session")
def compiled_pages() -> FileSystemBytecodeCache:
    """The run's compiled templates: each application of a test would compile every page anew."""
    folder = Path(os.environ[FOLDER]) / "pages"
    folder.mkdir(exist_ok=True)
    return FileSystemBytecodeCache(str(folder))


@pytest.fixture
def app(settings: Settings, database_url: str, compiled_pages: FileSystemBytecodeCache):
    """The whole application on a database of its own."""
    made = create_app(settings, database_url=database_url)
    made.jinja_env.bytecode_cache = compiled_pages
    made.config["TESTING"] = False
    yield made
    made.extensions["flagstone_database"].engine.dispose()
