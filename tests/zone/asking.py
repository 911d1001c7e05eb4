"""How a network takes the zone from a primary, and what it comes to. Asserts nothing."""

import dns.exception
import dns.message
import dns.opcode
import dns.query
import dns.rdatatype
import dns.tsig
import dns.xfr

from app import zone

REFUSED = "refused"


def takes(settings, key, *, since=None):
    """What a network gets that asks with this key: (type of transfer, records), or that it is refused."""
    address, _, port = settings.dns_primary.rpartition("@")
    ring = {}
    if key is not None:
        named = _named(key)
        ring = {"keyring": {named.name: named}, "keyname": named.name, "keyalgorithm": named.algorithm}
    how = {"rdtype": "AXFR"} if since is None else {"rdtype": "IXFR", "serial": since}
    try:
        messages = list(dns.query.xfr(address, zone.zone_name(settings), port=int(port), relativize=False, lifetime=20, **how, **ring))
    except (dns.xfr.TransferError, dns.tsig.PeerError, dns.exception.FormError, EOFError):
        return REFUSED
    return {answer.name.to_text(True) for message in messages for answer in message.answer if answer.rdtype == dns.rdatatype.CNAME}


def _named(key):
    return dns.tsig.Key(key.name, key.secret, key.algorithm)


def below(*names):
    return {f"{star}{name}.rpz.list.example" for name in names for star in ("", "*.")}


TEST_NAMES = below("blocktest.list.example")
