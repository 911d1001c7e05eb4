"""Says one line a step: what was done, what was seen, how long it took. Judges nothing itself."""

import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

WIDTH = 72


class Unexpected(Exception):
    """A step did not end as it should: what was expected, and what was there instead."""

    def __init__(self, expected: str, seen: object) -> None:
        super().__init__(f"expected {expected}; seen {seen}")
        self.expected = expected
        self.seen = str(seen)


def expect(holds: object, expected: str, seen: object) -> None:
    """Go on only if it holds.

    Raises:
        Unexpected: with both sides.
    """
    if not holds:
        missing(expected, seen)


def missing(expected: str, seen: object) -> NoReturn:
    """Say that what was expected is not there."""
    raise Unexpected(expected, seen)


def until(look: Callable[[], object], expected: str, *, seconds: float, every: float = 0.1) -> float:
    """Look again and again until it holds; returns the seconds that it took.

    Raises:
        Unexpected: it did not in time; the last look says what was there.
    """
    started = time.monotonic()
    while True:
        try:
            found = look()
        except Unexpected as fault:
            found, seen = None, f"{fault.seen} (expected {fault.expected})"
        else:
            seen = repr(found)
        if found:
            return time.monotonic() - started
        if time.monotonic() - started > seconds:
            missing(f"{expected} within {seconds:g} s", seen)
        time.sleep(every)


def printable(text: str, limit: int = WIDTH) -> str:
    """Text of others on one line of a terminal: no control, no mark of direction, not too long."""
    plain = "".join(" " if sign.isspace() else sign if unicodedata.category(sign)[0] != "C" else "\ufffd" for sign in text)
    return plain if len(plain) <= limit else f"{plain[: limit - 1]}…"


class Telling:
    """Numbers the steps and prints a line for each."""

    def __init__(self) -> None:
        self.steps = 0
        self._started = time.monotonic()

    @contextmanager
    def step(self, doing: str) -> Iterator[Callable[[str], None]]:
        """One step; what is given to the yielded function is what was seen."""
        self.steps += 1
        started, seen = time.monotonic(), list[str]()
        # Told before it is done, so that one sees what is waited for.
        print(f"{self.steps:3}. {doing}", end="", flush=True)
        try:
            yield seen.append
        except Exception as fault:
            expected, found = (fault.expected, fault.seen) if isinstance(fault, Unexpected) else ("that it can be tried", repr(fault))
            self.line(f": FAILED after {time.monotonic() - started:.1f} s\n     expected: {expected}\n     seen:     {found}")
            raise
        except BaseException:
            self.line(" ... cut short")
            raise
        self.line(f"{': ' if seen else ''}{'; '.join(seen)} ({time.monotonic() - started:.1f} s)")

    def heading(self, text: str) -> None:
        """A line between steps."""
        self.line(f"\n{text}")

    def line(self, text: str) -> None:
        print(text, flush=True)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._started


def utf8_output() -> None:
    """Let no terminal's own encoding end the tour over a foreign letter."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
