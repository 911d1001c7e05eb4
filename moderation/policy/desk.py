"""How the desk holds cases, sign-ins and notes."""

from datetime import timedelta
from typing import Final

LEASE: Final = timedelta(minutes=30)
"""How long a claim holds a case without activity †."""

HELD_LONGEST: Final = timedelta(hours=4)
"""How long work can lengthen one claim †: half a working day. Then its lease ends, and a colleague may take the case."""

HELD_AT_ONCE: Final = 10
"""Cases that one person may hold at the same time †: no more than somebody works on in half a day."""

HANDED_OVER_MOST: Final = 5
"""A colleague who holds so many is handed no more †: what others give must not fill the hands of who wants to claim."""

TAKEOVER_TOLD: Final = timedelta(days=14)
"""How long somebody sees which cases a senior took from them †: as long as a usual absence."""

TAKEOVERS_SHOWN: Final = 20
"""Newest takeovers that a page shows †: bounds its work."""

SESSION_IDLE: Final = timedelta(minutes=30)
"""Idle limit of a sign-in (OWASP session management: 15 to 30 minutes for sensitive applications)."""

SESSION_ABSOLUTE: Final = timedelta(hours=12)
"""Absolute limit of a sign-in: one long shift †."""

SESSION_TOUCH: Final = timedelta(minutes=1)
"""A session's last use is written at most this often †."""

SIGN_IN_ATTEMPTS: Final = 5
"""Wrong codes after a right password before an account rests (NIST SP 800-63B allows up to 100; an attacker has six digits to guess) †."""

SIGN_IN_REST: Final = timedelta(minutes=5)
"""How long an account rests after too many failed attempts †. It opens again by itself; wrong passwords never rest it, so nobody
who does not know the password can keep a person out."""

PASSWORD_LEAST: Final = 12
"""Characters of a password †; NIST SP 800-63B asks for at least 8, with a second factor."""

CASE_NOTE_LIMIT: Final = 2_000
"""Characters of a note between moderators †."""

CASE_ACTS_SHOWN: Final = 100
"""Acts that one page of a case's history shows †: bounds the work of a page; older ones are a link away."""

CASE_NOTES_SHOWN: Final = 50
"""Newest notes that a case shows †: bounds the work of a page."""

RELATED_SHOWN: Final = 10
"""Related cases shown of a sort †."""

RELATED_LOOKED_AT: Final = 100
"""Resources of one site, and newest reports with one mark, that are looked at for related cases †: bounds the work of a page."""

RELATED_MARKS: Final = 200
"""Marks of one case's reports that are looked for †: bounds the work of a page."""

CASE_STANDING_SHOWN: Final = 20
"""Newest referrals, looks, words of networks and cases merged into it that a case shows, of each sort †: bounds the work of a page."""

SEALED_COMPARED: Final = 200
"""Newest sealed addresses that an open case's own is compared with †: bounds the work of a page; each opens in half a millisecond."""

LISTINGS_SHOWN: Final = 25
"""Listings that one page shows, the newest first †: as many as a person runs through."""

EMERGENCIES_SHOWN: Final = 100
"""Emergency delistings without their second look that a page shows, the most urgent first †; more come up as these are looked at."""

RECORD_SHOWN: Final = 50
"""Acts that one page of the whole record shows, the newest first †."""
