"""Server and worker side by side under honcho: one ends, all end, and nobody is left. Knows nothing of what they do."""

import multiprocessing
import os
import shlex
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from honcho.manager import Manager
from honcho.printer import Message, Printer

from app import lifeline, terminal

LOOK_EVERY_SECONDS = 0.5
PATIENCE_SECONDS = 5
"""Children end within 4 s of being told to; one that does not is killed."""


def run_together(commands: dict[str, list[str]], *, environment: dict[str, str], look: Callable[[], str | None]) -> str | None:
    """Run the commands until told to stop (Ctrl-C, SIGTERM, a closed terminal), or until one of them ends.

    `look` is called twice a second while they run; what it returns is a reason to stop.

    Returns:
        Nothing when told to stop; otherwise one sentence: what ended, or the reason that `look` gave.
    """
    if lifeline.KERNEL_ENDS_ORPHANS:
        # Forked, so that the hook below reaches honcho's own children; with Python 3.14 something else became the default.
        multiprocessing.set_start_method("fork", force=True)
        os.register_at_fork(after_in_child=_tie_to_parent)
    signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))
    side_by_side = _SideBySide(look)
    for name, command in commands.items():
        tied = [sys.executable, "-P", lifeline.__file__, "--also", str(os.getpid()), *command]
        side_by_side.add_process(name, f"exec {shlex.join(tied)}", env=environment, cwd=str(Path(__file__).parent.parent))
    try:
        side_by_side.loop()
    except BaseException:
        # Or Python would wait at its end for children that nobody tells to stop.
        side_by_side.kill()
        raise
    return side_by_side.reason


def _tie_to_parent() -> None:
    """Honcho's children would outlive it when it is killed outright, and keep its handlers until they set their own."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    # A closed terminal tells the whole group; it is the parent who decides.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    lifeline.end_with_parent(signal.SIGKILL)


class _SideBySide(Manager):  # type: ignore[misc]
    """Honcho's manager, and a look at what it does not see: a child of its own that was killed, and children that do not end."""

    def __init__(self, look: Callable[[], str | None]) -> None:
        super().__init__(Printer(terminal.Terminal()))
        self.reason: str | None = None
        self._look = look

    def terminate(self) -> None:
        ended = self._ended()
        if ended and not self._terminating and not self.reason:
            self.reason = f"The {' and the '.join(ended)} ended unexpectedly (any message is above), so everything was stopped."
        super().terminate()

    def _start(self) -> None:
        super()._start()
        # Only now: forking beside a running thread is not safe.
        threading.Thread(target=self._keep_looking, daemon=True).start()

    def _ended(self) -> list[str]:
        return [name for name, known in self._processes.items() if known.get("returncode") is not None]

    def _keep_looking(self) -> None:
        told: float | None = None
        while True:
            time.sleep(LOOK_EVERY_SECONDS)
            self._notice_killed_children()
            if not self._terminating:
                self._stop_for(self._look())
            elif told is None:
                told = time.monotonic()
            elif time.monotonic() - told > PATIENCE_SECONDS:
                self.kill()

    def _stop_for(self, reason: str | None) -> None:
        if reason and not self._terminating:
            self.reason = reason
            self.terminate()

    def _notice_killed_children(self) -> None:
        """Send the message that a killed child of honcho's no longer sends, or its loop would wait for it for good."""
        for name, known in self._processes.items():
            child = known["process"]
            if not child.is_alive() and child.exitcode != 0 and known.get("pid") and known.get("returncode") is None:
                stopped = Message(type="stop", data={"returncode": child.exitcode}, time=datetime.now(UTC), name=name, colour=None)
                self.events.put(stopped)
