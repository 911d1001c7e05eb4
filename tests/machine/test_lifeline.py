"""A command ends with whoever started it, however that one ended."""

import os
import signal
import sys
from collections.abc import Callable

import pytest

from app import lifeline
from tests.machine.conftest import Program, is_running, wait_until

STARTS_A_TIED_COMMAND = """
import subprocess, sys
sleeper = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
child = subprocess.Popen([sys.executable, "-P", "app/lifeline.py", sys.executable, "-c", sleeper])
child.wait()
"""
# What happens where the kernel does not do it; shown on every system. The module alone, as it is started in earnest.
WATCHING = """
import sys
sys.path.insert(0, "app")
import lifeline
sys.exit(lifeline.watch([sys.executable, "-c", sys.argv[1]], others=[int(pid) for pid in sys.argv[2:]]))
"""
STARTS_A_WATCHED_COMMAND = f"""
import subprocess, sys
sleeper = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
child = subprocess.Popen([sys.executable, "-c", {WATCHING!r}, sleeper, sys.argv[1]])
child.wait()
"""
SLEEPER = "import time; print('here', flush=True); time.sleep(600)"


@pytest.mark.parametrize("source", [STARTS_A_TIED_COMMAND, STARTS_A_WATCHED_COMMAND], ids=["by the kernel or a watcher", "by a watcher"])
def test_a_command_ends_when_its_starter_is_killed(program: Callable[..., Program], source: str) -> None:
    starter = program(source, os.getpid())
    command = int(starter.line())
    starter.kill()
    wait_until(lambda: not is_running(command), "the command has ended")


def test_a_watched_command_ends_when_another_process_it_depends_on_is_killed(program: Callable[..., Program]) -> None:
    other = program(SLEEPER)
    other.line()
    command = int(program(STARTS_A_WATCHED_COMMAND, other.pid).line())
    other.kill()
    wait_until(lambda: not is_running(command), "the command has ended")


def test_a_watcher_passes_the_signal_to_end_on(program: Callable[..., Program]) -> None:
    watcher = program(WATCHING, SLEEPER)
    watcher.line()
    os.kill(watcher.pid, signal.SIGTERM)
    status, _ = watcher.wait()
    assert status != 0


def test_the_exit_status_of_the_command_is_told() -> None:
    assert lifeline.watch([sys.executable, "-c", "raise SystemExit(7)"], others=[]) == 7
