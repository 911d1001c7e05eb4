"""`make run` as a whole: what it refuses, what it serves, and that nothing is left of it however it ends."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from app import embedded, schema
from app.known_hosts import OWN_SOURCES
from moderation.vocabulary import LOADED_MARK
from tests.machine.conftest import Program, is_running, server_pid, wait_until

READY = "Flagstone is ready"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Run:
    """One `python -m app.run` on a data folder of its own."""

    def __init__(self, start: Callable[..., Program], data: Path, *, port: int, **settings: str) -> None:
        self.data, self.port = data, port
        # The checkout may have a .env for its developer; these win over it.
        own = {"FLAGSTONE_DATA": str(data), "PORT": str(port), "DATABASE_URL": "", "FLAGSTONE_ENV": "test", "FLAGSTONE_SURFACES": "all"}
        self.program = start([sys.executable, "-m", "app.run"], own | settings)
        self.family: list[psutil.Process] = []

    def ready(self) -> "Run":
        self.program.line_with(READY)
        self.family = psutil.Process(self.program.pid).children(recursive=True)
        return self

    def pid_of(self, *words: str) -> int:
        """The outermost of our processes whose command line has these words."""
        return next(each.pid for each in self.family if set(words) <= set(each.cmdline()))

    def answers(self) -> bool:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=10) as answer:
            return answer.status == 200

    def is_gone(self) -> bool:
        return not any(is_running(each.pid) for each in self.family) and server_pid(self.data) is None


@pytest.fixture(scope="module")
def migrated_once() -> Iterator[Path]:
    """A data folder with the newest schema and a line of our own known hosts, so that the long lists are not loaded for each test."""
    made = Path(tempfile.mkdtemp(prefix="fs-"))
    with embedded.open_database(made, durable=False) as url:
        schema.upgrade(url)
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            lines = [(LOADED_MARK.host, "never", source) for source in OWN_SOURCES]
            connection.cursor().executemany("INSERT INTO known_host (host, class, source) VALUES (%s, %s, %s)", lines)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def run(start: Callable[..., Program], folder: Path, migrated_once: Path) -> Iterator[Callable[..., Run]]:
    begun: list[Run] = []

    def begin(name: str = "data", *, port: int | None = None, **settings: str) -> Run:
        if not (folder / name).exists():
            subprocess.run(["cp", "-a", migrated_once, folder / name], check=True)
        begun.append(Run(start, folder / name, port=port or free_port(), **settings))
        return begun[-1]

    yield begin
    for each in begun:
        each.program.process.terminate()
    for each in begun:
        each.program.process.wait()
        wait_until(each.is_gone, "nothing of the run is left")


@pytest.mark.long
def test_told_to_stop_it_leaves_nothing_running_and_has_no_complaint(run: Callable[..., Run]) -> None:
    running = run().ready()
    os.kill(running.program.pid, signal.SIGINT)
    status, said = running.program.wait()
    assert (status, running.is_gone()) == (0, True), said


@pytest.mark.long
def test_told_to_stop_before_it_serves_it_leaves_nothing_running(run: Callable[..., Run]) -> None:
    starting = run()
    starting.program.line_with("Starting PostgreSQL")
    os.kill(starting.program.pid, signal.SIGTERM)
    status, said = starting.program.wait()
    assert (status, starting.is_gone()) == (0, True), said


@pytest.mark.long
def test_when_a_child_is_killed_everything_ends_and_it_is_named(run: Callable[..., Run]) -> None:
    running = run().ready()
    os.kill(running.pid_of("gunicorn"), signal.SIGKILL)
    status, said = running.program.wait()
    assert "The server ended unexpectedly" in said
    assert (status, running.is_gone()) == (1, True)


@pytest.mark.long
def test_when_the_run_itself_is_killed_nothing_is_left(run: Callable[..., Run]) -> None:
    running = run().ready()
    running.program.kill()
    wait_until(running.is_gone, "server, worker and PostgreSQL have ended")


@pytest.mark.long
def test_when_postgresql_is_killed_everything_ends_and_that_is_told(run: Callable[..., Run]) -> None:
    running = run().ready()
    os.kill(server_pid(running.data), signal.SIGKILL)
    status, said = running.program.wait()
    assert "PostgreSQL ended unexpectedly" in said
    assert (status, running.is_gone()) == (1, True)


@pytest.mark.long
def test_a_postgresql_that_a_latecomer_started_again_is_told_as_ended_too(run: Callable[..., Run]) -> None:
    running = run().ready()
    os.kill(running.program.pid, signal.SIGSTOP)
    killed = server_pid(running.data)
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: not is_running(killed), "the kernel has ended it")
    with embedded.open_database(running.data):
        os.kill(running.program.pid, signal.SIGCONT)
        status, said = running.program.wait()
    assert (status, "PostgreSQL ended unexpectedly" in said) == (1, True), said


@pytest.mark.long
def test_after_everything_was_killed_at_once_the_next_run_serves_what_was_kept(run: Callable[..., Run]) -> None:
    killed = run().ready()
    with embedded.open_database(killed.data) as url, psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE kept ()")
    for pid in (server_pid(killed.data), killed.program.pid, *(each.pid for each in killed.family)):
        os.kill(pid, signal.SIGKILL)
    killed.program.process.wait()
    assert run().ready().answers()
    with embedded.open_database(killed.data) as url, psycopg.connect(url.replace("+psycopg", "")) as connection:
        assert connection.execute("SELECT to_regclass('kept') IS NOT NULL").fetchone() == (True,)


def test_a_taken_port_is_told_with_the_way_out(run: Callable[..., Run]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        status, said = run(port=port).program.wait()
    assert status == 1
    assert f"Port {port} cannot be used" in said
    assert "make run PORT=" in said


@pytest.mark.long
def test_a_wrong_setting_is_named_at_the_start(run: Callable[..., Run]) -> None:
    status, said = run(FLAGSTONE_LIST_NAME="not a name").program.wait()
    assert status == 1
    assert said.startswith("FLAGSTONE_LIST_NAME: ")


@pytest.mark.long
def test_a_doubtful_hotline_is_told_before_anything_starts(run, tmp_path):
    file = tmp_path / "hotlines.toml"
    file.write_text('[[FR]]\nfor = ["child"]\nname = "A line"\nnumber = "119"\n')
    status, said = run(FLAGSTONE_HOTLINES=str(file)).program.wait()
    assert status == 1
    assert said.startswith(f"FLAGSTONE_HOTLINES: {file}, FR, entry 1: `read_on` is missing")


@pytest.mark.long
def test_two_checkouts_side_by_side_do_not_disturb_one_another(run: Callable[..., Run]) -> None:
    one, two = run("one").ready(), run("two").ready()
    os.kill(one.program.pid, signal.SIGTERM)
    one.program.wait()
    assert two.answers()
