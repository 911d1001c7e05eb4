"""adblock.txt: filters for browsers and blocking proxies. Names in two lines that every engine reads; pages so that their case counts."""

from moderation.formats import _doors, _escaping, _guards, _heading
from moderation.formats._examples import Example, entry, wide
from moderation.vocabulary import N_, Entry, Header, Scope

FILE_NAME = "adblock.txt"
MEDIA_TYPE = "text/plain; charset=utf-8"
LABEL = N_("Filter list for browsers")
SCOPES = frozenset(Scope)
LEAVES_OUT_COVERED = False
DESCRIPTION = "Filters in the syntax of Adblock Plus and uBlock Origin: a name and every name below it, one page, or every page of a path."


def header_lines(header: Header) -> tuple[str, ...]:
    """The header as comments."""
    return _heading.comments("!", header, DESCRIPTION)


def left_out(entry: Entry, header: Header) -> str | None:
    """Refuse whatever is neither a plain name nor a canonical address."""
    return _guards.unfit_name(entry) if entry.scope.is_wide else _guards.unfit_address(entry)


def lines(entry: Entry, header: Header) -> tuple[str, ...]:
    """A line without a type is for what pages load; for the page itself engines want `$document`, or `$all` for both."""
    if entry.scope.is_wide:
        return _both(f"||{entry.target}^")
    door = _doors.door(entry)
    if not any(sign.isalpha() or sign in "*^|$," for sign in door.request):
        return tuple(line for origin in door.origins for line in _both(f"|{origin}{door.request}{'' if door.is_prefix else '|'}"))
    # Engines compare without case, but for a regular expression with `match-case`. Old ones ignore that word, and drop a line with `all`.
    scheme = "https?" if len(door.schemes) > 1 else door.schemes[0]
    rest = _escaping.perl_pattern(f"://{door.host}{door.port}{door.request}")
    return (f"/^{scheme}{rest}{'' if door.is_prefix else '$'}/$match-case,all",)


def _both(filtered: str) -> tuple[str, str]:
    return filtered, f"{filtered}$document"


def footer_lines(header: Header) -> tuple[str, ...]:
    """Nothing."""
    return ()


EXAMPLES = (
    Example(wide("shop.example.net"), ("||shop.example.net^", "||shop.example.net^$document")),
    Example(
        entry(Scope.PAGE, "https://example.net/Ad?id=7", host="example.net"),
        (r"/^https?:\/\/example\.net\/Ad\?id=7$/$match-case,all",),
    ),
    Example(entry(Scope.PATH, "https://example.net/jobs/", host="example.net"), (r"/^https?:\/\/example\.net\/jobs\//$match-case,all",)),
    Example(
        entry(Scope.PAGE, "https://example.net/", host="example.net"),
        (
            *("|http://example.net/|", "|http://example.net/|$document"),
            *("|https://example.net/|", "|https://example.net/|$document"),
        ),
    ),
    Example(
        entry(Scope.PAGE, "https://example.net/$important,domain=", host="example.net"),
        (r"/^https?:\/\/example\.net\/\x24important\x2cdomain=$/$match-case,all",),
    ),
    Example(wide("*.com"), ()),
    Example(entry(Scope.PAGE, "https://example.net/\n@@||*^$document", host="example.net"), ()),
)
