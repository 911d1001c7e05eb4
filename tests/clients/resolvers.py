"""What every resolver under test is asked through, and how its process is started and ended. On 127.0.0.1 only."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdatatype

from tests.clients.upstream import ADDRESSES

SEARCH_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin:/sbin"
PATIENCE_SECONDS = 30
ASK_SECONDS = 5

BLOCKED = "blocked"
RESOLVES = "resolves"
NOWHERE = ("0.0.0.0", "::")


def program(name: str) -> str | None:
    """Where a program is, None where it is not installed; system programs lie outside an ordinary user's search path."""
    return shutil.which(name, path=SEARCH_PATH)


def free_port() -> int:
    """A port that nobody uses for UDP or TCP at the moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as stream, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagram:
        stream.bind(("127.0.0.1", 0))
        datagram.bind(stream.getsockname())
        return int(stream.getsockname()[1])


@dataclass
class Resolver:
    """One running resolver. `reload` makes it take what the server holds now, as its snippet in the documentation does."""

    port: int
    process: "subprocess.Popen[bytes]"
    log: Path
    reload: Callable[[], None] = lambda: None

    def asks(self, name: str, rdtype: str = "A", *, signed: bool = False, seconds: float = ASK_SECONDS) -> str:
        """What becomes of a question: blocked, resolves (only where the upstream's own answer comes back), or what was seen instead.

        `signed` asks for signatures too, as a resolver behind this one that checks them would.
        """
        # A prober converts as a browser does; what goes over the wire is A-labels.
        question = dns.message.make_query(dns.name.from_text(name, idna_codec=dns.name.IDNA_2008_Practical), rdtype, want_dnssec=signed)
        reply = dns.query.udp(question, "127.0.0.1", port=self.port, timeout=seconds)
        found = [record.to_text() for answer in reply.answer if answer.rdtype == question.question[0].rdtype for record in answer]
        if reply.rcode() == dns.rcode.NXDOMAIN and not found:
            return BLOCKED
        if reply.rcode() == dns.rcode.NOERROR and found == [ADDRESSES[rdtype]]:
            return RESOLVES
        if found and all(address in NOWHERE for address in found):
            return BLOCKED
        return f"{dns.rcode.to_text(reply.rcode())} {found}"

    def may_be_kept(self, name: str) -> int:
        """For how many seconds whoever asks may keep the answer; a denial without a SOA record is not kept at all (RFC 2308)."""
        reply = dns.query.udp(dns.message.make_query(name, "A"), "127.0.0.1", port=self.port, timeout=ASK_SECONDS)
        denials = [min(found.ttl, found[0].minimum) for found in reply.authority if found.rdtype == dns.rdatatype.SOA]
        return max([0, *denials, *(found.ttl for found in reply.answer)])

    def comes_to(self, name: str, verdict: str) -> bool:
        """Whether it answers so within reasonable time, whatever it answers until then; False too where it has ended."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            try:
                # One that is not up yet answers nothing at all.
                if self.asks(name, seconds=0.5) == verdict:
                    return True
            except (dns.exception.Timeout, OSError):
                pass
            time.sleep(0.05)
        return False

    def said(self) -> str:
        """The last of what it said."""
        return self.log.read_text(errors="replace")[-4000:]


@contextmanager
def running(command: list[str], folder: Path, *, port: int) -> Iterator[Resolver]:
    """Start a resolver that stays in the foreground; it has answered something when the block begins."""
    log = folder / "resolver.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    resolver = Resolver(port, process, log)
    try:
        assert resolver.comes_to("ready.example.org", RESOLVES), f"{command[0]} does not answer:\n{resolver.said()}"
        yield resolver
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def stand_in(folder: Path, name: str, script: str) -> Path:
    """Put a command of this name into `folder`, for a snippet that means the program of a whole machine; returns the folder."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)
    return folder


def until_gone(found: Callable[[], object], what: str) -> None:
    """Wait for something that a program does a moment after it was told to."""
    end = time.monotonic() + PATIENCE_SECONDS
    while found():
        assert time.monotonic() < end, what
        time.sleep(0.05)
