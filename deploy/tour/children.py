"""Programs that the tour starts, and ends by their own number, however the tour itself ends. Finds no process by name."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import PIPE

from config import CHECKOUT
from deploy.tour.telling import missing, printable, until

END_SECONDS = 30
LAST_LINES = 12


class Child:
    """One running program, and what it said."""

    def __init__(self, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self._process = process
        self._log = log

    def said(self) -> str:
        return self._log.read_text(errors="replace")

    def wait_until(self, look: Callable[[], object], expected: str, *, seconds: float) -> None:
        """Wait for something that the program is to bring about; give up at once when it has ended.

        Raises:
            Unexpected: with the last lines of what it said.
        """

        def look_at_both() -> object:
            return self._process.poll() is not None or look()

        until(look_at_both, expected, seconds=seconds)
        if self._process.poll() is not None:
            lines = [printable(line, 200) for line in self.said().splitlines() if line.strip()][-LAST_LINES:]
            missing(expected, f"that it ended with status {self._process.returncode}, saying:\n            " + "\n            ".join(lines))

    @property
    def status(self) -> int | None:
        """Its exit status, None while it runs."""
        return self._process.poll()

    def end(self) -> None:
        """End it, if it has not ended yet."""
        _end(self._process, signal.SIGTERM)


def finished(command: Sequence[str], *, environment: Mapping[str, str], given: bytes, seconds: float) -> tuple[int, str, str]:
    """Run a program to its end; returns its exit status, what it printed, and what it complained of."""
    process = subprocess.Popen(
        _tied(command), cwd=CHECKOUT, env=dict(environment), stdin=PIPE, stdout=PIPE, stderr=PIPE, start_new_session=True
    )
    try:
        printed, complained = process.communicate(given, timeout=seconds)
    except subprocess.TimeoutExpired:
        missing(f"{command[-1]} to end within {seconds:g} s", "that it still runs")
    finally:
        with undisturbed():
            _end(process, signal.SIGINT)
    return process.returncode, printed.decode("utf-8", "replace"), complained.decode("utf-8", "replace")


def _tied(command: Sequence[str]) -> list[str]:
    """The command, ended by the kernel when the tour is killed outright (app/lifeline.py)."""
    return [sys.executable, "-P", str(CHECKOUT / "app" / "lifeline.py"), *command]


def _end(process: "subprocess.Popen[bytes]", number: signal.Signals) -> None:
    """Ask a program to end, and insist after a while."""
    for sent, seconds in ((number, END_SECONDS), (signal.SIGKILL, 5)):
        if process.poll() is None:
            process.send_signal(sent)
            with suppress(subprocess.TimeoutExpired):
                process.wait(seconds)


@contextmanager
def running(command: Sequence[str], *, environment: Mapping[str, str], log: Path) -> Iterator[Child]:
    """Run a program beside the tour, and end it with the tour."""
    with log.open("wb") as output:
        # In a session of its own: Ctrl-C goes to the tour alone, which ends its children in order.
        process = subprocess.Popen(
            _tied(command),
            cwd=CHECKOUT,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    child = Child(process, log)
    try:
        yield child
    finally:
        with undisturbed():
            child.end()


@contextmanager
def undisturbed() -> Iterator[None]:
    """Tidy up to the end, even for somebody who presses Ctrl-C again."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    former = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def program(name: str) -> str | None:
    """Where a program is; system programs lie outside an ordinary user's search path on Debian."""
    return shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/local/sbin:/sbin")
