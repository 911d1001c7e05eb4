"""The bundled PostgreSQL for one machine, and the only door to it: who may use it and when it stops; never stops one that others use.

Who uses the server holds a shared lock on `postgres.lock`; who leaves tries for the exclusive one, and whoever gets it stops the server.
The kernel drops a lock with its process, so a killed one leaves no claim behind.
"""

import atexit
import fcntl
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg
from sqlalchemy.engine import URL, make_url

from app.cluster import Cluster, EmbeddedUnavailable, bundled_programs, in_one_line
from config import Settings

__all__ = ["DATABASE", "Bundled", "EmbeddedUnavailable", "database_url", "join", "open_database"]

DATABASE = "flagstone"


@dataclass(slots=True)
class Bundled:
    """One process's claim on the bundled server; it runs at least until `leave`."""

    data: Path
    _cluster: Cluster
    _claim: int
    _server: psutil.Process | None
    _joined_by: int = field(default_factory=os.getpid)

    @property
    def url(self) -> str:
        return self.database_url(DATABASE)

    def database_url(self, name: str) -> str:
        """Return the SQLAlchemy address of database `name`, which need not exist yet."""
        address = URL.create("postgresql+psycopg", username="postgres", database=name, query={"host": str(self._cluster.socket_folder())})
        return address.render_as_string(hide_password=False)

    def is_serving(self) -> bool:
        """Whether the very server that was joined still runs: one that another process started after a crash is not it."""
        return self._server is not None and self._cluster.postmaster() == self._server

    def leave(self, *, patience_seconds: float = 0) -> bool:
        """Give the claim back, and stop the server when no other process holds one; harmless when called twice.

        Where others are just ending too, `patience_seconds` says how long to wait for them.

        Returns:
            Whether nobody uses the server any more.
        """
        # A forked child shares the claim of its parent: letting go of it there would take it from the parent too.
        if self._claim < 0 or os.getpid() != self._joined_by:
            return False
        deadline = time.monotonic() + patience_seconds
        # The turn is given up in between, for the others need it to leave.
        while not (stopped := self._stop_if_last()) and time.monotonic() < deadline:
            time.sleep(0.1)
        os.close(self._claim)
        self._claim = -1
        return stopped

    def _stop_if_last(self) -> bool:
        # The folder may be gone, as after a test; the server ends by itself when its pid file vanishes.
        with suppress(FileNotFoundError), _turn(self.data):
            if not _is_last(self._claim):
                return False
            self._cluster.stop()
        return True


def join(data: Path, *, durable: bool = True) -> Bundled:
    """Claim the bundled server under `data`, starting it (and making it, the first time) where it does not run.

    Without `durable`, a server that this call starts trades safety in a power cut for speed: for throwaway tests only.

    Raises:
        EmbeddedUnavailable: it cannot run here.
    """
    try:
        return _join(data.resolve(), durable=durable)
    except (OSError, psutil.Error, psycopg.Error, subprocess.SubprocessError) as fault:
        raise EmbeddedUnavailable(in_one_line(fault)) from fault


@contextmanager
def open_database(data: Path, *, durable: bool = True) -> Iterator[str]:
    """Yield the address of database `flagstone` on the bundled server under `data`, and leave the server afterwards."""
    bundled = join(data, durable=durable)
    try:
        yield bundled.url
    finally:
        bundled.leave()


def database_url(settings: Settings) -> str:
    """Return the database that the settings name, in SQLAlchemy's form, or join the bundled one for the life of this process.

    Raises:
        EmbeddedUnavailable: no DATABASE_URL is set and the bundled server cannot run here.
    """
    if settings.database_url:
        return make_url(settings.database_url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    # By process, since a forked server worker needs a claim that outlives its parent's.
    key = (os.getpid(), settings.data)
    if key not in _joined:
        _joined[key] = join(settings.data)
        atexit.register(_joined[key].leave)
    return _joined[key].url


_joined: dict[tuple[int, Path], Bundled] = {}


def _join(data: Path, *, durable: bool) -> Bundled:
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    cluster = Cluster(data / "postgres", bundled_programs())
    with _turn(data):
        claim = _open_lock(data / "postgres.lock")
        try:
            fcntl.flock(claim, fcntl.LOCK_SH)
            cluster.start(durable=durable)
            cluster.ensure_database(DATABASE)
        except BaseException:
            if _is_last(claim):
                cluster.stop()
            os.close(claim)
            raise
    return Bundled(data, cluster, claim, cluster.postmaster())


@contextmanager
def _turn(data: Path) -> Iterator[None]:
    """Starting and stopping are one process's turn at a time, or one could join the server that another is just stopping."""
    turn = _open_lock(data / "postgres.turn")
    try:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield
    finally:
        os.close(turn)


def _open_lock(path: Path) -> int:
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    if os.geteuid() == 0:
        # One run as root in someone's folder must not lock its owner out.
        owner = path.parent.stat()
        os.fchown(lock, owner.st_uid, owner.st_gid)
    return lock


def _is_last(claim: int) -> bool:
    try:
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
