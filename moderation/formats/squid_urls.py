"""squid-urls.txt: pages and paths as regular expressions for Squid's `url_regex`, which sees addresses percent-decoded."""

import re
from urllib.parse import unquote_to_bytes

from moderation.formats import _doors, _escaping, _guards, _heading
from moderation.formats._examples import Example, entry, wide
from moderation.vocabulary import N_, Entry, Header, Scope

FILE_NAME = "squid-urls.txt"
MEDIA_TYPE = "text/plain; charset=utf-8"
LABEL = N_("Squid, addresses of pages")
SCOPES = frozenset({Scope.PAGE, Scope.PATH})
LEAVES_OUT_COVERED = False
DESCRIPTION = "For Squid's url_regex, without -i; each line is one page, or without $ at its end one path."

LINE_LIMIT = 2_000
"""Octets of a line. Squid reads 2,047 at a time and would take the rest for an expression of its own, which matches anything."""

# Encoded, these signs are text; decoded, they part an address, so that another page would answer to it.
_PARTING = re.compile(rb"%(?:2[13-9a-cf]|3[abdf]|40|5[bd])", re.IGNORECASE)


def header_lines(header: Header) -> tuple[str, ...]:
    """The header as comments."""
    return _heading.comments("#", header, DESCRIPTION)


def left_out(entry: Entry, header: Header) -> str | None:
    """Refuse what is no canonical address, and what is another one when decoded, or can't be written decoded."""
    if entry.is_test:
        return None
    reason = _guards.unfit_address(entry)
    if reason:
        return reason
    if _PARTING.search(entry.target.encode()) or _decoded(entry.target) is None:
        return N_("Squid decodes an address before it compares; this one would then be another, or could not be written on a line.")
    if 2 * len(entry.target) + 100 <= LINE_LIMIT:
        # No sign becomes more than two: no need to write the line to know.
        return None
    return _guards.unfit_line(lines(entry, header)[0], LINE_LIMIT)


def lines(entry: Entry, header: Header) -> tuple[str, ...]:
    """One expression for both schemes, in full from its first sign, and to its last where it is a page."""
    door = _doors.door(entry)
    scheme = "https?" if len(door.schemes) > 1 else door.schemes[0]
    rest = _escaping.extended_pattern(_decoded(f"{door.host}{door.port}{door.request}") or "")
    return (f"^{scheme}://{rest}{'' if door.is_prefix else '$'}",)


def footer_lines(header: Header) -> tuple[str, ...]:
    """Nothing."""
    return ()


def _decoded(text: str) -> str | None:
    """The text as Squid compares it; None where it holds what is no letter to be seen, or no text."""
    try:
        decoded = unquote_to_bytes(text).decode()
    except UnicodeDecodeError:
        return None
    return decoded if decoded.isprintable() else None


EXAMPLES = (
    Example(entry(Scope.PAGE, "https://example.net/Ad?id=7", host="example.net"), (r"^https?://example\.net/Ad\?id=7$",)),
    Example(entry(Scope.PATH, "https://example.net/jobs/", host="example.net"), (r"^https?://example\.net/jobs/",)),
    Example(entry(Scope.PAGE, "https://example.net/evil%20user", host="example.net"), (r"^https?://example\.net/evil user$",)),
    Example(entry(Scope.PAGE, "http://example.net:443/ad", host="example.net"), (r"^http://example\.net:443/ad$",)),
    Example(wide("shop.example.net"), ()),
    Example(entry(Scope.PAGE, "https://example.net/a%2Fb", host="example.net"), ()),
    Example(entry(Scope.PAGE, "https://example.net/%0Ab", host="example.net"), ()),
    Example(entry(Scope.PAGE, "https://example.net/" + "." * 1_100, host="example.net"), ()),
)
