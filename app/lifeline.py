"""Runs a command that ends when the process that started it is gone, however that one ended. Standard library alone: it starts fast.

    python -P app/lifeline.py command argument ...

A supervisor that is killed outright cannot end its children. On Linux the kernel does so at no cost; elsewhere this process stays
and watches.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time

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


def watch(command: list[str], *, parent: int) -> int:
    """Run the command, pass signals on, and end it when `parent` is no longer ours; return its exit status."""
    child = subprocess.Popen(command)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda received, _: child.send_signal(received))
    while child.poll() is None:
        if os.getppid() != parent:
            return _end(child)
        time.sleep(LOOK_EVERY_SECONDS)
    return child.returncode


def _end(child: "subprocess.Popen[bytes]") -> int:
    child.terminate()
    try:
        return child.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        return child.wait()


def main(command: list[str]) -> int:
    if os.uname().sysname == "Linux":
        end_with_parent(signal.SIGTERM)
        os.execvp(command[0], command)  # noqa: S606
    return watch(command, parent=os.getppid())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
