"""How long listings, holds and dates last, and what a written reason must hold."""

from datetime import timedelta
from typing import Final

from moderation.vocabulary import Scope

FACTS_LIMIT: Final = 5_000
LEGAL_GROUND_LIMIT: Final = 500
EXPLANATION_LIMIT: Final = 2_000
"""Characters in a statement of reasons (EU Transparency Database, v2 field limits; DSA article 17)."""

REVIEW_AFTER: Final = {
    Scope.PAGE: timedelta(days=90),
    Scope.PATH: timedelta(days=90),
    Scope.HOST: timedelta(days=60),
    Scope.DOMAIN: timedelta(days=60),
}
"""Latest re-review of a listing, by scope †."""

LISTING_LIFETIME: Final = {
    Scope.PAGE: timedelta(days=180),
    Scope.PATH: timedelta(days=180),
    Scope.HOST: timedelta(days=90),
    Scope.DOMAIN: timedelta(days=90),
}
"""Latest expiry of a listing, by scope †: nothing stays listed because nobody looked (ECHR, Bulgakov)."""

TEMPORARY_REVIEW: Final = timedelta(hours=72)
"""Latest re-review of a temporary listing †."""

TEMPORARY_LIFETIME: Final = timedelta(days=7)
"""Latest expiry of a temporary listing †: a page only, never renewed, and never a second time for the same page."""

EXPIRING_BEFORE: Final = timedelta(days=7)
"""How long before its end a listing comes to the queue, where a new round may renew it †."""

REVIEW_HELD: Final = timedelta(days=1)
"""How much longer a claim, or a renewal that waits for its other seats, can keep on the list what is overdue for its re-review †."""

REVIEW_OVERDUE: Final = timedelta(days=14)
"""How long a re-review may be overdue before the listing leaves the list by itself †: nothing stays because nobody looked."""

CHANGED_LOOKED_AT: Final = timedelta(hours=72)
"""How soon somebody should look at a listing that was suspended because its content changed †."""

DEAD_APART: Final = timedelta(hours=24)
"""Least time between two looks that both find a resource gone, before it leaves the list, or its takedown is done, by itself †."""

ROUNDS_UNSETTLED: Final = 3
"""Rounds about one resource that may end without an outcome (not listed, withdrawn, more evidence) before only a senior opens another †.

They are counted since something of it was listed last."""

LOOKS_BACK: Final = 100
"""Newest looks at a resource that are read to see whether it was gone before †."""

MONITOR_SOONEST: Final = timedelta(days=1)
MONITOR_LATEST: Final = timedelta(days=90)
"""When a monitored case may come back †: as late as a page is re-reviewed."""

EVIDENCE_LATEST: Final = timedelta(days=30)
"""How long a case may wait for missing evidence †."""

TAKEDOWN_LATEST: Final = timedelta(days=30)
"""How long those who are asked to act at the source may be given †."""

DANGER_BACK_WITHIN: Final = timedelta(days=7)
"""How long a case in which somebody may be in danger now may be put aside, for whatever reason †: nobody is forgotten for a season."""

HOLD_LATEST: Final = timedelta(days=90)
"""How long one hold for an investigation may last †; the police can ask for another."""

REFERRAL_BACKDATED: Final = timedelta(days=365)
"""How long ago a referral that is written down now may have been made †: an older date is a slip."""

EMERGENCY_REVIEW_WORKING_DAYS: Final = 2
"""Working days, Monday to Friday, within which another person looks at an emergency delisting †."""

WORKING_DAYS: Final = range(5)
"""Days of the week that are worked, from Monday (0) to Friday †; public holidays differ by country and are not known here."""
