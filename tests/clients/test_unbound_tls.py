"""Unbound fetches the policy zone by itself: only from the server that it was told of, and never anything but a refusal out of it."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.clients import unbound
from tests.clients.names import FORGED_ZONE, IN_FORGED_ZONE
from tests.clients.network import TOKEN, Network
from tests.clients.resolvers import BLOCKED, RESOLVES, program
from tests.clients.upstream import upstream

pytestmark = pytest.mark.skipif(
    any(program(name) is None for name in unbound.ByAddress.NEEDS),
    reason=f"unbound not installed (Debian: apt install {unbound.ByAddress.PACKAGE})",
)

ADDRESS = "127.0.0.1"
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"


class Feed:
    """A server that has the zone by https; `paths` is what it was asked for, `tried` how many came to it at all."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.paths: list[str] = []
        self.tried = threading.Event()


def certificate(folder: Path, name: str) -> Path:
    """A new self-signed certificate for this name or address, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    names: list[x509.GeneralName] = [x509.DNSName(name)]
    if name == ADDRESS:
        names.append(x509.IPAddress(ip_address(name)))
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    form = serialization.Encoding.PEM
    unlocked = key.private_bytes(form, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = folder / "certificate.pem"
    file.write_bytes(unlocked + made.public_bytes(form))
    return file


@contextmanager
def serving(certificate_file: Path) -> Iterator[Feed]:
    """Serve the zone with this certificate until the block ends."""

    class Zone(BaseHTTPRequestHandler):
        def do_GET(self):
            feed.paths.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", str(len(FORGED_ZONE)))
            self.end_headers()
            self.wfile.write(FORGED_ZONE.encode())

        def log_message(self, *_):
            """Say nothing."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate_file)

    class Server(ThreadingHTTPServer):
        def finish_request(self, request, client_address):
            try:
                with context.wrap_socket(request, server_side=True) as opened:
                    super().finish_request(opened, client_address)
            except OSError:
                # Whoever does not trust the certificate hangs up.
                pass
            finally:
                feed.tried.set()

    with Server((ADDRESS, 0), Zone) as server:
        feed = Feed(server.server_port)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield feed
        finally:
            server.shutdown()
            thread.join()


class Secure(Network):
    """A network whose feed is there by https, and that trusts the authorities of `bundle`."""

    def __init__(self, data: Path, port: int, bundle: Path | None) -> None:
        super().__init__(data, port)
        self.feed = f"https://{ADDRESS}:{port}/feed/v1"
        self._bundle = bundle

    def snippet(self, name: str, folder: Path) -> str:
        text = super().snippet(name, folder)
        assert BUNDLE in text
        return text.replace(BUNDLE, str(self._bundle)) if self._bundle else text


@contextmanager
def resolving(folder: Path, feed: Feed, bundle: Path | None):
    """Unbound by the documentation's snippet, which has come to the server once when the block begins."""
    with upstream() as above, unbound.ByAddress.started(Secure(folder, feed.port, bundle), above, folder) as resolver:
        assert feed.tried.wait(30), resolver.said()
        yield resolver


@pytest.mark.long
def test_from_a_server_with_the_right_certificate_the_zone_is_loaded_and_only_denies(tmp_path):
    file = certificate(tmp_path, ADDRESS)
    with serving(file) as feed, resolving(tmp_path, feed, file) as resolver:
        assert resolver.comes_to("blocktest.list.example", BLOCKED), resolver.said()
        assert feed.paths == [f"/feed/v1/t/{TOKEN}/rpz.zone"]
        assert {name: resolver.asks(name) for name in IN_FORGED_ZONE} == dict.fromkeys(IN_FORGED_ZONE, BLOCKED)


@pytest.mark.long
@pytest.mark.parametrize(("name", "trusted"), [(ADDRESS, False), ("other.example", True)], ids=["nobody vouches for", "another name"])
def test_from_a_server_with_a_wrong_certificate_nothing_is_loaded_and_it_never_sees_the_token(tmp_path, name, trusted):
    file = certificate(tmp_path, name)
    with serving(file) as feed, resolving(tmp_path, feed, file if trusted else None) as resolver:
        assert resolver.asks("blocktest.list.example") == RESOLVES
        assert resolver.asks("forged.example.org") == RESOLVES
        assert feed.paths == []
        assert "certificate verify failed" in resolver.said()
