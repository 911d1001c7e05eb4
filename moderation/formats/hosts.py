"""hosts.txt: `0.0.0.0 name` and `:: name`, for hosts files. They match exact names, so each listing is narrower than it was decided."""

from moderation.formats import _guards, _heading
from moderation.formats._examples import Example, entry, wide
from moderation.vocabulary import N_, Entry, Header, Scope

FILE_NAME = "hosts.txt"
MEDIA_TYPE = "text/plain; charset=utf-8"
LABEL = N_("Hosts file")
SCOPES = frozenset({Scope.HOST, Scope.DOMAIN})
LEAVES_OUT_COVERED = False
DESCRIPTION = "A hosts file; two lines a listing, one for each kind of address; it blocks that exact name, none below it."


def header_lines(header: Header) -> tuple[str, ...]:
    """The header as comments."""
    return _heading.comments("#", header, DESCRIPTION)


def left_out(entry: Entry, header: Header) -> str | None:
    """Refuse whatever is not a plain name of the DNS."""
    return _guards.unfit_name(entry)


def lines(entry: Entry, header: Header) -> tuple[str, ...]:
    """The name, sent nowhere. Without the second line dnsmasq would still ask others for the name's IPv6 addresses, and give them out."""
    return (f"0.0.0.0 {entry.target}", f":: {entry.target}")


def footer_lines(header: Header) -> tuple[str, ...]:
    """Nothing."""
    return ()


EXAMPLES = (
    Example(wide("shop.example.net"), ("0.0.0.0 shop.example.net", ":: shop.example.net")),
    Example(entry(Scope.PATH, "https://example.net/a/", host="example.net"), ()),
    Example(wide("evil.example #"), ()),
)
