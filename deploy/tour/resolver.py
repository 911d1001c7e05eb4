"""A real Unbound that loads the zone from the server by its address, and the small name server that it asks for all else."""

import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dns.exception
import dns.flags
import dns.message
import dns.query
import dns.rcode
import dns.rdatatype
import dns.rrset

from deploy.tour.children import Child, program, running
from deploy.tour.instance import free_port
from deploy.tour.telling import expect, printable, until

PROGRAMS = ("unbound", "unbound-control")
ADDRESS_OF_EVERYTHING = "192.0.2.53"
PATIENCE_SECONDS = 30
ASK_SECONDS = 3


def why_not() -> str:
    """Why no Unbound can be started here; empty where one can."""
    lacking = [name for name in PROGRAMS if program(name) is None]
    return f"{' and '.join(lacking)} not installed (Debian: apt-get install unbound)" if lacking else ""


class Resolver:
    """The resolver of a network that takes the list."""

    def __init__(self, child: Child, *, port: int, config: Path, zone: str) -> None:
        self._child = child
        self._port = port
        self._config = config
        self._zone = zone

    def asked(self, name: str) -> str:
        """The answer's code for an address of the name, NOERROR only where the address comes with it; "no answer" where none came."""
        question = dns.message.make_query(name, dns.rdatatype.A)
        try:
            reply = dns.query.udp(question, "127.0.0.1", port=self._port, timeout=ASK_SECONDS)
        except (dns.exception.Timeout, OSError):
            return "no answer"
        code = dns.rcode.to_text(reply.rcode())
        found = [record.to_text() for answer in reply.answer for record in answer]
        return code if code != "NOERROR" or found == [ADDRESS_OF_EVERYTHING] else f"NOERROR with {found}"

    def wait_for(self, name: str, code: str) -> float:
        """Wait until it answers so; returns the seconds."""

        def look() -> bool:
            seen = self.asked(name)
            expect(seen == code, f"{code} for {name}", seen)
            return True

        return until(look, f"{code} for {printable(name)} from Unbound", seconds=PATIENCE_SECONDS)

    def fetch_again(self, serial: int) -> None:
        """Tell it to fetch the zone now, which it would otherwise do at the zone's own refresh, and wait until it has this serial."""
        said = self._control("auth_zone_transfer", self._zone)
        expect(said.strip() == "ok", f"unbound-control auth_zone_transfer {self._zone} to say ok", said)

        def look() -> bool:
            zones = [line.split() for line in self._control("list_auth_zones").splitlines()]
            mine = next((words for words in zones if words and words[0].rstrip(".") == self._zone), [])
            expect(mine[-2:] == ["serial", str(serial)], f"serial {serial}", " ".join(mine) or "no such zone")
            return True

        until(look, f"serial {serial} of the zone in Unbound", seconds=PATIENCE_SECONDS)

    def _control(self, *words: str) -> str:
        command = [program("unbound-control") or "unbound-control", "-c", str(self._config), *words]
        ran = subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE_SECONDS)
        return ran.stdout + ran.stderr


@contextmanager
def unbound(folder: Path, *, zone: str, url: str) -> Iterator[Resolver]:
    """An Unbound of our own on 127.0.0.1, with the zone from `url`, and our upstream for everything."""
    port, config, included = free_port(), folder / "unbound.conf", folder / "list.conf"
    included.write_text(LIST.format(zone=zone, url=url))
    with _upstream() as upstream:
        config.write_text(settings(folder, port=port, upstream=upstream, control=free_port(), included=included))
        command = [program("unbound") or "unbound", "-d", "-c", str(config)]
        with running(command, environment={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}, log=folder / "unbound.log") as child:
            resolver = Resolver(child, port=port, config=config, zone=zone)
            # Until it has the zone, the always-listed name resolves like any other.
            loaded = "Unbound with the zone loaded"
            child.wait_until(lambda: resolver.asked(f"blocktest.{zone}") == "NXDOMAIN", loaded, seconds=PATIENCE_SECONDS)
            yield resolver


@contextmanager
def _upstream() -> Iterator[int]:
    """A name server that gives every name one address; yields its port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(0.1)
        ended = threading.Event()
        thread = threading.Thread(target=_answer_all, args=(server, ended), daemon=True)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            ended.set()
            thread.join()


def _answer_all(server: socket.socket, ended: threading.Event) -> None:
    while not ended.is_set():
        try:
            octets, sender = server.recvfrom(4096)
            server.sendto(_answer(octets), sender)
        except (TimeoutError, IndexError, dns.exception.DNSException):
            # Nothing came, or no question that can be read: a name server keeps silent then.
            continue


def _answer(octets: bytes) -> bytes:
    question = dns.message.from_wire(octets)
    reply = dns.message.make_response(question)
    reply.flags |= dns.flags.AA | dns.flags.RA
    asked = question.question[0]
    if asked.rdtype == dns.rdatatype.A:
        reply.answer.append(dns.rrset.from_text(asked.name, 60, "IN", "A", ADDRESS_OF_EVERYTHING))
    return reply.to_wire()


def settings(folder: Path, *, port: int, upstream: int, control: int, included: Path) -> str:
    """An Unbound's own settings, for one that nobody but us asks, on 127.0.0.1: everything but the list, which `included` has."""
    return SETTINGS.format(folder=folder, port=port, upstream=upstream, control=control, included=included)


SETTINGS = """server:
  directory: "{folder}"
  chroot: ""
  username: ""
  pidfile: "{folder}/unbound.pid"
  use-syslog: no
  logfile: ""
  verbosity: 1
  do-daemonize: no
  interface: 127.0.0.1@{port}
  port: {port}
  do-ip6: no
  num-threads: 1
  msg-cache-size: 1m
  rrset-cache-size: 1m
  do-not-query-localhost: no
forward-zone:
  name: "."
  forward-addr: 127.0.0.1@{upstream}
remote-control:
  control-enable: yes
  control-interface: 127.0.0.1
  control-port: {control}
  control-use-cert: no
include: "{included}"
"""

# Unbound answers names of its own (test, invalid, onion, home.arpa) before any policy zone; with nodefault it asks for them like any other.
LIST = """server:
  local-zone: "test." nodefault
  local-zone: "invalid." nodefault
  local-zone: "onion." nodefault
  local-zone: "home.arpa." nodefault
  module-config: "respip iterator"
rpz:
  name: "{zone}"
  url: "{url}"
"""
