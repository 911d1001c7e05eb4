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

FALSE_POSITIVE_REVIEW: Final = timedelta(hours=24)
"""By when somebody should have looked at a listing that a network calls wrong †: sooner than any appeal, for it may hit many people."""

FALSE_POSITIVES_OPEN: Final = 20
"""Listings that one network may call wrong and that nobody looked at yet †: more would push everything else out of the desk's sight."""

FALSE_POSITIVES: Final = RateLimit(name="false positive", each=Budget(30, timedelta(hours=1)), together=Budget(300, timedelta(hours=1)))
"""Such messages of one network, and of all †."""

FALSE_POSITIVE_WHY: Final = 2_000
FALSE_POSITIVE_WHY_LEAST: Final = 10
FALSE_POSITIVE_CONTACT: Final = 200
"""Characters of why, and of whom to ask †."""

FALSE_POSITIVES_SHOWN: Final = 100
"""Messages that a page shows, the newest first †."""
