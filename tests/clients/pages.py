"""What is on the list for clients that see addresses, and one table of what each of them has to answer. Starts nothing."""

from dataclasses import dataclass, replace
from uuid import NAMESPACE_URL, uuid5

from tests.clients.network import LIST_NAME
from tests.release.builders import host, listed, page, path

BLOCKED = "blocked"
PASSES = "passes"

COLUMNS = ("squid", "nginx", "suricata", "adblock", "ghostery", "ublock")
SQUID, NGINX, SURICATA, ADBLOCK, GHOSTERY, UBLOCK = COLUMNS

ONION = "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion"
FREED_NAME = "shop.example.net"
FREED_PAGE = "https://page.example.net/Ad?id=7&b=2"
SIGNS = "s?[1]{2}|^$x,y;(z)*'+=~!:@`\\"

_LISTED = (
    host("above.example.net"),
    host("below.above.example.net"),
    host(FREED_NAME),
    listed("domain", "evil.example"),
    host("xn--bcher-kva.example"),
    host("_a.b_c.example.net"),
    host(ONION),
    page(FREED_PAGE),
    page("https://page.example.net/low?x=1"),
    page("https://page.example.net/123?4=5"),
    page("https://page.example.net/evil%20user"),
    page("https://page.example.net/caf%C3%A9"),
    page("https://page.example.net/a%2Fb"),
    page("https://page.example.net/a..b/*"),
    page(f"https://page.example.net/{SIGNS}"),
    page("https://page.example.net/" + "long/" * 300),
    listed("page", "https://page.example.net:8080/p", "page.example.net"),
    listed("page", "http://page.example.net:443/door", "page.example.net"),
    page("https://root.example.net/"),
    path("https://path.example.net/jobs/"),
    path("https://path.example.net/12/"),
)

# As real ones have: each its own reference.
LISTED = tuple(replace(entry, reference=uuid5(NAMESPACE_URL, f"{entry.scope} {entry.target}")) for entry in _LISTED)


@dataclass(frozen=True)
class Probe:
    """An address to ask for. `but` names the clients that block less than what is listed, or see no such address at all."""

    why: str
    address: str
    verdict: str
    but: frozenset[str] = frozenset()

    def answer(self, column: str) -> str:
        """What a client has to answer. One that is an exception only ever blocks less."""
        return PASSES if column in self.but else self.verdict


def blocked(why: str, address: str, *but: str) -> Probe:
    """A probe that is blocked but by the clients named."""
    return Probe(why, address, BLOCKED, frozenset(but))


def passes(why: str, address: str) -> Probe:
    """A probe that no client may block."""
    return Probe(why, address, PASSES)


PROBES = (
    blocked("a listed host", "http://shop.example.net/"),
    blocked("a listed domain", "http://evil.example/a?b"),
    blocked("a name below", "http://www.shop.example.net/x"),
    blocked("far below", "http://a.b.c.evil.example/"),
    blocked("another port of a listed host", "http://shop.example.net:8081/"),
    # Browsers write a host in lower case before they ask a filter.
    blocked("upper case", "http://SHOP.Example.NET/", ADBLOCK),
    blocked("a dot at the end", "http://shop.example.net./", SURICATA, ADBLOCK),
    blocked("an A-label", "http://xn--bcher-kva.example/"),
    blocked("a U-label, as a browser writes it", "http://" + "bücher.example".encode("idna").decode() + "/"),
    blocked("an odd name", "http://_a.b_c.example.net/"),
    blocked("beside its own parent", "http://below.above.example.net/"),
    blocked("a neighbour of that one", "http://beside.above.example.net/"),
    blocked("the name that must fail", f"http://blocktest.{LIST_NAME}/"),
    passes("the name that must resolve", f"http://allowtest.{LIST_NAME}/"),
    passes("the list's own name", f"http://{LIST_NAME}/"),
    passes("the parent", "http://example.net/"),
    passes("a sibling", "http://www.example.net/"),
    passes("letters in front", "http://myshop.example.net/"),
    passes("a hyphen in front", "http://my-shop.example.net/"),
    passes("letters behind", "http://shop.example.network/"),
    passes("labels behind", "http://shop.example.net.example.org/"),
    passes("a hyphen for the dot", "http://shop-example.net/"),
    passes("the U-label without its dots", "http://bucher.example/"),
    passes("a listed name in a path", "http://www.example.org/shop.example.net/"),
    passes("a listed address in a query", "http://www.example.org/?u=http://shop.example.net/"),
    # Old engines can't tell capitals apart, so the line for an address with a letter is one that they drop.
    blocked("a listed page", "http://page.example.net/Ad?id=7&b=2", ADBLOCK),
    blocked("a listed page in small letters", "http://page.example.net/low?x=1", ADBLOCK),
    blocked("a listed page without letters", "http://page.example.net/123?4=5"),
    blocked("a listed first page", "http://root.example.net/"),
    blocked("a page on another port", "http://page.example.net:8080/p", ADBLOCK),
    blocked("a page on the other scheme's port", "http://page.example.net:443/door", ADBLOCK),
    blocked("a space", "http://page.example.net/evil%20user", ADBLOCK),
    blocked("letters beyond ASCII", "http://page.example.net/caf%C3%A9", ADBLOCK),
    # Decoded it is /a/b, which is another page.
    blocked("an encoded slash", "http://page.example.net/a%2Fb", SQUID, ADBLOCK),
    blocked("a star and two dots", "http://page.example.net/a..b/*", ADBLOCK),
    blocked("every sign", f"http://page.example.net/{SIGNS}", ADBLOCK),
    blocked("a long address", "http://page.example.net/" + "long/" * 300, ADBLOCK),
    blocked("the page's host in capitals", "http://PAGE.example.net/123?4=5", ADBLOCK),
    # Squid compares what it decoded; the others what was sent.
    blocked("a letter percent-encoded", "http://page.example.net/%41d?id=7&b=2", NGINX, SURICATA, ADBLOCK, GHOSTERY, UBLOCK),
    blocked("a sign percent-encoded", "http://page.example.net/Ad%3Fid=7&b=2", NGINX, SURICATA, ADBLOCK, GHOSTERY, UBLOCK),
    passes("the first page of a listed page's host", "http://page.example.net/"),
    passes("another case", "http://page.example.net/ad?id=7&b=2"),
    passes("capitals for small letters", "http://page.example.net/LOW?x=1"),
    passes("one capital", "http://page.example.net/low?X=1"),
    passes("the query in another order", "http://page.example.net/Ad?b=2&id=7"),
    passes("more behind the query", "http://page.example.net/Ad?id=7&b=22"),
    passes("one more parameter", "http://page.example.net/Ad?id=7&b=2&c=3"),
    passes("less of the query", "http://page.example.net/Ad?id=7"),
    passes("no query", "http://page.example.net/Ad"),
    passes("a slash before the query", "http://page.example.net/Ad/?id=7&b=2"),
    passes("a folder in front", "http://page.example.net/x/Ad?id=7&b=2"),
    passes("more digits", "http://page.example.net/123?4=56"),
    passes("the page on another port", "http://page.example.net:8080/Ad?id=7&b=2"),
    passes("the page of that port on the usual one", "http://page.example.net/p"),
    passes("the page of a longer port", "http://page.example.net:18080/p"),
    passes("the page of the other door on the usual one", "http://page.example.net/door"),
    passes("the page below", "http://www.page.example.net/123?4=5"),
    passes("a host that any dot would match", "http://pageaexample.net/123?4=5"),
    passes("a listed page in a query", "http://www.example.org/?http://page.example.net/123?4=5"),
    passes("a page of the first page's host", "http://root.example.net/a"),
    passes("a query on the first page", "http://root.example.net/?a"),
    passes("half of a page with a space", "http://page.example.net/evil"),
    passes("the other half", "http://www.example.org/user"),
    passes("the slash decoded", "http://page.example.net/a/b"),
    passes("what the star could mean", "http://page.example.net/a..b/c"),
    passes("what the signs could mean", "http://page.example.net/s?122"),
    blocked("a listed path", "http://path.example.net/jobs/", ADBLOCK),
    blocked("a page in a listed path", "http://path.example.net/jobs/X/y?Z", ADBLOCK),
    blocked("a path without letters", "http://path.example.net/12/"),
    blocked("a page in a path without letters", "http://path.example.net/12/x?y"),
    passes("the path without its slash", "http://path.example.net/jobs"),
    passes("a path that begins alike", "http://path.example.net/jobsx/"),
    passes("the path in capitals", "http://path.example.net/JOBS/"),
    passes("the path in another folder", "http://path.example.net/x/jobs/"),
    passes("the path on another port", "http://path.example.net:8080/jobs/"),
    passes("the path on another host", "http://www.path.example.net/jobs/"),
    passes("digits that begin alike", "http://path.example.net/123/"),
)


def expected(column: str) -> dict[str, str]:
    """What a client has to answer, by address."""
    return {probe.address: probe.answer(column) for probe in PROBES}


def freed(column: str) -> dict[str, str]:
    """The same after one name and one page were delisted."""
    gone = (
        "http://shop.example.net",
        "http://SHOP.",
        "http://www.shop.example.net",
        "http://page.example.net/Ad",
        "http://page.example.net/%41d",
    )
    return {address: PASSES if address.startswith(gone) else verdict for address, verdict in expected(column).items()}


AFTER = tuple(entry for entry in LISTED if entry.target not in (FREED_NAME, FREED_PAGE))

NAMES = {
    **dict.fromkeys(("shop.example.net", "www.shop.example.net", "evil.example", "a.b.evil.example", "SHOP.Example.NET"), BLOCKED),
    **dict.fromkeys(("xn--bcher-kva.example", "below.above.example.net", "beside.above.example.net", f"blocktest.{LIST_NAME}"), BLOCKED),
    **dict.fromkeys(("example.net", "www.example.net", "myshop.example.net", "my-shop.example.net", "shop.example.network"), PASSES),
    **dict.fromkeys(("shop.example.net.example.org", "page.example.net", "path.example.net", f"allowtest.{LIST_NAME}", LIST_NAME), PASSES),
}
"""What a client that sees names alone (CONNECT, TLS, DNS) has to answer: never anything of a page's host."""

_LISTED_NAMES = {entry.target for entry in LISTED} | {f"blocktest.{LIST_NAME}"}
EXACT_NAMES = {name: verdict if name.lower() in _LISTED_NAMES else PASSES for name, verdict in NAMES.items()}
"""The same for a client that knows exact names only."""


def names_freed(names: dict[str, str]) -> dict[str, str]:
    """The same after the name was delisted."""
    return {name: PASSES if name.lower().endswith(FREED_NAME) else verdict for name, verdict in names.items()}
