"""What networks may ask of us beside the list itself: dry runs, wrong entries, word of removals."""

from datetime import timedelta
from typing import Final

from moderation.vocabulary import Budget, RateLimit

DRY_RUNS: Final = RateLimit(name="dry run", each=Budget(60, timedelta(minutes=10)), together=Budget(600, timedelta(minutes=10)))
"""Dry runs of one network, and of all †: a script may ask before each of its pulls; each costs as much as a page of changes, or more."""

DRY_RUN_RELEASES: Final = 2_000
DRY_RUN_LINES: Final = 50_000
"""Releases, and lines of changes, that a dry run looks through at most †; whoever is further behind compares names instead."""

DRY_RUN_NAMES: Final = 200_000
DRY_RUN_BYTES: Final = 8_000_000
"""Names, and octets, that one may send to be compared with the list †: held in memory while that is done."""

DRY_RUN_A_PAGE: Final = 500
"""Changes that one page of a dry run shows †."""

ENTRY_LOOK_UPS: Final = RateLimit(name="entry", each=Budget(300, timedelta(minutes=10)), together=Budget(3_000, timedelta(minutes=10)))
"""Entries that one network looks up on its pages, and all †: whoever has the list may ask more of it than the public, and by hand."""

FALSE_POSITIVE_REVIEW: Final = timedelta(hours=24)
"""By when somebody should have looked at a listing that a network calls wrong †: sooner than any appeal, for it may hit many people."""

FALSE_POSITIVES_OPEN: Final = 20
"""Listings that one network may call wrong and that nobody looked at yet †: more would push everything else out of the desk's sight."""

FALSE_POSITIVES: Final = RateLimit(
    name="false positive", each=Budget(10, timedelta(minutes=10)), together=Budget(100, timedelta(minutes=10))
)
"""Such messages of one network, and of all †: in ten minutes, since that is the wait that pages ask for."""

FALSE_POSITIVE_WHY: Final = 2_000
FALSE_POSITIVE_WHY_LEAST: Final = 10
FALSE_POSITIVE_CONTACT: Final = 200
"""Characters of why, and of whom to ask †."""

FALSE_POSITIVES_SHOWN: Final = 100
"""Messages that a page shows, the newest first †."""

WEBHOOKS_EACH: Final = 3
"""Addresses that one network may have us tell †."""

WEBHOOK_URL: Final = 500
"""Characters of such an address †."""

WEBHOOK_WAITS: Final = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800, 28_800))
"""How long after each failure a delivery is tried again †, much as Standard Webhooks proposes: 16 hours in all. Soon after, no release that
its network took before is valid any more, so that the removal has reached it by itself."""

WEBHOOK_LEASE: Final = timedelta(minutes=2)
"""How long a delivery that is being tried is left alone †; longer than any try takes."""

WEBHOOK_WAITING: Final = 20
"""Deliveries to one address that may wait †: beyond that one new delivery takes their place, and tells of what they told."""

WEBHOOK_OCTETS: Final = 16_000
"""Octets of entries in one delivery †; Standard Webhooks wants less than 20 kB. How many there are is told in any case."""

WEBHOOK_KEPT: Final = timedelta(days=30)
"""How long a delivery that ended is shown †."""

WEBHOOK_SHOWN: Final = 20
"""Deliveries to one address that a page shows †."""

WEBHOOK_TESTS: Final = RateLimit(name="webhook test", each=Budget(20, timedelta(minutes=10)), together=Budget(200, timedelta(minutes=10)))
"""Addresses named and tests sent by one network, and by all †: each makes us connect somewhere."""
