"""hosts.txt: `0.0.0.0 name`, for hosts files. They match exact names, so each line is narrower than its listing."""

from moderation.formats import _guards, _heading
from moderation.formats._examples import Example, entry, wide
from moderation.vocabulary import N_, Entry, Header, Scope

FILE_NAME = "hosts.txt"
MEDIA_TYPE = "text/plain; charset=utf-8"
LABEL = N_("Hosts file")
SCOPES = frozenset({Scope.HOST, Scope.DOMAIN})
LEAVES_OUT_COVERED = False
DESCRIPTION = "A hosts file; it blocks the exact name on each line and can't say anything of the names below it."


def header_lines(header: Header) -> tuple[str, ...]:
    """The header as comments."""
    return _heading.comments("#", header, DESCRIPTION)


def left_out(entry: Entry, header: Header) -> str | None:
    """Refuse whatever is not a plain name of the DNS."""
    return _guards.unfit_name(entry)


def lines(entry: Entry, header: Header) -> tuple[str, ...]:
    """The name, sent nowhere. 0.0.0.0 fails at once, where 127.0.0.1 would reach whatever runs on the machine."""
    return (f"0.0.0.0 {entry.target}",)


def footer_lines(header: Header) -> tuple[str, ...]:
    """Nothing."""
    return ()


EXAMPLES = (
    Example(wide("shop.example.net"), ("0.0.0.0 shop.example.net",)),
    Example(entry(Scope.PATH, "https://example.net/a/", host="example.net"), ()),
    Example(wide("evil.example #"), ()),
)
