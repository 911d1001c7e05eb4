"""dnsmasq.conf: a servers-file, which dnsmasq reads again on SIGHUP. Only `server=` lines block there; `local=` is ignored in silence."""

from moderation.formats import _guards, _heading
from moderation.formats._examples import Example, entry, wide
from moderation.vocabulary import N_, Entry, Header, Scope

FILE_NAME = "dnsmasq.conf"
MEDIA_TYPE = "text/plain; charset=utf-8"
LABEL = N_("Servers file for dnsmasq")
SCOPES = frozenset({Scope.HOST, Scope.DOMAIN})
LEAVES_OUT_COVERED = False
DESCRIPTION = "A servers-file for dnsmasq; each line is the name and every name below it; the answer is NXDOMAIN."


def header_lines(header: Header) -> tuple[str, ...]:
    """The header as comments."""
    return _heading.comments("#", header, DESCRIPTION)


def left_out(entry: Entry, header: Header) -> str | None:
    """Refuse whatever is not a plain name of the DNS: a slash would begin another name or a server, and a star or # stands for any."""
    return _guards.unfit_name(entry)


def lines(entry: Entry, header: Header) -> tuple[str, ...]:
    """The name with no server to ask, so that it is never asked for."""
    return (f"server=/{entry.target}/",)


def footer_lines(header: Header) -> tuple[str, ...]:
    """Nothing."""
    return ()


EXAMPLES = (
    Example(wide("shop.example.net"), ("server=/shop.example.net/",)),
    Example(entry(Scope.DOMAIN, "xn--bcher-kva.example"), ("server=/xn--bcher-kva.example/",)),
    Example(entry(Scope.PATH, "https://example.net/a/", host="example.net"), ()),
    Example(wide("*.example.net"), ()),
    Example(wide("evil.example/192.0.2.1#53"), ()),
)
