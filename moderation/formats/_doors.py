"""A page or path taken apart for formats that match addresses piece by piece. Asked only of entries that passed `unfit_address`."""

from dataclasses import dataclass
from functools import lru_cache

from moderation.formats._remembered import ASKED_AGAIN
from moderation.vocabulary import Entry, Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where an entry's page stands. `port` is empty or begins with a colon; `request` is path and query, or a path's prefix."""

    schemes: tuple[str, ...]
    host: str
    port: str
    request: str
    is_prefix: bool


def door(entry: Entry) -> Door:
    """Take an entry's address apart; the test name stands for its own first page."""
    if entry.is_test:
        return Door(schemes=("http", "https"), host=entry.host, port="", request="/", is_prefix=False)
    return _door(entry.target, entry.scope)


@lru_cache(maxsize=ASKED_AGAIN)
def _door(target: str, scope: Scope) -> Door:
    scheme, _, rest = target.partition("://")
    authority, slash, request = rest.partition("/")
    host, colon, port = authority.partition(":")
    # `http://name:443/` is another door than `https://name/`: with both schemes it would be both. Elsewhere a page is one in either.
    only = port == ("443" if scheme == "http" else "80")
    return Door(
        schemes=(scheme,) if only else ("http", "https"),
        host=host,
        port=colon + port,
        request=slash + request,
        is_prefix=scope is Scope.PATH,
    )
