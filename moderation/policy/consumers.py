"""Networks that pull the list: how they sign up and in, how long their tokens are good, and how often they may pull."""

from datetime import timedelta
from typing import Final

from moderation.vocabulary import Budget, RateLimit

APPLICATIONS: Final = RateLimit(name="sign up", each=Budget(10, timedelta(minutes=10)), together=Budget(100, timedelta(minutes=10)))
"""Forms by which networks sign up †: an engineer corrects one some times; a desk reads few of them in an hour."""

APPLICATION_LINE: Final = 200
"""Characters of a name, an address or a territory in an application †."""

APPLICATION_PURPOSE: Final = 2_000
"""Characters of what a network wants the list for †."""

APPLICATIONS_SHOWN: Final = 50
"""Applications that one page shows, those that wait longest first †, and the most that are declined at once: as many as a person reads."""

APPLICATION_WAITS: Final = timedelta(days=90)
"""How long an application waits for an answer, with the name and address in it †: who asked has long asked again, or found another way."""

APPLICATION_KEPT: Final = timedelta(days=90)
"""How long an application that was declined is kept, with the name and address in it †: a question about it has come by then."""

INVITATION_LIFETIME: Final = timedelta(days=7)
"""How long an invitation to a network's pages can be used, once †: it crosses a week-end and a mailbox."""

NETWORK_SIGN_INS: Final = RateLimit(name="network", each=Budget(30, timedelta(minutes=10)), together=Budget(3_000, timedelta(minutes=10)))
"""Keys that are tried at a network's door, of all together those that open nothing †.

At this pace guessing one of a million keys of 256 bits takes longer than the sun lasts."""

CONSUMER_TOKENS: Final = 20
"""Tokens of one network that are good at the same time †: one for each kind of software or site."""

CONSUMER_TOKEN_LIFETIMES: Final = (timedelta(days=365), timedelta(days=90), timedelta(days=30))
"""How long a token of a network is good, as its engineer chooses †; the first is offered."""

CONSUMER_TOKEN_OVERLAP: Final = timedelta(days=14)
"""How long the older token stays good after a new one took its place †: every resolver has been set anew by then."""

CONSUMER_TOKEN_ENDS_SOON: Final = timedelta(days=30)
"""From when on a token that ends is pointed out †."""

CONSUMER_NETWORKS: Final = 100
"""Networks of addresses from which a consumer's tokens may be used †."""

AUTHORISATION_HELD: Final = timedelta(milliseconds=500)
"""How long a process remembers that a token is good †: one that is revoked dies within a second everywhere."""

PULL_NOTED: Final = timedelta(minutes=1)
"""What a token pulls of one file is written down at most this often, but for a new serial †."""

STILL_CARRIED_SHOWN: Final = 100
"""Removed entries that a page names †: bounds its work; how many there are is told in any case."""

FEED_PULLS_EACH: Final = Budget(60_000, timedelta(minutes=10))
"""Requests of one token †: fifty resolvers that ask for every format in every coding, twice each five minutes, stay far below."""

FEED_STRANGERS: Final = Budget(3_000, timedelta(minutes=10))
"""Requests from one address whose token opens nothing †: the software of a whole network whose token ended stays below."""
