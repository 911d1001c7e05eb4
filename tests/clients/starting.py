"""When a server under test is there, and how it ends. Kills only what it was given."""

import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PATIENCE_SECONDS = 30


def once(port: int, process: "subprocess.Popen[bytes]", said: Callable[[], str]) -> None:
    """Wait until somebody listens at the port."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"{process.args} does not listen:\n{said()}")


def comes_to(ask: Callable[[], object], wanted: object) -> object:
    """What is answered in the end: a program takes a new list a moment after it was told to."""
    end = time.monotonic() + PATIENCE_SECONDS
    while (found := _asked(ask)) != wanted and time.monotonic() < end:
        time.sleep(0.05)
    return found


def _asked(ask: Callable[[], object]) -> object:
    try:
        return ask()
    except OSError as fault:
        # While it takes a new list, a program may close its door for a moment.
        return fault


@contextmanager
def ended(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    """End the process with the block."""
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
