"""What `make run` starts: database, migrations, demo, then server and worker together, and a clean end. Serves and works nothing itself."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import TypeVar

from sqlalchemy import TableClause, column, create_engine, exists, select, text

from app import embedded, hotlines, schema
from app.known_hosts import OWN_SOURCES
from app.supervision import run_together
from app.terminal import say
from config import CHECKOUT, Settings, SettingsError, environment

THREADS = 8
END_SECONDS = 2
"""For the server to finish what it is answering; with what it needs besides, it ends within 4 s."""
HEALTHY_SECONDS = 60
LINGER_SECONDS = 5
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
POSTGRESQL_ENDED = "PostgreSQL ended unexpectedly, so everything was stopped. Run it again: PostgreSQL recovers what was committed."
Result = TypeVar("Result")


class RunError(Exception):
    """Why nothing is served; the message says what to do."""


def main() -> int:
    """Serve until told to stop; return 0 then, and 1 when anything failed or ended by itself."""
    for number in SIGNALS:
        signal.signal(number, _stop_early)
    try:
        return _run(Settings.from_env(environment()))
    except (RunError, SettingsError, embedded.EmbeddedUnavailable) as fault:
        say(str(fault))
        return 1
    except KeyboardInterrupt:
        say("Stopped before it served; nothing is left running.")
        return 0


def _stop_early(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _run(settings: Settings) -> int:
    refuse_a_taken_port(settings.port)
    hotlines.read(settings.hotlines)
    if settings.database_url:
        return serve(settings, prepare(settings, embedded.database_url(settings)), bundled=None)
    bundled = None
    try:
        with _told_later():
            bundled = _step("Starting PostgreSQL", lambda: embedded.join(settings.data))
        return serve(settings, prepare(settings, bundled.url), bundled=bundled)
    finally:
        with _told_later():
            _leave(bundled)


@contextmanager
def _told_later() -> Iterator[None]:
    """Hold back the signals to stop while something is done that must not be left half done."""
    told: list[int] = []
    former = {number: signal.signal(number, lambda received, _: told.append(received)) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
    if told:
        raise KeyboardInterrupt


def _leave(bundled: embedded.Bundled | None) -> None:
    # The children hold claims of their own, so PostgreSQL stays up until the last of them has ended.
    if bundled and not bundled.leave(patience_seconds=LINGER_SECONDS):
        say("PostgreSQL stays up for others who use it, and stops with the last of them.")


def refuse_a_taken_port(port: int) -> None:
    """Say so at once when another program listens there.

    Raises:
        RunError: with another port to try.
    """
    with socket.socket() as probe:
        # As the server does it: a port that a former run has just left is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as fault:
            other = port + 1 if port < 65535 else 8000
            raise RunError(f"Port {port} cannot be used ({fault.strerror}). Choose another one: make run PORT={other}") from fault


def prepare(settings: Settings, url: str) -> str:
    """Bring the database to where it can be served from; return how to sign in (demo only)."""
    _step("Bringing the database up to date", lambda: schema.upgrade(url))
    # Asked here, since starting one of the application's commands takes longer than anything else in a second run.
    if any(is_empty(url, "known_host", source=source) for source in OWN_SOURCES):
        _step("Loading the lists of known hosts", lambda: _flask("hosts", "load", "--if-missing"))
    if not settings.is_demo:
        return ""
    if is_empty(url, "person"):
        _step("Adding demo people and cases", lambda: _flask("seed", "--demo"))
    return _flask("people", "demo")


def is_empty(url: str, table: str, **having: str) -> bool:
    """Whether the table holds no row with these values."""
    rows = select(text("1")).select_from(TableClause(table)).where(*(column(name) == value for name, value in having.items()))
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.scalar(select(exists(rows)))
    engine.dispose()
    return not found


def _step(title: str, work: Callable[[], Result]) -> Result:
    say(f"{title} ...", end=" ")
    started = time.monotonic()
    try:
        result = work()
    except BaseException:
        say("failed.")
        raise
    say(f"{time.monotonic() - started:.1f} s")
    return result


def _flask(*arguments: str) -> str:
    """Run one of the application's own commands; return what it printed."""
    ran = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *arguments],
        check=False,
        cwd=CHECKOUT,
        env=child_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if ran.returncode != 0:
        raise RunError(f"flask {' '.join(arguments)} failed:\n{ran.stdout}{ran.stderr}")
    return ran.stdout


def child_environment() -> dict[str, str]:
    # Flask would look for .env files in all folders above; config.environment() reads ours alone.
    return dict(os.environ) | {"FLASK_SKIP_DOTENV": "1", "PYTHONUNBUFFERED": "1"}


def serve(settings: Settings, sign_in: str, *, bundled: embedded.Bundled | None) -> int:
    """Run server and worker until told to stop; return the exit status."""
    say("Starting the server and the worker ...")
    commands = {"server": server_command(settings), "worker": [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]}
    reason = run_together(commands, environment=child_environment(), look=Watch(settings, sign_in, bundled).look)
    if bundled and reason and not bundled.is_serving():
        # The worker may have stumbled over it before we looked.
        reason = POSTGRESQL_ENDED
    if reason is None:
        kept = f"{settings.data} and in the database of DATABASE_URL" if settings.database_url else settings.data
        say(f"Stopped. Your data is kept in {kept}.")
        return 0
    say(reason)
    return 1


def server_command(settings: Settings) -> list[str]:
    options = {
        "--bind": f"127.0.0.1:{settings.port}",
        "--worker-class": "gthread",
        "--workers": str(settings.workers),
        "--threads": str(THREADS),
        "--graceful-timeout": str(END_SECONDS),
        "--log-level": "warning",
        "--logger-class": "app.server_log.ServerLog",
    }
    # Loaded once and then forked: a faster start, and memory that the workers share. The control socket would lie in the home folder.
    # There is no access log, for it would hold addresses of reporters.
    words = [word for option in options.items() for word in option]
    return [sys.executable, "-m", "gunicorn", "--preload", "--no-control-socket", *words, "wsgi:app"]


class Watch:
    """Tells once when the server answers, and from then on whether PostgreSQL still runs."""

    def __init__(self, settings: Settings, sign_in: str, bundled: embedded.Bundled | None) -> None:
        self._settings, self._sign_in, self._bundled = settings, sign_in, bundled
        self._started, self._welcomed = time.monotonic(), False

    def look(self) -> str | None:
        """Return a reason to stop, or nothing."""
        if self._bundled and not self._bundled.is_serving():
            return POSTGRESQL_ENDED
        if not self._welcomed and is_healthy(self._settings.port):
            self._welcomed = True
            say(welcome(self._settings, self._sign_in))
        if not self._welcomed and time.monotonic() - self._started > HEALTHY_SECONDS:
            return f"The server did not answer within {HEALTHY_SECONDS} s (any message is above), so everything was stopped."
        return None


def is_healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == HTTPStatus.OK)
    except (urllib.error.URLError, OSError):
        return False


def welcome(settings: Settings, sign_in: str) -> str:
    here = f"http://127.0.0.1:{settings.port}"
    lines = ["", f"Flagstone is ready at {here}", f"  report something   {here}/report", f"  the desk           {here}/desk/"]
    if sign_in:
        lines += ["", "Sign in at the desk with one click, or as:", *(f"  {line}" for line in sign_in.splitlines())]
    return "\n".join([*lines, "", "Stop with Ctrl-C.", ""])


if __name__ == "__main__":
    sys.exit(main())
