"""Runs a command that ends when the process that started it is gone, however that one ended. Standard library alone: it starts fast.

    python -P app/lifeline.py [--also PID] command argument ...

A supervisor that is killed outright cannot end its children. On Linux the kernel does so at no cost; elsewhere this process stays,
watches its parent (and the process PID, for a parent that may itself be left behind), and ends the command.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time

KERNEL_ENDS_ORPHANS = os.uname().sysname == "Linux"
PR_SET_PDEATHSIG = 1
LOOK_EVERY_SECONDS = 0.5
GRACE_SECONDS = 5


def end_with_parent(number: int) -> None:
    """Ask the kernel to send this process signal `number` when its parent ends. Linux only; survives exec, not fork."""
    parent = os.getppid()
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, number, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    # It may have ended just before we asked.
    if os.getppid() != parent:
        os.kill(os.getpid(), number)


def watch(command: list[str], *, others: list[int]) -> int:
    """Run the command, pass signals on, and end it when our parent or one of `others` is gone; return its exit status."""
    parent = os.getppid()
    child = subprocess.Popen(command)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda received, _: child.send_signal(received))
    while child.poll() is None:
        if os.getppid() != parent or not all(_is_there(other) for other in others):
            return _end(child)
        time.sleep(LOOK_EVERY_SECONDS)
    return child.returncode


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _end(child: "subprocess.Popen[bytes]") -> int:
    child.terminate()
    try:
        return child.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        return child.wait()


def main(arguments: list[str]) -> int:
    others = [int(arguments[1])] if arguments[0] == "--also" else []
    command = arguments[2:] if others else arguments
    if KERNEL_ENDS_ORPHANS:
        end_with_parent(signal.SIGTERM)
        os.execvp(command[0], command)  # noqa: S606
    return watch(command, others=others)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
