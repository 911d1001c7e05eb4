"""Networks that pull the list, and what opens their pages."""

from enum import StrEnum


class KeyKind(StrEnum):
    """What opens a consumer's own pages."""

    INVITATION = "invitation"
    """Given by an administrator; works once, and is changed for a key."""
    KEY = "key"
    """Kept by the consumer's engineers."""
