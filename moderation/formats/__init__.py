"""The feed formats, one file each: how an entry is written down. May narrow or leave out, never widen; writes nothing to disk."""

import sys
from functools import cache
from typing import Any, Protocol, cast

from moderation.formats._covering import Above
from moderation.formats._guards import barred, withheld
from moderation.formats._heading import moment
from moderation.formats._objects import entry_fields, header_fields
from moderation.formats._testing import always_listed, always_listed_name, never_listed, never_listed_name
from moderation.formats._zone import ZONE_FILE, ZONE_LABEL, has_room
from moderation.plugins import by_identifier, discover
from moderation.vocabulary import Entry, Header, Scope

__all__ = [
    "ZONE_FILE",
    "ZONE_LABEL",
    "Above",
    "Format",
    "always_listed",
    "always_listed_name",
    "barred",
    "carries",
    "entry_fields",
    "has_room",
    "header_fields",
    "installed",
    "moment",
    "never_listed",
    "never_listed_name",
    "withheld",
]

REQUIRED = ("FILE_NAME", "MEDIA_TYPE", "LABEL", "SCOPES", "LEAVES_OUT_COVERED", "header_lines", "left_out", "lines", "footer_lines")


class Format(Protocol):
    """What a format module has. Every function is pure and sees one entry at a time, so that no format holds the list in memory.

    A line has no line ending; the writer adds a line feed. The header's `entries` is only right in `header_lines` and `footer_lines`.
    """

    FILE_NAME: str
    MEDIA_TYPE: str
    LABEL: str
    SCOPES: frozenset[Scope]
    LEAVES_OUT_COVERED: bool
    """Whether a name has no line of its own where the file has a line for a name above it: some programs warn of both, or refuse them."""
    EXAMPLES: tuple[Any, ...]

    def header_lines(self, header: Header, /) -> tuple[str, ...]:
        """What stands before the entries, with the number of entry lines that follow."""

    def left_out(self, entry: Entry, header: Header, /) -> str | None:
        """Why this format can't carry an entry of a scope that it does carry (an N_-marked sentence), None where it can."""

    def lines(self, entry: Entry, header: Header, /) -> tuple[str, ...]:
        """The entry's lines; asked only where `left_out` gave no reason."""

    def footer_lines(self, header: Header, /) -> tuple[str, ...]:
        """What stands after the entries."""


@cache
def installed() -> tuple[Format, ...]:
    """Every format, sorted by module name.

    Raises:
        BrokenPlugin: a module does not keep the contract, or two claim one file name.
    """
    modules = discover(sys.modules[__name__], required=REQUIRED)
    by_identifier(modules, lambda module: str(module.FILE_NAME))
    return tuple(cast(Format, module) for module in modules)


def carries(form: Format, entry: Entry) -> bool:
    """Whether the format has room for entries of this scope. The test entry is in every format, so that each can be tried."""
    return entry.is_test or entry.scope in form.SCOPES


# Found at import, as kinds and safeguards are: a broken format stops the start, and not the first release after it.
installed()
