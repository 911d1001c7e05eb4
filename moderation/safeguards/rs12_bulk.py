"""RS12: the list never grows by a whole file at once. Must not count: the facts carry what began and how long the list was."""

from datetime import timedelta
from typing import Final

from moderation import policy
from moderation.safeguards._example import DOMAIN, Example, facts
from moderation.vocabulary import N_, CaseFacts, Effect, Finding

IDENTIFIER: Final = "RS12"
QUESTION: Final = N_("Does the list grow by more than a day's decisions?")
SOURCE: Final = "Denmark (2012)"
REMARK: Final = N_("In Denmark 8,000 domains came from a wrong folder. The numbers are this project’s own.")
REQUIRED: Final = True


def check(facts: CaseFacts) -> Finding:
    """Refuse the listing that would take a day's growth over the larger of a number and a share of the list."""
    most = max(policy.BULK_ENTRIES, int(policy.BULK_SHARE * facts.list_size))
    counted = {"listed": facts.listed_in_a_day, "most": most, "size": facts.list_size}
    if facts.listed_in_a_day < most:
        return Finding(
            safeguard=IDENTIFIER,
            effect=Effect.PASS,
            reason=N_("%(listed)s listings began in the last 24 hours; %(most)s may."),
            values=counted,
        )
    if facts.growth_allowed:
        return Finding(
            safeguard=IDENTIFIER,
            effect=Effect.PASS,
            reason=N_("%(listed)s listings began in the last 24 hours; two people have allowed more than %(most)s for now."),
            values=counted,
        )
    return Finding(
        safeguard=IDENTIFIER,
        effect=Effect.BLOCK,
        reason=N_("%(listed)s listings began in the last 24 hours, and a list of %(size)s entries may grow by %(most)s in that time."),
        way_forward=N_(
            "Keep what you wrote and propose again tomorrow. Where the cases cannot wait, ask a senior: two of them can allow more growth "
            "(“Growth” in the navigation), which takes effect after %(delay)s hours."
        ),
        field="target",
        values={**counted, "delay": policy.BULK_DELAY // timedelta(hours=1)},
    )


def _day(listed: int, size: int = 0, *, allowed: bool = False) -> CaseFacts:
    return facts(listed_in_a_day=listed, list_size=size, growth_allowed=allowed)


EXAMPLES: Final[tuple[Example, ...]] = (
    ("a quiet day", facts(), Effect.PASS, ""),
    ("the twenty-fifth of a day", _day(24), Effect.PASS, ""),
    ("the twenty-sixth of a day", _day(25), Effect.BLOCK, "target"),
    ("V19: a file of 8,000 domains, taken through the seats", _day(8_000), Effect.BLOCK, "target"),
    ("V19: a whole domain from that file", facts(target=DOMAIN, listed_in_a_day=25, list_size=400), Effect.BLOCK, "target"),
    ("a short list: five in a hundred would be less than twenty-five", _day(20, 100), Effect.PASS, ""),
    ("a long list, one short of five in a hundred", _day(499, 10_000), Effect.PASS, ""),
    ("a long list, five in a hundred are reached", _day(500, 10_000), Effect.BLOCK, "target"),
    ("a part of an entry is none", _day(25, 519), Effect.BLOCK, "target"),
    ("two people have allowed more", _day(40, 100, allowed=True), Effect.PASS, ""),
    ("they allowed more, and it is not needed", _day(3, allowed=True), Effect.PASS, ""),
)
