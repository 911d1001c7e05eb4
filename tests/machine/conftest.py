"""Real processes in folders of their own; each ends what it started, and nothing else."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from app import embedded
from app.cluster import Cluster, bundled_programs
from config import CHECKOUT

SECONDS = 120
"""Longer than anything here takes; reaching it is a failure, being faster is no merit."""


def wait_until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    """A zombie holds nothing and runs nothing; a container without an init keeps them."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


class Program:
    """A process of ours that says something, waits, and can be told to go on."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            command,
            cwd=CHECKOUT,
            env=dict(os.environ) | {"PYTHONUNBUFFERED": "1"} | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        # One that hangs is a failure to be told, not waited for.
        self._limit = threading.Timer(SECONDS, self.process.kill)
        self._limit.daemon = True
        self._limit.start()

    @property
    def pid(self) -> int:
        return self.process.pid

    def line(self) -> str:
        return self.process.stdout.readline().strip()

    def line_with(self, words: str) -> str:
        """The next line with these words; what came before is in the failure if there is none."""
        seen = []
        for line in self.process.stdout:
            seen.append(line)
            if words in line:
                return line.strip()
        raise AssertionError(f"{words!r} never came, only:\n{''.join(seen)}")

    def go_on(self) -> None:
        self.process.stdin.close()

    def end(self) -> tuple[int, str]:
        """Let it end by itself; its exit status and the rest of what it said."""
        self.go_on()
        return self.wait()

    def wait(self) -> tuple[int, str]:
        said = self.process.stdout.read()
        status = self.process.wait(SECONDS)
        self._limit.cancel()
        return status, said

    def kill(self) -> None:
        self._limit.cancel()
        self.process.kill()
        self.process.wait(SECONDS)


@pytest.fixture
def start(folder: Path) -> Iterator[Callable[..., Program]]:
    """Starts a command, and ends it if it still runs after the test; only then `folder` may go."""
    started: list[Program] = []

    def start(command: list[str], environment: dict[str, str] | None = None) -> Program:
        started.append(Program(command, environment or {}))
        return started[-1]

    yield start
    for each in started:
        if each.process.poll() is None:
            each.kill()
        each.process.stdout.close()


@pytest.fixture
def program(start: Callable[..., Program]) -> Callable[..., Program]:
    """Starts a Python program."""
    return lambda source, *arguments: start([sys.executable, "-c", source, *map(str, arguments)])


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a short path, since pytest's own leaves little room for a socket's."""
    made = Path(tempfile.mkdtemp(prefix="fs-"))
    yield made
    for pid_file in made.rglob("postmaster.pid"):
        stop_server(pid_file.parent)
    shutil.rmtree(made)


@pytest.fixture(scope="session")
def cluster_made_once() -> Iterator[Path]:
    """Making a cluster takes most of a first start; tests of other things copy this one."""
    made = Path(tempfile.mkdtemp(prefix="fs-"))
    embedded.join(made, durable=False).leave()
    yield made
    shutil.rmtree(made)


@pytest.fixture
def data(folder: Path, cluster_made_once: Path) -> Path:
    """A data folder whose server has run before and is stopped now."""
    subprocess.run(["cp", "-a", cluster_made_once, folder / "data"], check=True)
    return folder / "data"


def server_pid(data: Path) -> int | None:
    """The number of the PostgreSQL that serves this data folder, proven to be it."""
    postgres = data / "postgres"
    found = Cluster(postgres, bundled_programs()).postmaster() if postgres.exists() else None
    return found.pid if found and is_running(found.pid) else None


def stop_server(cluster: Path) -> None:
    found = Cluster(cluster, bundled_programs()).postmaster()
    if found:
        found.send_signal(signal.SIGQUIT)
        wait_until(lambda: not is_running(found.pid), "PostgreSQL has ended")


# The package without what its own start loads, which takes longer than all that is tested here.
BARE_PACKAGE = """
import sys, types
sys.modules["app"] = types.ModuleType("app")
sys.modules["app"].__path__ = ["app"]
"""
HOLDER = f"""{BARE_PACKAGE}
from pathlib import Path
from app import embedded
bundled = embedded.join(Path(sys.argv[1]), durable=False)
print(bundled.url)
sys.stdin.read()
print(bundled.leave())
"""


@pytest.fixture
def holder(program: Callable[..., Program]) -> Callable[[Path], Program]:
    """A process that uses the bundled server until it is told to go on; its first line is the address."""
    return lambda data: program(HOLDER, data)
