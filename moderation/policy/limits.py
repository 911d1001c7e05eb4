"""Abuse control: all of it counts in memory, and a report over a budget goes to the slower lane, never away."""

from datetime import timedelta
from typing import Final

from moderation.vocabulary import Budget, Channel, RateLimit

REPORTS_EACH: Final = Budget(20, timedelta(hours=1))
"""Reports from one address in the standard lane †: a shelter or a school that shares one sends fewer."""

REPORTS_TOGETHER: Final = Budget(20_000, timedelta(hours=1))
"""Reports in the standard lane from everyone together †."""

REPORTS_BY_CHANNEL: Final = {
    Channel.FORM: Budget(3_000, timedelta(hours=1)),
    Channel.PLAIN_FORM: Budget(1_000, timedelta(hours=1)),
    Channel.ONION: Budget(1_000, timedelta(hours=1)),
    Channel.API: Budget(1_000, timedelta(hours=1)),
    Channel.PARTNER: Budget(20_000, timedelta(hours=1)),
    Channel.IMPORT: Budget(5_000, timedelta(hours=1)),
}
"""Reports in the standard lane by the way they came †: a flood through one way slows no other."""

PARTNER_REPORTS_EACH: Final = Budget(10_000, timedelta(hours=1))
"""Reports of one partner or one desk that imports, in the standard lane †: ten whole batches."""

WORK_ASKED_FROM: Final = 0.5
"""Share of a budget from which on forms carry a proof of work †: it is ready before anyone needs it."""

WORK_ROUNDS: Final = 2_000
"""Rounds of PBKDF2 for one attempt; an attempt succeeds one time in 256 †: about a second on a cheap phone, a millisecond to check."""

WORK_LIFETIME: Final = timedelta(hours=2)
"""How long a proof of work may take to come back †: as long as somebody may write on one form."""

SHARE_OF_A_SITE: Final = 1 / 4
"""What one /48 (IPv6) or /24 (IPv4) may use of what a door answers all together †: a site has 65,536 networks of a home's size."""

SHARE_OF_A_PROVIDER: Final = 1 / 2
"""What one /32 (IPv6) or /16 (IPv4) may †: one provider's customers never close a door for everybody else's."""

CHECKS: Final = RateLimit(name="check", each=Budget(60, timedelta(minutes=10)), together=Budget(6_000, timedelta(minutes=10)))
"""Look-ups of whether something is listed †: enough for a person, too few to try out a list of names."""

RECEIPT_TRIES: Final = RateLimit(name="receipt", each=Budget(60, timedelta(minutes=10)), together=Budget(6_000, timedelta(minutes=10)))
"""Codes of receipts †. At this pace guessing one of a million codes of 128 bits takes 10²² years."""

SIGN_INS: Final = RateLimit(name="sign in", each=Budget(30, timedelta(minutes=10)), together=Budget(3_000, timedelta(minutes=10)))
"""Attempts to sign in †: an office behind one address begins its shift; a guesser gets 4,320 passwords a day. Accounts are not locked.

All together, and the networks around an address, use theirs up by failures alone. A browser in which that person signed in before has a
budget like an address's for itself, and no other."""

BROWSER_KNOWN: Final = timedelta(days=30)
"""How long a browser in which somebody signed in is known again †: over a leave; whoever comes later is one of all."""

PARTNER_TOKENS: Final = RateLimit(
    name="partner file", each=Budget(30, timedelta(minutes=10)), together=Budget(3_000, timedelta(minutes=10))
)
"""Files that partners have read, by address; and tokens of 256 bits that open nothing, of all together †."""
