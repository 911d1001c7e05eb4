"""A hidden primary as an operator starts it, from deploy/dns: Knot DNS, or BIND 9. On 127.0.0.1 only, unprivileged."""

import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from app.commands.dns import EXAMPLES
from config import CHECKOUT, Settings
from tests.clients.resolvers import PATIENCE_SECONDS, free_port, program
from tests.clients.starting import once

NEEDS = {"knot": ("knotd", "knotc"), "bind": ("named", "rndc")}
PACKAGES = {"knot": "knot", "bind": "bind9 bind9-utils"}
CONTROL_KEY = 'key "local" { algorithm hmac-sha256; secret "bG9jYWwga2V5IG9mIGEgdGVzdA=="; };'


class Server:
    """A name server that can be started, stopped, killed and robbed of its zone."""

    def __init__(self, software: str, settings: Settings, control_port: int, log: Path | None = None) -> None:
        self.software = software
        self.settings = settings
        self.port = int(settings.dns_primary.rpartition("@")[2])
        self.folder = settings.dns_folder
        self.log = log or settings.data / "primary.log"
        self._control_port = control_port
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it with what lies in its folder, as the system would after a crash."""
        example = (CHECKOUT / "deploy" / "dns" / EXAMPLES[self.software]).read_text()
        for blank, word in {"<folder>": str(self.folder), "<address>": "127.0.0.1", "<port>": str(self.port)}.items():
            example = example.replace(blank, word)
        config = self.folder / EXAMPLES[self.software]
        command = [program("knotd"), "-c", str(config)]
        if self.software == "bind":
            # Where a machine has one BIND, rndc finds its key by itself.
            place = f"inet 127.0.0.1 port {self._control_port} allow {{ 127.0.0.1; }} keys {{ local; }};"
            example += f"{CONTROL_KEY}\ncontrols {{ {place} }};\n"
            command = [program("named"), "-4", "-g", "-n", "1", "-c", str(config)]
        config.write_text(example)
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        once(self.port, self._process, self.said)
        self._until_controlled()

    def kill(self) -> None:
        """Take it away at once, as a power cut does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(PATIENCE_SECONDS)
            self._process = None

    def lose_zone(self) -> None:
        """Forget all of the zone: what a new disk, or a hand that deleted too much, leaves."""
        self.stop()
        for folder in ("journal", "timers"):
            shutil.rmtree(self.folder / folder, ignore_errors=True)
        for path in self.folder.glob("rpz.zone*"):
            path.unlink()
        self.start()

    def control(self, *words: str) -> str:
        """Tell it something by its own program."""
        ran = subprocess.run([*self.settings.dns_control, *words], capture_output=True, text=True, timeout=30, check=True)
        return ran.stdout + ran.stderr

    def said(self) -> str:
        """The last of what it said."""
        return self.log.read_text(errors="replace")[-6000:]

    def _until_controlled(self) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                self.control("status")
            except subprocess.CalledProcessError:
                assert time.monotonic() < end, self.said()
                time.sleep(0.05)
            else:
                return


def settings_for(software: str, settings: Settings) -> tuple[Settings, int]:
    """The settings of an instance beside such a primary, and the port by which BIND is controlled."""
    missing = [name for name in NEEDS[software] if program(name) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed (Debian: apt install {PACKAGES[software]})")
    folder, port, control_port = settings.data / "dns", free_port(), free_port()
    rndc = settings.data / "rndc.conf"
    if software == "bind":
        rndc.write_text(f"{CONTROL_KEY}\noptions {{ default-key local; default-server 127.0.0.1; default-port {control_port}; }};\n")
    control = {
        "knot": (str(program("knotc")), "-s", str(folder / "knot.sock")),
        "bind": (str(program("rndc")), "-c", str(rndc)),
    }[software]
    place = f"127.0.0.1@{port}"
    changes = {"dns_primary": place, "dns_public": place, "dns_software": software, "dns_control": control, "dns_folder": folder}
    return replace(settings, **changes), control_port


def environment(settings: Settings) -> dict[str, str]:
    """How another process of the same instance learns of the primary."""
    return {
        "FLAGSTONE_DNS_PRIMARY": settings.dns_primary,
        "FLAGSTONE_DNS_SOFTWARE": settings.dns_software,
        "FLAGSTONE_DNS_CONTROL": shlex.join(settings.dns_control),
        "FLAGSTONE_DNS_FOLDER": str(settings.dns_folder),
    }


@contextmanager
def running(software: str, settings: Settings, control_port: int, *, log: Path | None = None) -> Iterator[Server]:
    """A primary until the block ends; its folder holds our part of the configuration already."""
    server = Server(software, settings, control_port, log)
    server.start()
    try:
        yield server
    finally:
        server.kill()
