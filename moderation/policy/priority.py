"""The points and lanes of the queue; higher is sooner."""

from datetime import timedelta
from typing import Final

from moderation.vocabulary import Category, Channel, Stage

PRIORITY_DANGER: Final = 100
"""Someone may be in danger now (DSA article 18) †."""

PRIORITY_BY_CATEGORY: Final = {Category.CHILD: 60, Category.SEXUAL: 30, Category.MOVED: 30, Category.LABOUR: 20, Category.UNSURE: 10}
"""Points by what the reporter saw †: a child first."""

PRIORITY_PARTNER: Final = 15
"""An accredited partner sent one of the reports (DSA article 22: priority for trusted flaggers, never lighter proof) †."""

PRIORITY_SLOW_LANE: Final = -40
"""A report in the slower lane waits behind others †; age decides only among cases with the same points."""

PRIORITY_BY_STAGE: Final = {
    Stage.ADVERTISING: 5,
    Stage.RECRUITING: 10,
    Stage.MOVING: 15,
    Stage.CONTROLLING: 20,
    Stage.EXPLOITING: 20,
    Stage.PAYING: 5,
}
"""Points by what is said to happen to people †: now, before what may come, before money."""

CHANNEL_BITS: Final = {
    Channel.FORM: 1,
    Channel.PLAIN_FORM: 1,
    Channel.ONION: 2,
    Channel.API: 4,
    Channel.PARTNER: 8,
    Channel.IMPORT: 8,
}
"""Channels that count as independent of each other †: the form is one with scripts and without; a partner's file is the partner."""

PRIORITY_CORROBORATION: Final = 10
PRIORITY_CORROBORATION_MOST: Final = 20
"""Points for each channel beside the first, and their limit †. The number of reports adds nothing (RS04): thirty forms are one channel."""

PRIORITY_BY_AGE: Final = ((timedelta(days=3), 5), (timedelta(days=7), 10), (timedelta(days=14), 20), (timedelta(days=30), 40))
"""Points by how long a case has waited †, added each night: nothing waits for ever behind what is new."""

PRIORITY_DUE: Final = 20
"""A case came back: its listing is due for re-review, expires, or was suspended †."""

PRIORITY_DISPUTED: Final = 40
"""A network that enforces the list says that the listing is wrong †: as much as the longest wait, so before other re-reviews."""

PRIORITY_CHILD_MATERIAL: Final = 40
"""Somebody at the desk answered that sexual images of a child are suspected †: a hotline should hear of it before other cases about a
child are read, and after danger (IWF, INHOPE: removal at source first)."""

PRIORITY_STEP: Final = 5
"""All points are multiples of this †: a claim looks at each sum that is possible once."""

PRIORITY_MOST: Final = 355
PRIORITY_LEAST: Final = -30
"""Bounds that no sum of points leaves †."""

DRAWN_AT_RANDOM: Final = 5
"""One claim in so many draws from the lane without regard to points †, so that nothing starves."""

QUEUE_NOTED: Final = 8
"""One claim in so many notes where the first free cases are †: reading past the few that the others took costs less than noting them."""

QUEUE_LOOKED_THROUGH: Final = timedelta(minutes=10)
"""How long a claim may rely on what the claims before it saw, before it looks from the first case on again †."""

QUEUE_BEHIND: Final = timedelta(hours=2)
"""Cases that came within this time are always looked at †: times of reports are to the hour, and a transaction may end late."""

BULK_CASES: Final = 25
"""Cases that may be claimed, merged or parked in one step †: one page of the queue."""

QUEUE_SHOWN: Final = 25
"""Cases that one page of the queue shows †."""

QUEUE_COUNTED: Final = 1_000
"""Cases of one view that are counted †, so that a long queue costs no more than a short one; a page shows "999+"."""

QUEUE_LANGUAGES_READ: Final = 50
"""Reports of a case whose languages the queue names †: some cases have thousands, and its page shows no more."""

QUEUE_FOUND: Final = 500
"""Newest resources of one host that a search looks at †: bounds the work where many strangers share one."""

PARKED_AT_MOST: Final = timedelta(days=30)
"""How long a case may be parked †."""
