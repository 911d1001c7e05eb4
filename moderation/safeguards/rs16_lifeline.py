"""RS16: a listing must lessen harm and take no lifeline away. Must not judge the answer; a blank one is seen."""

from typing import Final

from moderation import policy
from moderation.safeguards._example import Example, facts
from moderation.safeguards._saying import lack, says_something
from moderation.vocabulary import N_, CaseFacts, Effect, Finding

IDENTIFIER: Final = "RS16"
QUESTION: Final = N_("Will it lessen harm, and neither remove a lifeline nor only move the harm elsewhere?")
SOURCE: Final = "OHCHR principle 3; GAO-21-385"
REQUIRED: Final = True


def check(facts: CaseFacts) -> Finding:
    """Ask for a written answer."""
    if says_something(facts.answers.lifeline, least=policy.ANSWER_LEAST):
        return Finding(
            safeguard=IDENTIFIER,
            effect=Effect.PASS,
            reason=N_("It is written who might lose a lifeline, and what the listing would change."),
        )
    return Finding(
        safeguard=IDENTIFIER,
        effect=Effect.BLOCK,
        reason=lack(facts.answers.lifeline, N_("Nothing is written on who might lose a lifeline.")),
        way_forward=N_(
            "Write in a sentence who uses this for safety or contact, what they would lose, and whether the harm would only move."
        ),
        field="lifeline",
    )


EXAMPLES: Final[tuple[Example, ...]] = (
    ("a sentence", facts(), Effect.PASS, ""),
    ("a sentence in ideographs", facts(lifeline="该网页没有求助信息"), Effect.PASS, ""),
    ("a sentence in Arabic", facts(lifeline="لا أحد يستخدم الصفحة لطلب المساعدة"), Effect.PASS, ""),
    ("blank", facts(lifeline=""), Effect.BLOCK, "lifeline"),
    ("what looks blank", facts(lifeline=" \u00a0\u200b\u2060 "), Effect.BLOCK, "lifeline"),
    ("a word to get past the field", facts(lifeline="no"), Effect.BLOCK, "lifeline"),
    ("signs", facts(lifeline="............"), Effect.BLOCK, "lifeline"),
    ("two letters in turn", facts(lifeline="n/a n/a n/a n/a n/a"), Effect.BLOCK, "lifeline"),
)
