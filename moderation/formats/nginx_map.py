"""nginx.map: lines for two of nginx's maps, one of names (`hostnames`) and one of pages; each finds nothing in the other's lines."""

from moderation.formats import _doors, _escaping, _guards, _heading
from moderation.formats._examples import Example, entry, wide
from moderation.vocabulary import N_, Entry, Header, Scope

FILE_NAME = "nginx.map"
MEDIA_TYPE = "text/plain; charset=utf-8"
LABEL = N_("nginx map")
SCOPES = frozenset(Scope)
# Two lines for one name are a conflict: nginx would not start.
LEAVES_OUT_COVERED = True
DESCRIPTION = "Include it in two maps of nginx, as docs/formats.md shows: .name is a name and every name below it, the others are pages."

LINE_LIMIT = 2_000
"""Octets of a line: room for the key in a hash bucket of 2,048, which the snippet of docs/formats.md sets."""

UPPER = "#"
"""Stands behind every address with a capital letter, in lines and in what the maps compare: nginx looks strings up without case.

No address that a browser sends has this sign."""


def header_lines(header: Header) -> tuple[str, ...]:
    """The header as comments."""
    return _heading.comments("#", header, DESCRIPTION)


def left_out(entry: Entry, header: Header) -> str | None:
    """Refuse whatever is neither a plain name nor a canonical address, and what is too long for nginx to read at all."""
    reason = _guards.unfit_name(entry) if entry.scope.is_wide else _guards.unfit_address(entry)
    if reason:
        return reason
    if 4 * len(entry.target) + 100 <= LINE_LIMIT:
        # No sign becomes more than four: no need to write the line to know.
        return None
    return _guards.unfit_line(lines(entry, header)[0], LINE_LIMIT)


def lines(entry: Entry, header: Header) -> tuple[str, ...]:
    """A name with its dot, or a page: as a string where nginx may compare it without case, otherwise as an expression that minds it."""
    if entry.scope.is_wide:
        return (f".{entry.target} 1;",)
    door = _doors.door(entry)
    address = f"{door.host}{door.port}{door.request}"
    if not door.is_prefix and _is_plain(door.request):
        return (f'"{address}" 1;',)
    end = "" if door.is_prefix else f"{UPPER if _has_capitals(door.request) else ''}$"
    return (f'"~^{_escaping.perl_pattern(address)}{end}" 1;',)


def footer_lines(header: Header) -> tuple[str, ...]:
    """Nothing."""
    return ()


def _is_plain(request: str) -> bool:
    # A star or two dots are no name, and a map of names refuses them as a string; a backslash means something in a string.
    return not _has_capitals(request) and not any(sign in request for sign in ("*", "..", "\\"))


def _has_capitals(request: str) -> bool:
    return request != request.lower()


EXAMPLES = (
    Example(wide("shop.example.net"), (".shop.example.net 1;",)),
    Example(entry(Scope.PAGE, "https://example.net/ad?id=7", host="example.net"), ('"example.net/ad?id=7" 1;',)),
    Example(entry(Scope.PAGE, "https://example.net:8080/ad", host="example.net"), ('"example.net:8080/ad" 1;',)),
    Example(entry(Scope.PAGE, "https://example.net/Ad?id=7", host="example.net"), (r'"~^example\.net\/Ad\?id=7#$" 1;',)),
    Example(entry(Scope.PAGE, "https://example.net/a..b", host="example.net"), (r'"~^example\.net\/a\.\.b$" 1;',)),
    Example(entry(Scope.PATH, "https://example.net/jobs/", host="example.net"), (r'"~^example\.net\/jobs\/" 1;',)),
    Example(entry(Scope.PAGE, 'https://example.net/" 0; default 1; "', host="example.net"), ()),
    Example(entry(Scope.PAGE, "https://example.net/" + "." * 1_100, host="example.net"), ()),
)
