"""How long a release is valid and kept, and the times of a zone."""

from datetime import timedelta
from typing import Final

RELEASE_VALID: Final = timedelta(hours=24)
"""A release is valid this long at most †; consumers drop what is absent, and an old list must not block for ever."""

RELEASE_HEARTBEAT: Final = timedelta(hours=12)
"""Without any change a release is still made this often, since one is valid for 24 hours †."""

RELEASES_KEPT: Final = 50
"""Written releases kept on disk beside the current one †."""

ZONE_TTL_SECONDS: Final = 300
"""Time to live of a zone's records: PowerDNS keeps an old answer that long (docs/formats.md)."""

ZONE_REFRESH_SECONDS: Final = 3600
"""SOA refresh of the zone served by HTTP: Unbound fetches the whole zone each time, without If-None-Match (docs/formats.md)."""

ZONE_RETRY_SECONDS: Final = 600
ZONE_EXPIRE_SECONDS: Final = 7 * 24 * 3600
ZONE_MINIMUM_SECONDS: Final = 60
"""The SOA's other times †: a failed fetch is tried again soon, a zone outlives a week without us, and a freed name is free in a minute."""
