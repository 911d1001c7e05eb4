"""What is flagged, and how much of it a listing can cover."""

from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """How much a listing covers, narrowest first."""

    PAGE = "page"
    PATH = "path"
    HOST = "host"
    DOMAIN = "domain"

    @property
    def width(self) -> int:
        """0 for a page up to 3 for a registrable domain."""
        return tuple(Scope).index(self)

    @property
    def is_wide(self) -> bool:
        """A whole name: what DNS can block, and what needs a third, senior seat."""
        return self in (Scope.HOST, Scope.DOMAIN)


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
