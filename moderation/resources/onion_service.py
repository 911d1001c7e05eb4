"""Onion services, version 3: a name that is its own key. Must not go to any DNS list; police only."""

import base64
import hashlib
import re
from collections.abc import Iterator
from typing import Final

from moderation import addresses
from moderation.addresses import Address
from moderation.resources._reading import Found, Reading
from moderation.vocabulary import N_, Resource, Scope, Target

KIND: Final = "onion_service"
LABEL: Final = N_("Onion service")
TOLD: Final = N_("The police only. No provider's name server knows onion services.")
PRECEDENCE: Final = 10
REACHES_A_PERSON: Final = False
SHARES_ITS_HOST: Final = False

_HOST: Final = re.compile(r"(?:[a-z0-9_-]+\.)*(?P<service>(?P<key>[a-z2-7]{56})\.onion)")
_DOORS: Final = (80, 443)


def find(reading: Reading) -> Iterator[Found]:
    """Find onion addresses whose checksum and version hold."""
    for mention in reading.addresses:
        address = mention.address
        if address is not None and address.is_short_enough and _service(address.host) is not None:
            yield Found(mention.start, mention.end, _resource(address))


def restore(canonical: str) -> Resource:
    """Rebuild the resource from its stored canonical form.

    Raises:
        ValueError: it is not one.
    """
    address = addresses.read(f"http://{canonical}")
    if address is None or _service(address.host) is None:
        raise ValueError("not a canonical onion service")
    return _resource(address)


def _service(host: str) -> str | None:
    """Name the service that a host is or lies under: 32 octets of key, 2 of checksum, 1 of version (rend-spec-v3, 6)."""
    match = _HOST.fullmatch(host)
    if match is None:
        return None
    octets = base64.b32decode(match["key"].upper())
    key, checksum, version = octets[:32], octets[32:34], octets[34:]
    expected = hashlib.sha3_256(b".onion checksum" + key + version).digest()[:2]
    return match["service"] if version == b"\x03" and checksum == expected else None


def _resource(address: Address) -> Resource:
    service = _service(address.host)
    # http and https are one resource here too, and neither's own port says anything.
    port = "" if address.port is None or address.port in _DOORS else f":{address.port}"
    page = address.host + port + address.request
    canonical = page if port or address.request != "/" else address.host
    steps = () if canonical == address.host else (Target(Scope.PAGE, canonical),)
    names = dict.fromkeys((address.host, service or address.host))
    return Resource(
        kind=KIND,
        canonical=canonical,
        host=address.host,
        ladder=(*steps, *(Target(Scope.HOST, name) for name in names)),
        stripped=address.stripped,
    )


_SERVICE: Final = "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid"
_WRONG: Final = "3" + _SERVICE[1:]

EXAMPLES: Final[tuple[tuple[str, str | None], ...]] = (
    (f"{_SERVICE}.onion", f"{_SERVICE}.onion"),
    (f"http://{_SERVICE.upper()}.ONION/", f"{_SERVICE}.onion"),
    (f"https://{_SERVICE}.onion:443/", f"{_SERVICE}.onion"),
    (f"hxxp://{_SERVICE}[.]onion/ad/7?id=3#top", f"{_SERVICE}.onion/ad/7?id=3"),
    (f"see www.{_SERVICE}.onion, please", f"www.{_SERVICE}.onion"),
    (f"http://{_SERVICE}.onion:8080", f"{_SERVICE}.onion:8080/"),
    (f"http://{_SERVICE}.onion/?utm_source=x", f"{_SERVICE}.onion"),
    (f"http://{_WRONG}.onion/", None),
    ("http://expyuzz4wqqyqhjn.onion/", None),
    (f"https://{_SERVICE}.onion.evil.test/", None),
)
