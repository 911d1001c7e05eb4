"""suricata-domains.lst: names as a data set of Suricata, one base64 string a line. Matches exact names: narrower than its listings."""

from base64 import b64encode

from moderation.formats import _guards, _heading
from moderation.formats._examples import Example, entry, wide
from moderation.vocabulary import N_, Entry, Header, Scope

FILE_NAME = "suricata-domains.lst"
MEDIA_TYPE = "text/plain; charset=utf-8"
LABEL = N_("Suricata data set of names")
SCOPES = frozenset({Scope.HOST, Scope.DOMAIN})
LEAVES_OUT_COVERED = False
DESCRIPTION = "A data set of strings for Suricata; each is an exact name. Names below it are in suricata.rules only."

VALUE_LIMIT = 300
"""Characters of one field of the header; Suricata reads 1,023 octets of a line."""


def header_lines(header: Header) -> tuple[str, ...]:
    """The header as strings that no name can equal: a data set has no comments, and Suricata refuses what is no base64."""
    return tuple(_string(f"# {name}: {value[:VALUE_LIMIT]}") for name, value in _heading.fields(header, DESCRIPTION))


def left_out(entry: Entry, header: Header) -> str | None:
    """Refuse whatever is not a plain name of the DNS."""
    return _guards.unfit_name(entry)


def lines(entry: Entry, header: Header) -> tuple[str, ...]:
    """The name."""
    return (_string(entry.target),)


def footer_lines(header: Header) -> tuple[str, ...]:
    """Nothing."""
    return ()


def _string(text: str) -> str:
    return b64encode(text.encode()).decode()


EXAMPLES = (
    Example(wide("shop.example.net"), ("c2hvcC5leGFtcGxlLm5ldA==",)),
    Example(entry(Scope.PAGE, "https://example.net/a", host="example.net"), ()),
    Example(wide("bücher.example"), ()),
)
