"""Where a benchmark runs: a PostgreSQL, databases and servers of its own, all ended and removed afterwards. Measures nothing."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from app import embedded, keys, lifeline, run, schema
from app.database import Database
from app.keys import Keys
from config import CHECKOUT, Settings

TEMPLATE = "bench_template"
START_SECONDS = 60
STOP_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers on `port`."""

    port: int
    process: psutil.Process
    workers: int


class Place:
    """The PostgreSQL of this run, durable as in production, and the settings of an instance on it."""

    def __init__(self, bundled: embedded.Bundled, settings: Settings, *, is_quick: bool = False) -> None:
        self._bundled = bundled
        self.settings = settings
        self.is_quick = is_quick
        self.keys: Keys = keys.load(settings)
        self._maintain("CREATE DATABASE {}", TEMPLATE)
        schema.upgrade(bundled.database_url(TEMPLATE))

    def database(self, name: str) -> Database:
        """A migrated database of this name, empty the first time it is asked for."""
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if not there:
            self._maintain(f"CREATE DATABASE {{}} TEMPLATE {TEMPLATE}", name)
        return Database(self._bundled.database_url(name))

    def drop(self, database: Database) -> None:
        """Remove a database that is not needed any more."""
        database.engine.dispose()
        self._maintain("DROP DATABASE {} WITH (FORCE)", str(make_url(database.url).database))

    @contextmanager
    def serving(self, database: Database, command: list[str] | None = None, *, more: Mapping[str, str] | None = None) -> Iterator[Server]:
        """A server on this database, started as app/run.py does it, with the bench's route beside the others."""
        settings = replace(self.settings, port=free_port())
        # Connections outlive a turn of another server, so that both keep theirs.
        own = command or [*run.server_command(settings), "--keep-alive", "60"]
        own = [word.replace("{port}", str(settings.port)).replace("wsgi:app", "bench.wsgi:app") for word in own]
        tied = [sys.executable, "-P", lifeline.__file__, "--also", str(os.getpid()), *own]
        environment = {**self._environment(settings, database), **(more or {})}
        process = subprocess.Popen(tied, cwd=CHECKOUT, env=environment, start_new_session=True)
        try:
            _wait_until_healthy(process, settings.port)
            yield Server(settings.port, psutil.Process(process.pid), settings.workers)
        finally:
            _end(process)

    def _environment(self, settings: Settings, database: Database) -> dict[str, str]:
        own = {"FLAGSTONE_DATA": str(settings.data), "DATABASE_URL": database.url, "PORT": str(settings.port), "FLAGSTONE_ENV": "demo"}
        return run.child_environment() | own

    def _address(self, name: str) -> str:
        return make_url(self._bundled.database_url(name)).set(drivername="postgresql").render_as_string(hide_password=False)

    def _maintain(self, statement: str, name: str) -> None:
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(name)))


@contextmanager
def prepared(*, is_quick: bool = False) -> Iterator[Place]:
    """A place in a temporary folder (TMPDIR says where); everything in it is ended and removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="flagstone-bench-"))
    try:
        settings = Settings.from_env({"FLAGSTONE_DATA": str(folder / "data")})
        bundled = embedded.join(settings.data)
        try:
            yield Place(bundled, settings, is_quick=is_quick)
        finally:
            bundled.leave(patience_seconds=STOP_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sync_milliseconds(folder: Path, *, times: int = 100) -> float:
    """What one forced write to this disk costs at the median: a floor for every commit."""
    taken = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(times):
            file.write(bytes(8192))
            file.flush()
            started = time.perf_counter()
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - started)
    return sorted(taken)[times // 2] * 1000


def free_port() -> int:
    """A port that nobody listens on; from BENCH_PORT upwards where that is set."""
    first = int(os.environ.get("BENCH_PORT", "0"))
    for port in range(first, first + 20) if first else (0,):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError(f"None of the ports from {first} to {first + 19} is free.")


def _wait_until_healthy(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not run.is_healthy(port):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("The server did not start; its last words are above.")
        time.sleep(0.1)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        for child in psutil.Process(process.pid).children(recursive=True):
            child.kill()
        process.kill()
        process.wait()
