"""urls.txt: pages and paths as addresses, with http and with https. Carries no whole names: an address can't say "every name below"."""

from moderation.formats import _guards, _heading
from moderation.formats._examples import Example, entry, wide
from moderation.vocabulary import N_, Entry, Header, Scope

FILE_NAME = "urls.txt"
MEDIA_TYPE = "text/plain; charset=utf-8"
LABEL = N_("Addresses of pages, one a line")
SCOPES = frozenset({Scope.PAGE, Scope.PATH})
LEAVES_OUT_COVERED = False
DESCRIPTION = (
    "One address a line, each listing once with http and once with https; a line without * is that exact address, query included;"
    " a line ending in /* is every address that begins with what stands before the *; whole names are in domains.txt."
)


def header_lines(header: Header) -> tuple[str, ...]:
    """The header as comments."""
    return _heading.comments("#", header, DESCRIPTION)


def left_out(entry: Entry, header: Header) -> str | None:
    """Refuse whatever is not a canonical address, and any with a star in it: the star is this format's sign of a prefix."""
    if entry.is_test:
        return None
    if "*" in entry.target:
        return N_("It has a star in it, which programs read as a wildcard: it would match more than was decided.")
    return _guards.unfit_address(entry)


def lines(entry: Entry, header: Header) -> tuple[str, ...]:
    """The address with both schemes, since a page is the same page in either."""
    rest = f"{entry.host}/" if entry.is_test else entry.target.partition("://")[2]
    star = "*" if entry.scope is Scope.PATH else ""
    if _names_the_other_port(entry.target):
        # `http://name:443/` is another door than `https://name/`: written with both schemes it would name both.
        return (f"{entry.target}{star}",)
    return (f"http://{rest}{star}", f"https://{rest}{star}")


def _names_the_other_port(target: str) -> bool:
    scheme, _, rest = target.partition("://")
    return rest.partition("/")[0].endswith(":443" if scheme == "http" else ":80")


def footer_lines(header: Header) -> tuple[str, ...]:
    """Nothing."""
    return ()


EXAMPLES = (
    Example(
        entry(Scope.PAGE, "https://example.net/ad?id=7", host="example.net"),
        ("http://example.net/ad?id=7", "https://example.net/ad?id=7"),
    ),
    Example(
        entry(Scope.PATH, "https://example.net/jobs/", host="example.net"),
        ("http://example.net/jobs/*", "https://example.net/jobs/*"),
    ),
    Example(entry(Scope.PAGE, "http://example.net:443/ad", host="example.net"), ("http://example.net:443/ad",)),
    Example(entry(Scope.PAGE, "https://example.net:80/ad", host="example.net"), ("https://example.net:80/ad",)),
    Example(wide("shop.example.net"), ()),
    Example(entry(Scope.PAGE, "https://example.net/*", host="example.net"), ()),
    Example(entry(Scope.PAGE, "https://example.net/\nhttps://good.example/", host="example.net"), ()),
    Example(entry(Scope.PAGE, "https://good.example/", host="example.net"), ()),
)
