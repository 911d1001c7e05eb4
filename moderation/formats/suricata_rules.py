"""suricata.rules: names in DNS, TLS and HTTP, pages and paths in plain HTTP. They alert; what comes of it is the network's."""

from uuid import UUID

from moderation.formats import _doors, _escaping, _guards, _heading
from moderation.formats._doors import Door
from moderation.formats._examples import Example, entry, wide
from moderation.vocabulary import N_, Entry, Header, Scope

FILE_NAME = "suricata.rules"
MEDIA_TYPE = "text/plain; charset=utf-8"
LABEL = N_("Suricata rules")
SCOPES = frozenset(Scope)
LEAVES_OUT_COVERED = False
DESCRIPTION = "Rules for Suricata 7: three a name and every name below it (DNS, TLS, HTTP), one a page or path (HTTP)."

LINE_LIMIT = 8_000
"""Octets of a rule; Suricata reads 8,191."""

FIRST_GROUP = 1 << 30
"""Group numbers of our own, far above those in use."""


def header_lines(header: Header) -> tuple[str, ...]:
    """The header as comments."""
    return _heading.comments("#", header, DESCRIPTION)


def left_out(entry: Entry, header: Header) -> str | None:
    """Refuse whatever is neither a plain name nor a canonical address, what only encrypted traffic shows, and what is too long."""
    reason = _guards.unfit_name(entry) if entry.scope.is_wide else _guards.unfit_address(entry)
    if reason:
        return reason
    if not entry.scope.is_wide and "http" not in _doors.door(entry).schemes:
        return N_("This page is there by https alone, and Suricata sees no address inside of encrypted traffic.")
    if 4 * len(entry.target) + 700 <= LINE_LIMIT:
        # No sign becomes more than four: no need to write the line to know.
        return None
    return _guards.unfit_line(lines(entry, header)[0], LINE_LIMIT)


def lines(entry: Entry, header: Header) -> tuple[str, ...]:
    """The entry's rules. Their numbers come from the listing's reference, so that they stay while it is listed."""
    keys = _keys(entry.reference)
    if not entry.scope.is_wide:
        return (_rule(keys, 0, "http", _page(_doors.door(entry))),)
    below = f'dotprefix; content:".{entry.target}"'
    return (
        _rule(keys, 1, "dns", f"dns.query; {below}; nocase; endswith"),
        _rule(keys, 2, "tls", f"tls.sni; {below}; nocase; endswith"),
        # This buffer is in lower case already, and Suricata refuses `nocase` on it.
        _rule(keys, 3, "http", f"http.host; {below}; endswith"),
    )


def footer_lines(header: Header) -> tuple[str, ...]:
    """Nothing."""
    return ()


def _page(door: Door) -> str:
    # http.host has no port, so the raw one says which: none, and 80, are the usual.
    port = f"/{door.port}$/" if door.port else "/^[^:]+(:80)?$/"
    end = "" if door.is_prefix else "; endswith"
    return (
        f'http.host; content:"{door.host}"; startswith; endswith; http.host.raw; pcre:"{port}"; '
        f'http.uri.raw; content:"{_escaping.suricata_content(door.request)}"; startswith{end}'
    )


def _keys(reference: UUID) -> tuple[str, int]:
    # Two numbers together hold 58 random bits of the reference; one alone would be the same for two listings of a long list.
    group = FIRST_GROUP + (reference.int >> 98)
    return f"metadata:flagstone {_heading.number(reference)}; gid:{group}", (reference.int & ((1 << 28) - 1)) << 2


def _rule(keys: tuple[str, int], place: int, protocol: str, options: str) -> str:
    told, first = keys
    return f'alert {protocol} any any -> any any (msg:"Flagstone listing"; {options}; {told}; sid:{first + place + 1}; rev:1;)'


_KEYS = "metadata:flagstone 7f0f4a52-6c1d-4b7a-9a62-0d9f2f1b8c11; gid:1606668948;"
EXAMPLES = (
    Example(
        wide("shop.example.net"),
        (
            'alert dns any any -> any any (msg:"Flagstone listing"; dns.query; dotprefix; content:".shop.example.net"; nocase; endswith; '
            f"{_KEYS} sid:1013854278; rev:1;)",
            'alert tls any any -> any any (msg:"Flagstone listing"; tls.sni; dotprefix; content:".shop.example.net"; nocase; endswith; '
            f"{_KEYS} sid:1013854279; rev:1;)",
            'alert http any any -> any any (msg:"Flagstone listing"; http.host; dotprefix; content:".shop.example.net"; endswith; '
            f"{_KEYS} sid:1013854280; rev:1;)",
        ),
    ),
    Example(
        entry(Scope.PAGE, "https://example.net/Ad?id=7;", host="example.net"),
        (
            'alert http any any -> any any (msg:"Flagstone listing"; http.host; content:"example.net"; startswith; endswith; '
            'http.host.raw; pcre:"/^[^:]+(:80)?$/"; http.uri.raw; content:"/Ad|3f|id=7|3b|"; startswith; endswith; '
            f"{_KEYS} sid:1013854277; rev:1;)",
        ),
    ),
    Example(
        entry(Scope.PATH, "https://example.net:8080/jobs/", host="example.net"),
        (
            'alert http any any -> any any (msg:"Flagstone listing"; http.host; content:"example.net"; startswith; endswith; '
            f'http.host.raw; pcre:"/:8080$/"; http.uri.raw; content:"/jobs/"; startswith; {_KEYS} sid:1013854277; rev:1;)',
        ),
    ),
    Example(entry(Scope.PAGE, "https://example.net:80/ad", host="example.net"), ()),
    Example(wide('evil.example"; sid:1;) drop ip any any -> any any ('), ()),
)
