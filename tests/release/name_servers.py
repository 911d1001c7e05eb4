"""Real name servers for the tests: an upstream that resolves everything, and an Unbound that asks it. On 127.0.0.1 only."""

import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import dns.exception
import dns.flags
import dns.message
import dns.query
import dns.rcode
import dns.rrset

SEARCH_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin:/sbin"
ANSWER = "192.0.2.53"
PATIENCE_SECONDS = 15


def program(name):
    """Where a program is, None where it is not installed."""
    return shutil.which(name, path=SEARCH_PATH)


def free_port():
    """A port that nobody uses for UDP or TCP at the moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as stream, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagram:
        stream.bind(("127.0.0.1", 0))
        datagram.bind(stream.getsockname())
        return stream.getsockname()[1]


@contextmanager
def upstream():
    """A server that answers every question for an address with ANSWER; gives its port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(0.1)
        ended = threading.Event()
        thread = threading.Thread(target=_answer, args=(server, ended))
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            ended.set()
            thread.join()


def _answer(server, ended):
    while not ended.is_set():
        try:
            octets, sender = server.recvfrom(4096)
        except TimeoutError:
            continue
        question = dns.message.from_wire(octets)
        reply = dns.message.make_response(question)
        reply.flags |= dns.flags.AA | dns.flags.RA
        asked = question.question[0]
        if asked.rdtype == dns.rdatatype.A:
            reply.answer.append(dns.rrset.from_text(asked.name, 60, "IN", "A", ANSWER))
        server.sendto(reply.to_wire(), sender)


class Unbound:
    """A resolver that has loaded the zone."""

    def __init__(self, port, config, log):
        self._port = port
        self._config = config
        self._log = log

    def asks(self, name, timeout=5):
        """The answer's code for an address of the name, as text: NOERROR or NXDOMAIN."""
        reply = dns.query.udp(dns.message.make_query(name, "A"), "127.0.0.1", port=self._port, timeout=timeout)
        return dns.rcode.to_text(reply.rcode())

    def fetches_again(self, zone):
        """Tell it to fetch the zone now, which it would otherwise do at the zone's own refresh."""
        command = [program("unbound-control"), "-c", str(self._config), "auth_zone_transfer", zone]
        subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE_SECONDS)

    def log(self):
        """What it said so far."""
        return self._log.read_text(errors="replace")

    def answers_within(self, name, code, seconds=PATIENCE_SECONDS):
        """Whether it comes to give this answer in time; a zone that is fetched is there a moment after the start."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if self.asks(name, timeout=0.3) == code:
                    return True
            except (dns.exception.Timeout, OSError):
                pass
            time.sleep(0.1)
        return False


@contextmanager
def unbound(folder: Path, *, upstream_port, zone, source):
    """An Unbound of our own, with `zone` from `source` (`zonefile: "..."` or `url: "..."`)."""
    port, log = free_port(), folder / "unbound.log"
    config = folder / "unbound.conf"
    config.write_text(CONFIG.format(folder=folder, port=port, control=free_port(), upstream=upstream_port, zone=zone, source=source))
    with log.open("w") as output:
        process = subprocess.Popen([program("unbound"), "-d", "-c", str(config)], stdout=output, stderr=output)
        try:
            yield Unbound(port, config, log)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=PATIENCE_SECONDS)


# Unbound answers its own local data before any policy zone, so the names under test are none of it.
CONFIG = """server:
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
  module-config: "respip iterator"
rpz:
  name: "{zone}"
  {source}
forward-zone:
  name: "."
  forward-addr: 127.0.0.1@{upstream}
remote-control:
  control-enable: yes
  control-interface: 127.0.0.1
  control-port: {control}
  control-use-cert: no
"""
