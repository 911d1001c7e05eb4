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
    """A line without a type is for what pages load; for the page itself engines want `$document`. `$all` is both, where it is known."""
    if entry.scope.is_wide:
        return (f"||{entry.target}^", f"||{entry.target}^$document")
    # An expression always: some engines look for `|http://address|` in the middle of other addresses too.
    door = _doors.door(entry)
    scheme = "https?" if len(door.schemes) > 1 else door.schemes[0]
    rest = _escaping.perl_pattern(f"://{door.host}{door.port}{door.request}")
    filtered = f"/^{scheme}{rest}{'' if door.is_prefix else '$'}/"
    # Engines compare without case, but for an expression with `match-case`. Old ones ignore that word, and drop a line with `all`.
    if any(sign.isalpha() for sign in door.request):
        return (f"{filtered}$match-case,all",)
    return (f"{filtered}$all", f"{filtered}$document")


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
        (r"/^https?:\/\/example\.net\/$/$all", r"/^https?:\/\/example\.net\/$/$document"),
    ),
    Example(
        entry(Scope.PAGE, "https://example.net/$important,domain=", host="example.net"),
        (r"/^https?:\/\/example\.net\/\x24important\x2cdomain=$/$match-case,all",),
    ),
    Example(wide("*.com"), ()),
    Example(entry(Scope.PAGE, "https://example.net/\n@@||*^$document", host="example.net"), ()),
)
