"""The name server that a resolver under test asks for everything it does not block: a name that resolves is proven, never inferred."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import dns.exception
import dns.flags
import dns.message
import dns.rdatatype
import dns.rrset

ADDRESSES = {
    "A": "192.0.2.53",
    "AAAA": "2001:db8::53",
    "TXT": '"from upstream"',
    "MX": "10 mail.upstream.example.",
    "HTTPS": '1 . alpn="h2"',
}
"""What every name has here, by type."""

SIGNATURE = "{} 8 2 60 20370101000000 20260101000000 12345 example.org. AAAA"


class Upstream:
    """The server's port, and every question that it got, in lower case and without the last dot."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.asked: list[tuple[str, str]] = []

    def was_asked_for(self, name: str) -> bool:
        """Whether anybody asked for this name, whatever the type."""
        return any(asked == name for asked, _ in self.asked)

    @property
    def names(self) -> set[str]:
        """What was asked for, but for the root, which resolvers look up by themselves at any time."""
        return {name for name, _ in self.asked} - {"", "."}

    def answer(self, octets: bytes) -> bytes:
        """The reply to one question; signed, by nobody, where signatures were asked for."""
        question = dns.message.from_wire(octets)
        reply = dns.message.make_response(question)
        reply.flags |= dns.flags.AA | dns.flags.RA
        asked = question.question[0]
        rdtype = dns.rdatatype.to_text(asked.rdtype)
        self.asked.append((asked.name.to_text(omit_final_dot=True).lower(), rdtype))
        if rdtype in ADDRESSES:
            reply.answer.append(dns.rrset.from_text(asked.name, 60, "IN", rdtype, ADDRESSES[rdtype]))
            if question.ednsflags & dns.flags.DO:
                reply.answer.append(dns.rrset.from_text(asked.name, 60, "IN", "RRSIG", SIGNATURE.format(rdtype)))
        return reply.to_wire()


@contextmanager
def upstream(kind: type[Upstream] = Upstream) -> Iterator[Upstream]:
    """Answer until the block ends."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(0.1)
        found, ended = kind(server.getsockname()[1]), threading.Event()
        thread = threading.Thread(target=_serve, args=(server, found, ended))
        thread.start()
        try:
            yield found
        finally:
            ended.set()
            thread.join()


def _serve(server: socket.socket, found: Upstream, ended: threading.Event) -> None:
    while not ended.is_set():
        try:
            octets, sender = server.recvfrom(4096)
            server.sendto(found.answer(octets), sender)
        except (TimeoutError, IndexError, dns.exception.DNSException):
            # Nothing came, or no question that can be read: a name server keeps silent then.
            continue
