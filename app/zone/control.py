"""Starts the program that controls the name server: `knotc`, or `rndc`. Without a shell; what it is given is ours alone."""

import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from app.zone import plain_files
from app.zone.trouble import NotTaken
from config import Settings

PATIENCE_SECONDS = 120
"""How long a primary may take to read a zone of a million names †; 5 to 16 s were seen."""
RELOAD_SECONDS = 20
LOOK_SECONDS = 0.1

# In a file that BIND wrote: "(\n  42 ; serial".
BIND_SERIAL = re.compile(r"([0-9]+)\s*; serial")
HEAD = 4096


def is_there(settings: Settings) -> bool:
    """Whether there is a program to start."""
    return bool(settings.dns_control)


def reload_keys(settings: Settings) -> None:
    """Have the name server read its configuration again; transfers that are under way go on.

    Raises:
        NotTaken
    """
    _run(settings, {"knot": "reload", "bind": "reconfig"}[settings.dns_software], seconds=RELOAD_SECONDS)


def bring_file(settings: Settings, zone: str, file: Path, *, present: int | None, put: Callable[[], None]) -> None:
    """Have the name server take the zone from `file`, which `put` writes, and make the difference itself. `present` is its serial now.

    Raises:
        NotTaken
    """
    if settings.dns_software == "knot":
        put()
        _run(settings, "-b", "zone-reload", f"{zone}.")
        return
    # BIND owns the file of a zone that is updated. One that was left frozen by a run that was cut short is as good as frozen now.
    _run(settings, "freeze", zone, unless="already frozen")
    try:
        if present is not None:
            until(lambda: _serial_of(file) == present)
        put()
    finally:
        _run(settings, "thaw", zone)


def until(is_so: Callable[[], bool]) -> bool:
    """Wait for what a name server does a moment after it was told to; whether it came."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not (came := is_so()) and time.monotonic() < end:
        time.sleep(LOOK_SECONDS)
    return came


def _serial_of(file: Path) -> int | None:
    """The serial in a zone file that BIND wrote, or that we did."""
    octets = plain_files.read(file, most=HEAD)
    if octets is None:
        return None
    head = octets.decode("ascii", errors="replace")
    found = BIND_SERIAL.search(head) or re.search(r" SOA \S+ \S+ ([0-9]+) ", head)
    return int(found[1]) if found else None


def _run(settings: Settings, *words: str, unless: str = "", seconds: int = PATIENCE_SECONDS) -> None:
    program, command = settings.dns_control[0], [*settings.dns_control, *words]
    try:
        ran = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds, check=False)
    except (OSError, subprocess.TimeoutExpired) as fault:
        todo = "Look at FLAGSTONE_DNS_CONTROL, and start the primary."
        raise NotTaken(f"{program} could not be run ({type(fault).__name__}).", todo) from fault
    said = (ran.stdout + ran.stderr).strip()
    if ran.returncode and not (unless and unless in said):
        todo = "Read the primary's log; flask dns configure says what it must include."
        raise NotTaken(f"{program} {' '.join(words)} failed: {said[:300]}", todo)
