"""The order of a release, in SQL and in Python: a name comes right before all that is below it. Reads nothing."""

from typing import Any, Protocol

from sqlalchemy import ColumnElement, literal_column, tuple_

from moderation.models.publishing import LISTING_IN_ORDER
from moderation.vocabulary import Scope

Place = tuple[str, bool, str, str]
"""Where an entry stands: its host read from the right, whether it is narrower than a whole name, its target and its scope."""

# As the database's index has them, sign by sign: without that it would read and sort the whole list for a part of it.
IN_ORDER: tuple[ColumnElement[Any], ...] = tuple(literal_column(expression) for expression in LISTING_IN_ORDER)
stands_at = tuple_(*IN_ORDER)

DOT = "\x01"
"""Stands for the dot, below every other sign: no look-alike (`my-evil.test`) comes between a name and its own."""

BEHIND = "\x02"
"""Added to a name read from the right: behind all that is below the name, and before all else that follows."""


class Placed(Protocol):
    """What an entry's place depends on."""

    @property
    def host(self) -> str: ...
    @property
    def target(self) -> str: ...
    @property
    def scope(self) -> Scope: ...


def place(entry: Placed) -> Place:
    """Where an entry stands; places compare as the database orders (by code points, which is the order of UTF-8 octets)."""
    return place_of(entry.host, entry.target, entry.scope, is_wide=entry.scope.is_wide)


def place_of(host: str, target: str, scope: str, *, is_wide: bool) -> Place:
    """The same from what a row of the log keeps."""
    return host[::-1].replace(".", DOT), not is_wide, target, str(scope)
