"""A web server behind the proxies under test, and how they are asked. On 127.0.0.1 only."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import StreamRequestHandler, ThreadingTCPServer

from tests.clients.pages import BLOCKED, PASSES

HERE = b"the page itself"
REFUSED = (403, 451)
PATIENCE_SECONDS = 10


class _Page(BaseHTTPRequestHandler):
    """Answers whatever is asked with the same few words, so that "not blocked" is seen and not inferred."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(HERE)))
        self.end_headers()
        self.wfile.write(HERE)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def web_server() -> Iterator[int]:
    """A server that has every page; gives its port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Page) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


class _Anything(StreamRequestHandler):
    def handle(self) -> None:
        self.request.recv(65536)
        self.request.sendall(HERE)


@contextmanager
def any_server() -> Iterator[int]:
    """A server that answers the same few words to whatever is said, TLS or not; gives its port."""
    with ThreadingTCPServer(("127.0.0.1", 0), _Anything) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def through_proxy(port: int, address: str) -> str:
    """What becomes of an address that is asked of a proxy, exactly as it is written."""
    authority = address.partition("://")[2].partition("/")[0]
    return _verdict(_exchange(port, f"GET {address} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n"))


def on_the_way(port: int, address: str) -> str:
    """What becomes of an address that is asked of its own host, and passes somebody on its way."""
    authority, _, rest = address.partition("://")[2].partition("/")
    return _verdict(_exchange(port, f"GET /{rest} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n"))


def through_tunnel(port: int, authority: str) -> str:
    """What becomes of a tunnel to a host: blocked, or the page at its other end."""
    with closing(_connected(port)) as connection:
        connection.sendall(f"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\n".encode())
        opened = connection.recv(65536)
        if b" 200 " not in opened.partition(b"\r\n")[0]:
            return _verdict(opened)
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        return _verdict(_all(connection))


def _exchange(port: int, request: str) -> bytes:
    with closing(_connected(port)) as connection:
        connection.sendall(request.encode())
        return _all(connection)


def _connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)


def _all(connection: socket.socket) -> bytes:
    parts = []
    while part := connection.recv(65536):
        parts.append(part)
    return b"".join(parts)


def _verdict(answer: bytes) -> str:
    first = answer.partition(b"\r\n")[0].decode(errors="replace").split(" ")
    if len(first) > 1 and first[1].isdigit() and int(first[1]) in REFUSED:
        return BLOCKED
    return PASSES if answer.endswith(HERE) else f"{answer[:80]!r}"


def hello(name: str) -> bytes:
    """The first words of a TLS connection to a name, as a client says them, letter by letter."""
    outgoing = ssl.MemoryBIO()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    with suppress(ssl.SSLWantReadError):
        context.wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname=name.lower()).do_handshake()
    # The library writes names in lower case; the length does not change.
    return outgoing.read().replace(name.lower().encode(), name.encode())


def by_name_in_tls(port: int, name: str) -> str:
    """What becomes of a connection for a name in TLS: led nowhere, or the words of whoever is at its other end."""
    with closing(_connected(port)) as connection:
        connection.sendall(hello(name))
        try:
            return PASSES if _all(connection) == HERE else BLOCKED
        except ConnectionError:
            return BLOCKED
