"""Sends prepared requests over kept-alive connections and times the answers. Bounded in number; only to this machine."""

import contextlib
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from app.run import THREADS
from bench.empty import WHO

PATIENCE_SECONDS = 30
TRIES = 400
HOST = "127.0.0.1"


class LoadError(Exception):
    """The server did not answer as it should have."""


@dataclass(slots=True)
class Answers:
    """What came back: how long each answer took, and all of them together."""

    seconds: float = 0.0
    each: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.each) / self.seconds


class Connection:
    """One kept-alive connection. Plain octets, so that the sender takes little of the processor that it shares with the server."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection((HOST, port), PATIENCE_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._reader: BinaryIO = self._socket.makefile("rb")

    def ask(self, request: bytes) -> tuple[int, bytes]:
        """Status and body of one answer."""
        self._socket.sendall(request)
        status_line = self._reader.readline()
        if not status_line:
            raise LoadError("the connection was closed")
        length = 0
        while (line := self._reader.readline()) not in (b"\r\n", b""):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
            elif name.lower() == b"transfer-encoding":
                raise LoadError("an answer of unknown length")
        return int(status_line.split()[1]), self._reader.read(length)

    def close(self) -> None:
        """Let go of it."""
        self._reader.close()
        self._socket.close()


@contextlib.contextmanager
def connected(port: int, *, workers: int, each: int = THREADS) -> Iterator[list[Connection]]:
    """`each` connections to every worker of the server: by default one for each of its threads.

    A worker that is quick to accept would otherwise get most of them, and one figure would be of one worker, the next of two.
    """
    kept: list[Connection] = []
    spare: list[Connection] = []
    held: Counter[bytes] = Counter()
    try:
        while len(kept) < workers * each:
            if len(kept) + len(spare) > TRIES:
                raise LoadError(f"of {TRIES} connections, {dict(held)} went to each worker; {workers} workers were expected")
            connection = Connection(port)
            _, worker = connection.ask(get(WHO))
            held[worker] += 1
            (kept if held[worker] <= each else spare).append(connection)
        yield kept
    finally:
        for connection in (*kept, *spare):
            connection.close()


def post(path: str, body: bytes) -> bytes:
    """A form as a browser sends it."""
    return _request("POST", path, f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n") + body


def get(path: str, headers: dict[str, str] | None = None) -> bytes:
    """A page as a browser asks for it."""
    return _request("GET", path, "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items()))


def _request(method: str, path: str, headers: str) -> bytes:
    return f"{method} {path} HTTP/1.1\r\nHost: {HOST}\r\nAccept-Encoding: gzip\r\n{headers}\r\n".encode()


def send(connections: Sequence[Connection], requests: Sequence[bytes], *, expected: int = 200) -> Answers:
    """Send all requests, shared out over the connections, each as fast as answers come.

    Raises:
        LoadError: an answer had another status than `expected`, or none came.
    """
    answers, faults = Answers(), []

    def work(connection: Connection, share: Sequence[bytes]) -> None:
        try:
            answers.each.extend(_exchange(connection, share, expected))
        except (OSError, ValueError, LoadError) as fault:
            # ValueError: the connection was closed meanwhile, as when the run is stopped.
            faults.append(fault)

    threads = [
        threading.Thread(target=work, args=(connection, requests[start :: len(connections)]))
        for start, connection in enumerate(connections)
    ]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answers.seconds = time.perf_counter() - started
    if faults:
        raise LoadError(f"The server failed under load: {faults[0]}") from faults[0]
    return answers


def _exchange(connection: Connection, requests: Sequence[bytes], expected: int) -> Iterator[float]:
    for request in requests:
        started = time.perf_counter()
        status, _ = connection.ask(request)
        yield time.perf_counter() - started
        if status != expected:
            raise LoadError(f"status {status} instead of {expected} for {request[:60]!r}")
