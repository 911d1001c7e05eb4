"""Packets of a network, written to a capture as a sensor would read them: questions to a name server, TLS, and plain HTTP."""

import struct
from pathlib import Path

import dns.message

CLIENT, SERVER = b"\x0a\x00\x00\x02", b"\xc0\x00\x02\x50"
FIRST_PORT = 20_000
UDP, TCP = 17, 6
SYN, ACK, PUSH, FIN = 0x02, 0x10, 0x08, 0x01
MOST_OCTETS = 1_400


class Capture:
    """A capture in the making. Each conversation has a port of its own, by which an alert is told to be its."""

    def __init__(self) -> None:
        self._packets: list[bytes] = []
        self.asked: dict[int, str] = {}

    def question(self, name: str) -> None:
        """Somebody asks a name server for a name."""
        octets = dns.message.make_query(name, "A").to_wire()
        self._add(UDP, struct.pack("!HHHH", self._port(name), 53, 8 + len(octets), 0) + octets, is_answer=False)

    def stream(self, what: str, port: int, said: bytes, answered: bytes = b"") -> None:
        """Somebody connects to a port, says something, is answered, and leaves."""
        own = self._port(what)
        ours, theirs = 1_000, 5_000
        self._segment(own, port, ours, 0, SYN)
        self._segment(port, own, theirs, ours + 1, SYN | ACK)
        ours, theirs = ours + 1, theirs + 1
        self._segment(own, port, ours, theirs, ACK)
        for start in range(0, len(said), MOST_OCTETS):
            part = said[start : start + MOST_OCTETS]
            self._segment(own, port, ours, theirs, ACK | PUSH, part)
            ours += len(part)
            self._segment(port, own, theirs, ours, ACK)
        if answered:
            self._segment(port, own, theirs, ours, ACK | PUSH, answered)
            theirs += len(answered)
        self._segment(own, port, ours, theirs, ACK | FIN)
        self._segment(port, own, theirs, ours + 1, ACK | FIN)
        self._segment(own, port, ours + 1, theirs + 1, ACK)

    def write(self, file: Path) -> None:
        """Write the capture in the form of libpcap, of raw IP packets a millisecond apart."""
        parts = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 101)]
        for number, packet in enumerate(self._packets):
            seconds, thousandths = divmod(number, 1_000)
            parts.append(struct.pack("<IIII", 1_700_000_000 + seconds, thousandths * 1_000, len(packet), len(packet)) + packet)
        file.write_bytes(b"".join(parts))

    def _port(self, what: str) -> int:
        port = FIRST_PORT + len(self.asked)
        self.asked[port] = what
        return port

    def _segment(self, source: int, target: int, number: int, seen: int, flags: int, octets: bytes = b"") -> None:
        head = struct.pack("!HHIIBBHHH", source, target, number, seen, 5 << 4, flags, 65_535, 0, 0)
        self._add(TCP, head + octets, is_answer=target >= FIRST_PORT)

    def _add(self, protocol: int, octets: bytes, *, is_answer: bool) -> None:
        ends = (SERVER, CLIENT) if is_answer else (CLIENT, SERVER)
        # Sums are left out: the sensor is told not to check them.
        self._packets.append(struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(octets), 0, 0, 64, protocol, 0) + b"".join(ends) + octets)
