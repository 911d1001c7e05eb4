"""Server and worker side by side: whatever ends first, nobody is left, and the reason is told."""

import os
import pty
import re
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.machine.conftest import BARE_PACKAGE, Program, is_running, wait_until

# Two commands that say their number; `look` ends the whole once the file named by the first argument appears.
SIDE_BY_SIDE = f"""{BARE_PACKAGE}
import os
from pathlib import Path
from app.supervision import run_together
ordinary = "import os, time; print('here is', os.getpid(), flush=True); time.sleep(600)"
stubborn = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + ordinary
source = stubborn if sys.argv[2] == "stubborn" else ordinary
commands = dict.fromkeys(("server", "worker"), [sys.executable, "-c", source])
look = lambda: "The time had come." if Path(sys.argv[1]).exists() else None
print("reason:", run_together(commands, environment=dict(os.environ), look=look))
"""


class SideBySide:
    """The supervisor and its two commands, all running."""

    def __init__(self, supervisor: Program) -> None:
        self.supervisor = supervisor
        lines = [supervisor.line_with("here is") for _ in range(2)]
        self.commands = {re.search(r"(server|worker)", line)[1]: int(line.rsplit(" ", 1)[1]) for line in lines}
        self.family = [child.pid for child in psutil.Process(supervisor.pid).children(recursive=True)]

    def are_gone(self) -> bool:
        return not any(is_running(pid) for pid in self.family)


@pytest.fixture
def side_by_side(program: Callable[..., Program], tmp_path: Path) -> Callable[..., SideBySide]:
    return lambda manner="ordinary": SideBySide(program(SIDE_BY_SIDE, tmp_path / "now", manner))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_told_to_stop_it_ends_all_and_has_no_complaint(side_by_side: Callable[..., SideBySide], number: signal.Signals) -> None:
    running = side_by_side()
    os.kill(running.supervisor.pid, number)
    _, said = running.supervisor.wait()
    assert "reason: None" in said
    assert running.are_gone()


def test_a_closed_terminal_tells_the_whole_group_and_all_end(side_by_side: Callable[..., SideBySide]) -> None:
    running = side_by_side()
    os.killpg(running.supervisor.pid, signal.SIGHUP)
    _, said = running.supervisor.wait()
    assert "reason: None" in said
    assert running.are_gone()


def test_a_terminal_that_is_gone_takes_all_with_it(tmp_path: Path) -> None:
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(sys.executable, [sys.executable, "-c", SIDE_BY_SIDE, str(tmp_path / "now"), "ordinary"])
    said = b""
    while said.count(b"here is") < 2:
        said += os.read(terminal, 1000)
    family = psutil.Process(pid).children(recursive=True)
    os.close(terminal)
    wait_until(lambda: not any(is_running(each) for each in (pid, *(child.pid for child in family))), "all have ended")
    os.waitpid(pid, 0)


@pytest.mark.parametrize("name", ["server", "worker"])
def test_when_one_is_killed_the_other_ends_and_the_killed_one_is_named(side_by_side: Callable[..., SideBySide], name: str) -> None:
    running = side_by_side()
    os.kill(running.commands[name], signal.SIGKILL)
    _, said = running.supervisor.wait()
    assert f"reason: The {name} ended unexpectedly" in said
    assert running.are_gone()


def test_when_the_supervisor_itself_is_killed_nobody_is_left(side_by_side: Callable[..., SideBySide]) -> None:
    running = side_by_side()
    running.supervisor.kill()
    wait_until(running.are_gone, "both commands have ended")


def test_when_a_go_between_is_killed_all_end(side_by_side: Callable[..., SideBySide]) -> None:
    running = side_by_side()
    go_between = psutil.Process(running.commands["worker"]).ppid()
    os.kill(go_between, signal.SIGKILL)
    _, said = running.supervisor.wait()
    assert "reason: The worker ended unexpectedly" in said
    assert running.are_gone()


@pytest.mark.long
def test_commands_that_will_not_end_are_killed(side_by_side: Callable[..., SideBySide]) -> None:
    running = side_by_side("stubborn")
    os.kill(running.supervisor.pid, signal.SIGTERM)
    running.supervisor.wait()
    assert running.are_gone()


def test_a_reason_to_stop_stops_all_and_is_told(side_by_side: Callable[..., SideBySide], tmp_path: Path) -> None:
    running = side_by_side()
    (tmp_path / "now").touch()
    _, said = running.supervisor.wait()
    assert "reason: The time had come." in said
    assert running.are_gone()
