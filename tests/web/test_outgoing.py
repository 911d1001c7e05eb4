"""Where we let others have us connect to: to public machines by https, and nowhere else, whatever the address is made of."""

import ipaddress
import os
import socket
import ssl
import threading
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app import outgoing
from app.outgoing import RefusedAddress, Unreachable
from tests import builders

VECTORS = Path(os.environ.get("FLAGSTONE_VECTORS", "/work/shared/vectors")) / "ssrf_payloads.tsv"
GOOD = "https://noc.net.example/hook?a=1"


def payloads(*wanted):
    if not VECTORS.exists():
        return []
    rows = [line.split("\t") for line in VECTORS.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    found = [(row[0], row[1], row[2], row[3]) for row in rows if len(row) > 3]
    decoded = [
        (number, kind, what, text.encode("ascii").decode("unicode_escape") if kind.endswith("+e") else text)
        for number, kind, what, text in found
    ]
    return [
        (number, text)
        for number, kind, what, text in decoded
        if what in wanted and kind.split("+")[0] not in ("page", "redirect", "feed-poison")
    ]


@pytest.fixture
def settings(tmp_path):
    return builders.settings(tmp_path)


@pytest.fixture
def opened(monkeypatch):
    """Where somebody connected to; nobody gets through."""
    found = []

    def refuse(place, **_):
        found.append(place)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refuse)
    return found


def names(monkeypatch, *addresses):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (address, 443)) for address in addresses])


@pytest.mark.skipif(not VECTORS.exists(), reason="no vectors on this machine")
def test_no_address_of_the_collection_opens_a_connection(settings, opened):
    tried = 0
    for number, text in payloads("refuse"):
        for address in (text, text.replace("http://", "https://", 1)):
            tried += 1
            with pytest.raises((RefusedAddress, Unreachable)):
                outgoing.post(outgoing.target(address, settings), b"", {}, settings)
            assert opened == [], number
    assert tried > 400


@pytest.mark.skipif(not VECTORS.exists(), reason="no vectors on this machine")
def test_what_lies_just_outside_a_closed_range_is_public():
    hosts = [text.removeprefix("http://").rstrip("/") for _, text in payloads("allow-unit")]
    assert hosts
    assert [host for host in hosts if not outgoing.is_public(outgoing.ip_address(host))] == []


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "192.0.0.192",
        "168.63.129.16",
        "224.0.0.1",
        "::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::1",
        "fd00::1",
        "200::1",
        "100:0:0:1::1",
        "4000::1",
    ],
)
def test_a_name_that_stands_for_an_inner_address_is_refused_even_beside_a_public_one(settings, opened, monkeypatch, address):
    for told in ((address,), ("9.9.9.9", address), (address, "9.9.9.9")):
        names(monkeypatch, *told)
        with pytest.raises(RefusedAddress):
            outgoing.post(outgoing.target(GOOD, settings), b"", {}, settings)
    assert opened == []


def test_a_name_that_leads_elsewhere_a_moment_later_leads_nowhere(settings, opened, monkeypatch):
    """It is looked up once, and the connection goes to the address that was looked at."""
    answers = iter(["9.9.9.9", "127.0.0.1", "127.0.0.1"])
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (next(answers), 443))])
    with pytest.raises(Unreachable):
        outgoing.post(outgoing.target(GOOD, settings), b"", {}, settings)
    assert opened == [("9.9.9.9", 443)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("http://noc.net.example/", "scheme"),
        ("https://noc.net.example:8443/", "port"),
        ("https://user:secret@noc.net.example/", "form"),
        ("https://noc.net.example/#a", "form"),
        ("https://noc.net.example/\r\nX-Injected: 1", "form"),
        ("https://noc.net.example/ HTTP/1.1", "form"),
        ("https://[2606:4700:4700::1111]/", "name"),
        ("https://1.1.1.1/", "name"),
        ("https://intranet/", "name"),
        ("http://127.0.0.1/", "scheme"),
        ("noc.net.example", "form"),
        ("", "form"),
    ],
)
def test_an_address_is_refused_with_its_reason(settings, text, why):
    with pytest.raises(RefusedAddress) as refusal:
        outgoing.target(text, settings)
    assert refusal.value.why == why


def test_where_it_is_allowed_for_trying_out_only_this_very_machine_is(tmp_path):
    settings = builders.settings(tmp_path, local_webhooks=True)
    assert outgoing.target("http://127.0.0.1:8080/hook", settings).port == 8080
    for text in ("http://127.0.0.2/", "http://localhost/", "http://10.0.0.1/", "http://[::1]/"):
        with pytest.raises(RefusedAddress):
            outgoing.target(text, settings)


# --- However slowly the other side talks

MOST = 400
"""Octets that the slow side would send in all: thirty times as long as it is listened to."""


@pytest.fixture
def certificate(tmp_path, monkeypatch):
    """A certificate for this very machine, that we trust for once."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "here")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
    signed = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    none = serialization.NoEncryption()
    file = tmp_path / "here.pem"
    file.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, none) + signed)
    trusting = ssl.create_default_context(cadata=signed.decode())
    monkeypatch.setattr(ssl, "create_default_context", lambda: trusting)
    return file


@contextmanager
def dribbling(first, certificate=None):
    """A server that says `first`, and then one octet after another; gives its port, and the count of those that it got away."""
    sent, over = [], threading.Event()
    listening = socket.create_server(("127.0.0.1", 0))

    def serve():
        connection, _ = listening.accept()
        with closing(connection):
            if certificate:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(certificate)
                connection = context.wrap_socket(connection, server_side=True)
            try:
                connection.sendall(first)
                while len(sent) < MOST and not over.wait(0.02):
                    connection.sendall(b"a")
                    sent.append(1)
            except OSError:
                connection.close()

    serving = threading.Thread(target=serve)
    serving.start()
    try:
        yield listening.getsockname()[1], sent
    finally:
        over.set()
        serving.join()
        listening.close()


@pytest.mark.parametrize("what", ["answer", "handshake", "plain"])
def test_who_talks_ever_so_slowly_is_cut_off_at_any_step(tmp_path, monkeypatch, certificate, what):
    monkeypatch.setattr(outgoing, "TOGETHER_SECONDS", 0.25)
    settings = builders.settings(tmp_path, local_webhooks=True)
    # The head of a record of 16 kB, of which the rest comes too slowly to be a handshake.
    first = b"\x16\x03\x03\x40\x00" if what == "handshake" else b"HTTP/1.1 200 OK\r\nX-Slow: "
    with dribbling(first, certificate if what == "answer" else None) as (port, sent):
        scheme = "http" if what == "plain" else "https"
        with pytest.raises(Unreachable) as late:
            outgoing.post(outgoing.target(f"{scheme}://127.0.0.1:{port}/", settings), b"", {}, settings)
        assert late.value.why == "time"
        assert len(sent) < MOST / 2


def test_who_answers_by_https_in_time_is_heard(tmp_path, certificate):
    settings = builders.settings(tmp_path, local_webhooks=True)
    with dribbling(b"HTTP/1.1 204 No Content\r\n\r\n", certificate) as (port, _):
        assert outgoing.post(outgoing.target(f"https://127.0.0.1:{port}/", settings), b"", {}, settings) == 204


def test_a_name_whose_server_never_answers_is_waited_for_no_longer(settings, opened, monkeypatch):
    over = threading.Event()
    monkeypatch.setattr(outgoing, "LOOK_UP_SECONDS", 0.05)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait() and [])
    try:
        with pytest.raises(Unreachable) as late:
            outgoing.post(outgoing.target(GOOD, settings), b"", {}, settings)
    finally:
        over.set()
    assert (late.value.why, opened) == ("time", [])
