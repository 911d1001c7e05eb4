"""The one door through which we connect to addresses that somebody else gave us: https to public addresses alone. Follows nothing.

The name is looked up once for each attempt, and the connection goes to what was looked at then: one that leads elsewhere a moment later
leads nobody astray. It owns its socket (so not urllib3's pool), to be able to end it however slowly the other side talks.
"""

import http.client
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

import can_ada

from config import Settings

HTTPS_PORT = 443
LOOK_UP_SECONDS = 5.0
"""How long a name may take: servers of names can be as slow as any others, and whoever gave us the name may own them."""

CONNECT_SECONDS = 5.0
TOGETHER_SECONDS = 15.0
"""How long one attempt may take, name and handshake included, however slowly the other side answers."""

ANSWER_OCTETS = 2_048
"""What is read of an answer, so that the other side sees it taken."""

# Beside what the library knows: ranges that lead inside, or to some other address, and machines of clouds in public ranges.
_NEVER = tuple(
    ip_network(text)
    for text in (
        *("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32", "224.0.0.0/4", "240.0.0.0/4", "100.64.0.0/10", "198.18.0.0/15"),
        *(
            "::/96",
            "::ffff:0:0/96",
            "::ffff:0:0:0/96",
            "64:ff9b::/96",
            "64:ff9b:1::/48",
            "2001::/23",
            "2002::/16",
            "3fff::/20",
            "5f00::/16",
        ),
        *("fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8", "2001:db8::/32", "100::/64"),
    )
)

# All that was ever given out for the public net (IANA, IPv6 Global Unicast Address Space); Python calls more of it global.
_GIVEN_OUT = ip_network("2000::/3")


class RefusedAddress(Exception):
    """We connect to no such address. `why` is one word: form, scheme, name, port, or private."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Unreachable(Exception):
    """The other side did not answer as it should. `why` is one word: name, connection, certificate, time, or answer."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Target:
    """An address that may be connected to, once what its name stands for was looked at."""

    url: str
    scheme: str
    host: str
    port: int
    path: str


def target(text: str, settings: Settings) -> Target:
    """The address, in its canonical form.

    Raises:
        RefusedAddress
    """
    if not text or not text.isprintable() or text != text.strip() or any(sign in text for sign in "\\ \t"):
        raise RefusedAddress("form")
    try:
        url = can_ada.parse(text)
    except ValueError as fault:
        raise RefusedAddress("form") from fault
    if url.username or url.password or url.hash:
        raise RefusedAddress("form")
    host, scheme = str(url.hostname).lower(), str(url.protocol).rstrip(":")
    port = int(url.port) if url.port else {"https": HTTPS_PORT, "http": 80}.get(scheme, 0)
    found = Target(url=str(url.href), scheme=scheme, host=host, port=port, path=f"{url.pathname}{url.search}")
    if settings.local_webhooks and host == "127.0.0.1" and scheme in ("http", "https"):
        return found
    if scheme != "https":
        raise RefusedAddress("scheme")
    # No name ends in a number (URL standard), and one without a dot is of somebody's own network.
    if "[" in host or "." not in host.strip(".") or host.rstrip(".").rsplit(".", 1)[-1].isdigit():
        raise RefusedAddress("name")
    if port != HTTPS_PORT:
        raise RefusedAddress("port")
    return found


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether anybody may be sent there."""
    inside = any(address in network for network in _NEVER if network.version == address.version)
    given_out = address.version == 4 or address in _GIVEN_OUT
    return address.is_global and given_out and not address.is_multicast and not inside


def post(found: Target, body: bytes, headers: dict[str, str], settings: Settings) -> int:
    """Send the body, and give the status that came back. Redirects are an answer like any other.

    Raises:
        RefusedAddress: the name stands for an address that is not public. Unreachable.
    """
    ends = time.monotonic() + TOGETHER_SECONDS
    address = _looked_up(found, settings)
    try:
        spoken = _connected(found, address)
    except OSError as fault:
        raise Unreachable("connection") from fault
    was_cut = threading.Event()
    timer = threading.Timer(max(0.0, ends - time.monotonic()), _cut, (spoken, was_cut))
    timer.daemon = True
    timer.start()
    try:
        status = _spoken(found, spoken, body, headers)
    except ssl.SSLCertVerificationError as fault:
        raise Unreachable("certificate") from fault
    except TimeoutError as fault:
        raise Unreachable("time") from fault
    except (OSError, http.client.HTTPException) as fault:
        raise Unreachable("time" if was_cut.is_set() else "answer") from fault
    finally:
        timer.cancel()
        spoken.close()
    # What was cut off may look like an answer that is over.
    if was_cut.is_set():
        raise Unreachable("time")
    return status


def _looked_up(found: Target, settings: Settings) -> IPv4Address | IPv6Address:
    """The first address of the name, where all of them are public."""
    if settings.local_webhooks and found.host == "127.0.0.1":
        return ip_address(found.host)
    told = _told_of(found)
    addresses = [ip_address(str(place[4][0]).partition("%")[0]) for place in told]
    if not addresses or not all(is_public(address) for address in addresses):
        raise RefusedAddress("private")
    return addresses[0]


def _told_of(found: Target) -> list[Any]:
    """What the resolver says of the name. Nothing can end its question: past the time, its thread is left to itself, and ends with it."""
    told: list[Any] = []
    faults: list[Exception] = []

    def look() -> None:
        try:
            told.extend(socket.getaddrinfo(found.host, found.port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as fault:
            faults.append(fault)

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    looking.join(LOOK_UP_SECONDS)
    if looking.is_alive():
        raise Unreachable("time")
    if faults:
        raise Unreachable("name") from faults[0]
    return told


def _connected(found: Target, address: IPv4Address | IPv6Address) -> socket.socket:
    """A socket that can be cut from the first octet on: wrapping takes it away from the plain one, and the handshake waits."""
    plain = socket.create_connection((str(address), found.port), timeout=CONNECT_SECONDS)
    if found.scheme != "https":
        return plain
    context = ssl.create_default_context()
    return context.wrap_socket(plain, server_hostname=found.host.rstrip("."), do_handshake_on_connect=False)


def _spoken(found: Target, spoken: socket.socket, body: bytes, headers: dict[str, str]) -> int:
    if isinstance(spoken, ssl.SSLSocket):
        spoken.do_handshake()
    connection = http.client.HTTPConnection(found.host, found.port, timeout=CONNECT_SECONDS)
    connection.sock = spoken
    try:
        connection.request("POST", found.path, body=body, headers=headers)
        answer = connection.getresponse()
        answer.read(ANSWER_OCTETS)
        return answer.status
    finally:
        connection.close()


def _cut(spoken: socket.socket, was_cut: threading.Event) -> None:
    was_cut.set()
    try:
        # Of the connection below TLS: what TLS holds is in use by whoever waits for it.
        socket.socket.shutdown(spoken, socket.SHUT_RDWR)
    except OSError:
        # It ended meanwhile.
        return
