"""The one door through which we connect to addresses that somebody else gave us: https to public addresses alone. Follows nothing.

The name is looked up once for each attempt, and the connection goes to what was looked at then: one that leads elsewhere a moment later
leads nobody astray. It owns its socket (so not urllib3's pool), to be able to end it however slowly the other side talks.
"""

import http.client
import socket
import ssl
import threading
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import can_ada

from config import Settings

HTTPS_PORT = 443
CONNECT_SECONDS = 5.0
TOGETHER_SECONDS = 15.0
"""How long one attempt may take from the connection on, however slowly the other side answers."""

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
    return address.is_global and not address.is_multicast and not inside


def post(found: Target, body: bytes, headers: dict[str, str], settings: Settings) -> int:
    """Send the body, and give the status that came back. Redirects are an answer like any other.

    Raises:
        RefusedAddress: the name stands for an address that is not public. Unreachable.
    """
    address = _looked_up(found, settings)
    try:
        plain = socket.create_connection((str(address), found.port), timeout=CONNECT_SECONDS)
    except OSError as fault:
        raise Unreachable("connection") from fault
    timer = threading.Timer(TOGETHER_SECONDS, _cut, (plain,))
    timer.daemon = True
    timer.start()
    try:
        status = _spoken(found, plain, body, headers)
    except ssl.SSLCertVerificationError as fault:
        raise Unreachable("certificate") from fault
    except TimeoutError as fault:
        raise Unreachable("time") from fault
    except (OSError, http.client.HTTPException) as fault:
        raise Unreachable("answer" if timer.is_alive() else "time") from fault
    finally:
        in_time = timer.is_alive()
        timer.cancel()
        plain.close()
    # What was cut off may look like an answer that is over.
    if not in_time:
        raise Unreachable("time")
    return status


def _looked_up(found: Target, settings: Settings) -> IPv4Address | IPv6Address:
    """The first address of the name, where all of them are public."""
    if settings.local_webhooks and found.host == "127.0.0.1":
        return ip_address(found.host)
    try:
        told = socket.getaddrinfo(found.host, found.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as fault:
        raise Unreachable("name") from fault
    addresses = [ip_address(str(place[4][0]).partition("%")[0]) for place in told]
    if not addresses or not all(is_public(address) for address in addresses):
        raise RefusedAddress("private")
    return addresses[0]


def _spoken(found: Target, plain: socket.socket, body: bytes, headers: dict[str, str]) -> int:
    spoken = plain
    if found.scheme == "https":
        spoken = ssl.create_default_context().wrap_socket(plain, server_hostname=found.host.rstrip("."))
    connection = http.client.HTTPConnection(found.host, found.port, timeout=CONNECT_SECONDS)
    connection.sock = spoken
    try:
        connection.request("POST", found.path, body=body, headers=headers)
        answer = connection.getresponse()
        answer.read(ANSWER_OCTETS)
        return answer.status
    finally:
        connection.close()


def _cut(plain: socket.socket) -> None:
    try:
        plain.shutdown(socket.SHUT_RDWR)
    except OSError:
        # It ended meanwhile.
        return
