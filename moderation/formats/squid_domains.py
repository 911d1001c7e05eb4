"""squid-domains.txt: names for Squid's `dstdomain`, with a dot in front, which means the name and every name below it."""

from moderation.formats import _guards, _heading
from moderation.formats._examples import Example, entry, wide
from moderation.vocabulary import N_, Entry, Header, Scope

FILE_NAME = "squid-domains.txt"
MEDIA_TYPE = "text/plain; charset=utf-8"
LABEL = N_("Squid, names")
SCOPES = frozenset({Scope.HOST, Scope.DOMAIN})
LEAVES_OUT_COVERED = True
DESCRIPTION = "For Squid's dstdomain; each line is a name and every name below it. Use dstdomain -n: no reverse look-ups."


def header_lines(header: Header) -> tuple[str, ...]:
    """The header as comments."""
    return _heading.comments("#", header, DESCRIPTION)


def left_out(entry: Entry, header: Header) -> str | None:
    """Refuse whatever is not a plain name of the DNS."""
    return _guards.unfit_name(entry)


def lines(entry: Entry, header: Header) -> tuple[str, ...]:
    """The name with the dot that takes in what is below it."""
    return (f".{entry.target}",)


def footer_lines(header: Header) -> tuple[str, ...]:
    """Nothing."""
    return ()


EXAMPLES = (
    Example(wide("shop.example.net"), (".shop.example.net",)),
    Example(entry(Scope.DOMAIN, "xn--bcher-kva.example"), (".xn--bcher-kva.example",)),
    Example(entry(Scope.PAGE, "https://example.net/a", host="example.net"), ()),
    Example(wide("evil.example\n.good.example"), ()),
)
