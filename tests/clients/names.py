"""What is on the list for the DNS clients, and one table of what each kind of client has to answer. Starts nothing."""

from dataclasses import dataclass
from typing import NamedTuple

from tests.clients.network import LIST_NAME
from tests.clients.resolvers import BLOCKED, RESOLVES
from tests.release.builders import host, listed, page, path


class Kind(NamedTuple):
    """A way to hand a resolver the list, and which of its files that takes."""

    file: str
    column: int


ZONE = Kind("rpz.zone", 0)
LOCAL_ZONES = Kind("unbound.conf", 1)
SERVERS_FILE = Kind("dnsmasq.conf", 1)
HOSTS_FILE = Kind("hosts.txt", 2)


@dataclass(frozen=True)
class Probe:
    """A name to ask for, and its answer by a policy zone, by a file of names, and by a hosts file."""

    why: str
    name: str
    answers: tuple[str, str, str]


def name_of(length: int) -> str:
    """A name of so many characters."""
    return ".".join(["a" * 60] * 4 + ["example"])[-length:]


ROOM = len(f"*..rpz.{LIST_NAME}")
JUST_FITS = name_of(253 - ROOM)
TOO_LONG = name_of(254 - ROOM)
ONION = "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion"
INSTRUCTION = "32.53.2.0.192.rpz-ip"
"""Taken into a policy zone, this would block whatever has the upstream's address: every name in these tests."""

ODD_NAMES = (
    *("_a.b_c.example.net", "a.-b.example.net", "b-.example.net", "ab--cd.example.net", "0.example.net"),
    *("in.example.net", "ttl.example.net", "xn--0.example.net", "xn--a-ecp.example.net", f"{'x' * 63}.example.net"),
)
"""Plain enough for the list; some are no A-labels, some are words that a file's reader might know."""

FORGED = (
    *("one.example.org\n0.0.0.0 good.example.org", "two.example.org\n$ORIGIN .\n*", 'three.example.org" always_nxdomain\nlocal-zone: "."'),
    *(
        "*.com",
        "*",
        ".",
        "four.example.org/good.example.org",
        "#",
        "five.example.org. CNAME .\n*.org",
        "good.example.org. ",
        "\ufeffgood.example.org",
    ),
    *("GOOD.example.org", "com", "co.uk", "192.0.2.53", "six.example.org\r\n::", "-option.example.org", f"{'y' * 64}.example.org"),
)
"""Targets that no verb lets through, as if somebody had written them into the database. Taken as they are, they would block much else."""

UNASKED = "never-asked-before.example.net"
"""Listed, and in no probe: an answer to it can't come from a cache."""

LISTED = (
    host("shop.example.net"),
    listed("domain", "evil.example"),
    host("xn--bcher-kva.example"),
    host(JUST_FITS),
    host(TOO_LONG),
    host(ONION),
    host(INSTRUCTION),
    page("https://page.example.net/ad?id=7"),
    path("https://path.example.net/jobs/"),
    host("below.above.example.net"),
    host("above.example.net"),
    host(UNASKED),
    *(host(name) for name in (*ODD_NAMES, *FORGED)),
)

IN_FORGED_ZONE = ("forged.example.org", "moved.example.org", "let-through.example.org")
FORGED_ZONE = f"""$TTL 300
@ IN SOA localhost. hostmaster.{LIST_NAME}. 1 3600 600 604800 60
@ IN NS localhost.
blocktest.{LIST_NAME} CNAME .
{IN_FORGED_ZONE[0]} A 192.0.2.66
{IN_FORGED_ZONE[1]} CNAME elsewhere.example.net.
{IN_FORGED_ZONE[2]} CNAME rpz-passthru.
"""
"""What a server in the wrong hands could send as a policy zone: an address, another name, and a way past every other list."""

_EVERYWHERE = (BLOCKED, BLOCKED, BLOCKED)
_NOT_BY_EXACT_NAMES = (BLOCKED, BLOCKED, RESOLVES)
_NOT_IN_A_ZONE = (RESOLVES, BLOCKED, BLOCKED)
_NOWHERE = (RESOLVES, RESOLVES, RESOLVES)

PROBES = (
    Probe("a listed host", "shop.example.net", _EVERYWHERE),
    Probe("a listed domain", "evil.example", _EVERYWHERE),
    Probe("a name below a host", "www.shop.example.net", _NOT_BY_EXACT_NAMES),
    Probe("a name far below a domain", "a.b.c.evil.example", _NOT_BY_EXACT_NAMES),
    Probe("a star below a host", "*.shop.example.net", _NOT_BY_EXACT_NAMES),
    Probe("upper case", "SHOP.Example.NET", _EVERYWHERE),
    Probe("a dot at the end", "shop.example.net.", _EVERYWHERE),
    Probe("an A-label", "xn--bcher-kva.example", _EVERYWHERE),
    Probe("a U-label", "bücher.example", _EVERYWHERE),
    Probe("a U-label in capitals", "BÜCHER.example", _EVERYWHERE),
    Probe("below a U-label", "www.bücher.example", _NOT_BY_EXACT_NAMES),
    Probe("listed beside its own parent", "below.above.example.net", _EVERYWHERE),
    Probe("a neighbour of that one", "beside.above.example.net", _NOT_BY_EXACT_NAMES),
    Probe("the longest name that fits a zone", JUST_FITS, _EVERYWHERE),
    Probe("a name too long for a zone", TOO_LONG, _NOT_IN_A_ZONE),
    Probe("a name that a zone reads as an instruction", INSTRUCTION, _NOT_IN_A_ZONE),
    *(Probe("an odd name", name, _EVERYWHERE) for name in ODD_NAMES),
    Probe("the name that must fail", f"blocktest.{LIST_NAME}", _EVERYWHERE),
    Probe("below the name that must fail", f"www.blocktest.{LIST_NAME}", _NOT_BY_EXACT_NAMES),
    Probe("the name that must resolve", f"allowtest.{LIST_NAME}", _NOWHERE),
    Probe("the list's own name", LIST_NAME, _NOWHERE),
    Probe("whoever runs the list", f"www.{LIST_NAME}", _NOWHERE),
    Probe("the parent", "example.net", _NOWHERE),
    Probe("a sibling", "www.example.net", _NOWHERE),
    Probe("letters in front", "myshop.example.net", _NOWHERE),
    Probe("a label in front that ends alike", "my-shop.example.net", _NOWHERE),
    Probe("a domain that ends alike", "notevil.example", _NOWHERE),
    Probe("letters behind", "shop.example.network", _NOWHERE),
    Probe("labels behind", "shop.example.net.example.org", _NOWHERE),
    Probe("another ending", "evil.example.org", _NOWHERE),
    Probe("a hyphen for the dot", "shop-example.net", _NOWHERE),
    Probe("its first label alone", "shop.example.com", _NOWHERE),
    Probe("the U-label without its dots", "bucher.example", _NOWHERE),
    Probe("what a forged line would have blocked", "good.example.org", _NOWHERE),
    Probe("what a forged name begins with", "one.example.org", _NOWHERE),
    Probe("what stands below a forged wildcard", "www.example.com", _NOWHERE),
    Probe("the host of a listed page", "page.example.net", _NOWHERE),
    Probe("the host of a listed path", "path.example.net", _NOWHERE),
)


def expected(kind: Kind) -> dict[str, str]:
    """What a client of this kind has to answer, by the name that is asked."""
    return {probe.name: probe.answers[kind.column] for probe in PROBES}
