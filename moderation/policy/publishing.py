"""How long a release is valid and kept, and the times of a zone."""

from datetime import timedelta
from typing import Final

RELEASE_VALID: Final = timedelta(hours=24)
"""A release is valid this long at most †; consumers drop what is absent, and an old list must not block for ever."""

RELEASE_HEARTBEAT: Final = timedelta(hours=12)
"""Without any change a release is still made this often, since one is valid for 24 hours †."""

RELEASES_RUN_AHEAD: Final = timedelta(seconds=30)
"""By how much releases that follow one another at once may run ahead of the clock †: each takes a second of its own, up to there."""

RELEASE_AHEAD_MOST: Final = timedelta(minutes=1)
"""A release further ahead of the clock than this says that the clock was set back †: twice what releases run ahead by themselves."""

RELEASES_KEPT_FOR: Final = timedelta(hours=2)
"""A release is kept this long after another took its place †: who reads it can finish on the slowest line that carries the list at all.

Not longer, for each is a full copy of the list in every format, and a busy day makes a thousand of them.
"""

RELEASES_KEPT_OCTETS: Final = 20_000_000_000
"""What those that are not current may take of the disk together †: ten releases of a million entries, or two hours of most other lists.

The one that was current last stays whatever it takes: somebody is reading it.
"""

RELEASE_ADDITIONS_MOST: Final = 5_000
"""Additions that one release may bring, however long the list is and whatever two people allow in a day †; the rest is held back."""

HELD_SHOWN: Final = 100
"""Held entries that a page shows, those that wait longest first, and that one act may let go †: as many as a person reads."""

SHRINK_ALARM: Final = 0.1
"""Share of its entries that the list may lose in a day before somebody is called †: it is published all the same."""

CHANGES_KEPT: Final = timedelta(days=14)
"""How long what each release changed is kept for consumers †; whoever comes back later takes the full state."""

CHANGES_RELEASES_A_PAGE: Final = 500
CHANGES_LINES_A_PAGE: Final = 5_000
"""Most releases, and most lines, that one page of changes joins †: some 1.5 MB, put together in the time of a few answers."""

ZONE_TTL_SECONDS: Final = 300
"""Time to live of a zone's records: PowerDNS keeps an old answer that long (docs/formats.md)."""

ZONE_REFRESH_SECONDS: Final = 3600
"""SOA refresh of the zone served by HTTP: Unbound fetches the whole zone each time, without If-None-Match (docs/formats.md)."""

ZONE_RETRY_SECONDS: Final = 600
ZONE_EXPIRE_SECONDS: Final = 7 * 24 * 3600
ZONE_MINIMUM_SECONDS: Final = 60
"""The SOA's other times †: a failed fetch is tried again soon, a zone outlives a week without us, and a freed name is free in a minute."""

TRANSFER_REFRESH_SECONDS: Final = 300
"""SOA refresh of the zone by transfer †: a secondary asks for the serial alone, so it may ask often.

Where a NOTIFY is lost, or nobody is notified, a removal waits this long.
"""

TRANSFER_RETRY_SECONDS: Final = 60
"""SOA retry of the zone by transfer †."""

TRANSFER_KEYS_MOST: Final = 10
"""Living transfer keys of one consumer †: one for each of its sites, and room to change them."""

TRANSFER_NOTIFY_MOST: Final = 8
"""Addresses that are notified for one key †: so many packets go out at each release."""

ZONE_AHEAD_MOST: Final = 10
"""By how much a zone that somebody changed by hand may be ahead of the list, for us to pass it by releases without a change †.

Each edit by hand raises the serial by one. Further ahead, something else went wrong (a restored backup, a serial that was made
a date): a person looks.
"""

SERIALS_AHEAD_MOST: Final = 10_000
"""By how much `flask publish --above` may lead the list on †: a serial further ahead was mistyped, since so many releases take weeks."""
