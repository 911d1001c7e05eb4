"""What the zone is called."""

from config import Settings
from moderation.formats import rpz


def zone_name(settings: Settings) -> str:
    """The zone's name, without a dot at its end."""
    return f"{rpz.ZONE_LABEL}.{settings.list_name}"
