"""unbound.conf: a local zone a listing, for Unbound's own configuration. Costs it a third of the memory of the policy zone."""

from moderation.formats import _guards, _heading
from moderation.formats._examples import Example, entry, wide
from moderation.vocabulary import N_, Entry, Header, Scope

FILE_NAME = "unbound.conf"
MEDIA_TYPE = "text/plain; charset=utf-8"
LABEL = N_("Local zones for Unbound")
SCOPES = frozenset({Scope.HOST, Scope.DOMAIN})
LEAVES_OUT_COVERED = False
DESCRIPTION = "Local zones for Unbound, to be included; each is the name and every name below it; the answer is NXDOMAIN."


def header_lines(header: Header) -> tuple[str, ...]:
    """The header as comments, and the clause that the zones belong to: so it can be included from anywhere, and be checked by itself."""
    return (*_heading.comments("#", header, DESCRIPTION), "server:")


def left_out(entry: Entry, header: Header) -> str | None:
    """Refuse whatever is not a plain name of the DNS: a quote or a line ending in it would begin another setting."""
    return _guards.unfit_name(entry)


def lines(entry: Entry, header: Header) -> tuple[str, ...]:
    """The name as a zone without anything in it. Unlike `refuse` or `static`, this answers alike for every type of record."""
    return (f'local-zone: "{entry.target}" always_nxdomain',)


def footer_lines(header: Header) -> tuple[str, ...]:
    """Nothing."""
    return ()


EXAMPLES = (
    Example(wide("shop.example.net"), ('local-zone: "shop.example.net" always_nxdomain',)),
    Example(entry(Scope.DOMAIN, "xn--bcher-kva.example"), ('local-zone: "xn--bcher-kva.example" always_nxdomain',)),
    Example(entry(Scope.PAGE, "https://example.net/a", host="example.net"), ()),
    Example(wide('evil.example";local-zone: "." refuse'), ()),
    Example(wide("bücher.example"), ()),
)
