"""How far the overview counts and looks back."""

from datetime import timedelta
from typing import Final

OVERVIEW_DAYS: Final = (14, 30)
"""Periods that the overview may look back, in days †: a fortnight's work, or a month's."""

OVERVIEW_SAMPLE: Final = 1_000
"""Cases of one lane that are counted †; of more, a random thousand gives the median within two places in a hundred."""

OVERVIEW_PER_DAY: Final = 5_000
"""Decisions, or releases, of one day that are counted †: more than a desk of fifty decides."""

OVERVIEW_REFUSALS: Final = 1_000
"""Newest refused attempts in which refusals are counted by safeguard †."""

OVERVIEW_QUESTIONS: Final = 1_000
"""Newest questions among which those without an answer are counted †."""

OVERVIEW_SHOWN: Final = 100
"""Cases or listings that are shown behind one figure †."""

EXPIRING_SOON: Final = timedelta(days=7)
"""Listings that end within a week are told of †: time enough for two people to look again."""

QUESTION_OVERDUE: Final = timedelta(days=7)
"""A question that no reporter answered for a week is told of †: not everyone comes back, and the case must go on without."""
