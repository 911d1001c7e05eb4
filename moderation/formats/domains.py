"""domains.txt: one name a line, each standing for itself and every name below. Leaves out what is narrower than a name."""

from moderation.formats import _guards, _heading
from moderation.formats._examples import Example, entry, wide
from moderation.vocabulary import N_, Entry, Header, Scope

FILE_NAME = "domains.txt"
MEDIA_TYPE = "text/plain; charset=utf-8"
LABEL = N_("Names, one a line")
SCOPES = frozenset({Scope.HOST, Scope.DOMAIN})
LEAVES_OUT_COVERED = False
DESCRIPTION = "One name a line; each stands for the name itself and every name below it."


def header_lines(header: Header) -> tuple[str, ...]:
    """The header as comments."""
    return _heading.comments("#", header, DESCRIPTION)


def left_out(entry: Entry, header: Header) -> str | None:
    """Refuse whatever is not a plain name of the DNS."""
    return _guards.unfit_name(entry)


def lines(entry: Entry, header: Header) -> tuple[str, ...]:
    """The name alone."""
    return (entry.target,)


def footer_lines(header: Header) -> tuple[str, ...]:
    """Nothing: a list that was cut short still counts wrong against its header."""
    return ()


EXAMPLES = (
    Example(wide("shop.example.net"), ("shop.example.net",)),
    Example(entry(Scope.DOMAIN, "xn--bcher-kva.example"), ("xn--bcher-kva.example",)),
    Example(entry(Scope.PAGE, "https://example.net/a", host="example.net"), ()),
    Example(wide("bücher.example"), ()),
    Example(wide("evil.example\n0.0.0.0 good.example"), ()),
)
