"""What the safeguards count, ask for and refuse."""

from datetime import timedelta
from typing import Final

from moderation.vocabulary import HostClass, Protection

INDEPENDENT_ITEMS: Final = 2
"""Independent items of evidence, where none is first-hand † (DSA article 16; RS04)."""

EVIDENCE_LEAST: Final = 10
"""Characters below which an item of evidence says nothing †."""

ANSWER_LEAST: Final = 10
"""Letters or digits below which a written answer says nothing †; an ideograph counts as two."""

DISTINCT_LEAST: Final = 3
"""Different letters or digits below which a written text says nothing †: a key held down, or two in turn, is no answer."""

PROVISION_LEAST: Final = 3
"""Letters or digits below which a provision of law names nothing †: “§ 232” has three."""

NAMED_LEAST: Final = 3
"""Characters below which a name, a place or a reference says nothing †."""

NOTE_LEAST: Final = 10
"""Characters below which a note on a rejection or delisting says nothing †."""

CUE_MORE_LEAST: Final = 4
"""Letters beside the words of a weak cue from which on a text says more than the cue †: “held” does; an ideograph counts as two."""

PERSONAL_KINDS: Final = frozenset({"phone", "email"})
"""Kinds of resource that tell who somebody is, and have no place in evidence or reasons (OHCHR guidelines; RS18) †."""

SAMPLE_LEAST: Final = 20
"""Pages of a path or name that somebody looks at before it is listed †, or all there are (ECHR, Kharitonov)."""

SAMPLE_UNRELATED_MOST: Final = 0.1
"""Share of unrelated pages in the sample from which on the target is too wide †."""

NOTICE_WAIT: Final = timedelta(hours=48)
"""Time that a host or registrar has to act before anything is listed † (IWF: removal at source first)."""

OBSERVATION_FRESH: Final = timedelta(days=7)
"""How long it counts how a resource was found †; later somebody looks again."""

LOOKS_READ: Final = 10
"""Newest recorded looks at a resource that its safeguards read †; the newest decides."""

DANGER_REFERRED_WITHIN: Final = timedelta(hours=1)
"""How soon a case where somebody may be in danger is referred † (DSA article 18)."""

BULK_ENTRIES: Final = 25
BULK_SHARE: Final = 0.05
"""The list grows in a day by the larger of so many entries and this share of it at most †, unless two people allow more (Denmark 2012)."""

BULK_DELAY: Final = timedelta(hours=24)
"""How long after its second key more growth is allowed †: every shift of the desk sees it first, and anyone can take it back."""

BULK_KEY_WAITS: Final = timedelta(hours=72)
"""How long a first key waits for the second †: what was asked on a Friday, and not what everybody has forgotten."""

BULK_ALLOWED_FOR: Final = timedelta(hours=24)
"""How long more growth is allowed then †: one working day's listings, and the bound holds again by itself."""

BULK_ENTRIES_MOST: Final = 5_000
"""Listings in a day that two people may allow at most †: fewer than the 8,000 of Denmark's wrong folder."""

BURDENED: Final = frozenset(
    {
        Protection.MIGRANTS,
        Protection.LGBT,
        Protection.SEX_WORKERS_RIGHTS,
        Protection.HUMAN_RIGHTS,
        Protection.PRESS_FREEDOM,
        Protection.NEWS,
        Protection.POLITICAL_CRITICISM,
    }
)
"""What is protected because its listing would burden migrants, LGBT people, sex workers or critics (OHCHR; RS22) †."""

BLOCKED_CLASSES: Final = frozenset({HostClass.POPULAR_10K, HostClass.BANK, HostClass.UNIVERSITY, HostClass.INFRASTRUCTURE, HostClass.NEVER})
"""Classes of host that can never be listed whole (RS11; Danish and Italian failures) †."""

THIRD_SEAT_CLASSES: Final = frozenset({HostClass.POPULAR_1M})
"""Classes of host that need a third seat at any wide scope (RS11) †."""

PLATFORM_CLASSES: Final = frozenset(
    {HostClass.PLATFORM, HostClass.DYNAMIC_DNS, HostClass.SHORTENER, HostClass.LINK_IN_BIO, HostClass.HOSTING}
)
"""Classes of host that many unrelated people share (RS08; ECHR, Kharitonov 2020)."""

IMITATED_CLASSES: Final = BLOCKED_CLASSES | {HostClass.POPULAR_1M, HostClass.PROTECTED}
"""Classes of host whose look-alikes are told of: names that people trust by sight †."""

READINGS_MOST: Final = 32
"""Plain names that one host is read as †: an `l` may stand for a 1, an `o` for a 0, and each doubles them."""

KNOWN_BELOW_NAMED: Final = 50
"""Known hosts below a target that are named †; one is enough to refuse."""

POPULAR_10K_RANK: Final = 10_000
"""Places of the top lists that count as essential †."""
