"""What the policy zone is called, as a file and as a zone, and which names find room in it."""

from typing import Final

from moderation.formats import _guards

ZONE_FILE: Final = "rpz.zone"

ZONE_LABEL: Final = "rpz"
"""Nobody looks up anything below this label of the list's name."""

WILDCARD_ROOM: Final = 2
"""Octets that `*.` takes in front of a name."""


def has_room(name: str, zone: str) -> bool:
    """Whether a name, and all names below it, can be written below the zone's own."""
    return _guards.is_name(name) and WILDCARD_ROOM + len(name) + 1 + len(zone) <= _guards.NAME_LIMIT
