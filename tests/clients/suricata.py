"""Suricata with the rules, or with the data set of names, on a capture."""

import json
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.clients.network import Network
from tests.clients.packets import Capture
from tests.clients.pages import BLOCKED, PASSES
from tests.clients.resolvers import program, stand_in
from tests.clients.web import hello

NEEDS = ("suricata", "curl")
PACKAGE = "suricata from bookworm-backports, curl"
SECONDS = 60
PROTOCOLS = ("dns", "tls", "http")
RULES, DATA_SET = "suricata.rules", "suricata-set.rules"


@dataclass
class Sensor:
    """A folder with the rules, and a way to look at a capture with them."""

    folder: Path
    network: Network

    def reload(self) -> None:
        """Take what the server holds now, as the documentation says."""
        real = f'exec {program("suricata")} -c "{self.folder}/sensor.yaml" "$@"'
        programs = stand_in(self.folder / "bin", "suricata", real)
        # It looks at captures, one after the other; nothing runs that could be told to load rules again.
        stand_in(programs, "suricatasc", '[ "$*" = "-c ruleset-reload-nonblocking" ]')
        self.network.run("suricata.sh", self.folder, programs=programs)

    def sees(self, rules: str, capture: Capture) -> dict[str, str]:
        """What becomes of each conversation: blocked where there is an alert, passes where it was understood and there is none."""
        capture.write(self.folder / "capture.pcap")
        log = self.folder / "log"
        log.mkdir(exist_ok=True)
        (log / "eve.json").unlink(missing_ok=True)
        self._run("-r", "capture.pcap", "-S", rules, "-l", "log", "-k", "none", "--runmode", "single")
        events = [json.loads(line) for line in (log / "eve.json").read_text().splitlines()]
        alerted = _ports(event for event in events if event["event_type"] == "alert")
        understood = _ports(event for event in events if event["event_type"] == "flow" and event.get("app_proto") in PROTOCOLS)
        return {
            what: BLOCKED if port in alerted else PASSES if port in understood else "was not understood"
            for port, what in capture.asked.items()
        }

    def _run(self, *arguments: str) -> None:
        command = [program("suricata"), "-c", "sensor.yaml", *arguments]
        ran = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=SECONDS, check=False)
        said = ran.stdout + ran.stderr
        assert ran.returncode == 0, said
        assert "Error" not in said, said


def prepared(network: Network, folder: Path) -> Sensor:
    """A sensor that has the rules and the data set."""
    (folder / "sensor.yaml").write_text(CONFIG)
    (folder / DATA_SET).write_text(network.snippet(DATA_SET, folder))
    sensor = Sensor(folder, network)
    sensor.reload()
    return sensor


def questions(names: Iterable[str]) -> Capture:
    """Names that somebody asks for."""
    capture = Capture()
    for name in names:
        capture.question(name)
    return capture


def greetings(names: Iterable[str]) -> Capture:
    """Names that somebody opens TLS to."""
    capture = Capture()
    for name in names:
        capture.stream(name, 443, hello(name))
    return capture


def requests(addresses: Iterable[str]) -> Capture:
    """Addresses that somebody asks for in plain HTTP, at whatever port they name."""
    capture = Capture()
    for address in addresses:
        authority, _, rest = address.partition("://")[2].partition("/")
        port = int(authority.partition(":")[2] or 80)
        said = f"GET /{rest} HTTP/1.1\r\nHost: {authority}\r\n\r\n".encode()
        capture.stream(address, port, said, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    return capture


def _ports(events: Iterable[dict[str, object]]) -> set[object]:
    return {event[side] for event in events for side in ("src_port", "dest_port")}


CONFIG = """%YAML 1.1
---
outputs:
  - eve-log:
      enabled: yes
      filetype: regular
      filename: eve.json
      types: [alert, flow]
stats:
  enabled: no
app-layer:
  protocols:
    dns:
      udp: {enabled: yes, detection-ports: {dp: 53}}
      tcp: {enabled: yes, detection-ports: {dp: 53}}
    tls: {enabled: yes, detection-ports: {dp: 443}}
    http: {enabled: yes}
"""
