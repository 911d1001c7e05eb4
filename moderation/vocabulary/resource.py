"""What is flagged, and how much of it a listing can cover."""

from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """How much a listing covers, narrowest first."""

    PAGE = "page"
    PATH = "path"
    HOST = "host"
    DOMAIN = "domain"

    is_wide: bool
    """A whole name: what DNS can block, and what needs a third, senior seat."""

    def __new__(cls, text: str) -> "Scope":
        """A member knows for itself whether it is wide: a release asks that of each entry for each of its formats."""
        scope = str.__new__(cls, text)
        scope._value_ = text
        scope.is_wide = text in ("host", "domain")
        return scope

    # As equality has it: by the text. (An enumeration's own would look at the member's name, and slowly.)
    __hash__ = str.__hash__

    @property
    def width(self) -> int:
        """0 for a page up to 3 for a registrable domain."""
        return tuple(Scope).index(self)


@dataclass(frozen=True, slots=True)
class Target:
    """What a listing covers. `text` is a canonical address (page), an address prefix ending in `/` (path) or a name (host, domain)."""

    scope: Scope
    text: str

    def __str__(self) -> str:
        return f"{self.scope}: {self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """What was flagged, in canonical form.

    `ladder` holds every target this resource can be listed at, narrowest first; a listing outside it is impossible.
    `stripped` names what was taken off (never its value).
    """

    kind: str
    canonical: str
    host: str | None = None
    domain: str | None = None
    ladder: tuple[Target, ...] = ()
    stripped: tuple[str, ...] = ()

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """The scopes of the ladder, narrowest first, each once."""
        return tuple(dict.fromkeys(target.scope for target in self.ladder))
