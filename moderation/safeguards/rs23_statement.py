"""RS23: the statement of reasons is ready before anything is listed. Must not judge its content; the other seats do."""

from typing import Final

from moderation import policy
from moderation.safeguards._example import COMPLETE, Example, facts
from moderation.safeguards._saying import lack, says_something
from moderation.safeguards._several import as_one
from moderation.vocabulary import N_, CaseFacts, Effect, Finding, Statement

IDENTIFIER: Final = "RS23"
QUESTION: Final = N_("Is the statement of reasons ready?")
SOURCE: Final = "DSA article 17; EU Transparency Database v2 field limits"
REQUIRED: Final = True

_BLANK: Final = {
    "facts": N_("The statement of reasons does not tell the facts."),
    "legal_ground": N_("The statement of reasons names no legal ground."),
    "explanation": N_("The statement of reasons does not explain why the facts fall under the law."),
}

_LONG: Final = {
    "facts": N_("The facts in the statement of reasons have %(length)s characters; %(limit)s is the most."),
    "legal_ground": N_("The legal ground in the statement of reasons has %(length)s characters; %(limit)s is the most."),
    "explanation": N_("The explanation in the statement of reasons has %(length)s characters; %(limit)s is the most."),
}


def check(facts: CaseFacts) -> Finding:
    """Ask the first seat for each part, within the limits of the public database."""
    if facts.seat != 1:
        return Finding(safeguard=IDENTIFIER, effect=Effect.PASS, reason=N_("The first seat's statement of reasons is used."))
    found = [fault for part in _parts(facts.answers.statement) if (fault := _fault(*part)) is not None]
    return as_one(found) if found else Finding(safeguard=IDENTIFIER, effect=Effect.PASS, reason=N_("The statement of reasons is complete."))


def _fault(part: str, text: str, least: int, limit: int) -> Finding | None:
    if not says_something(text, least=least):
        return _block(lack(text, _BLANK[part]), N_("Write it for the person whose site it is: plain words, no personal data."), part)
    if len(text) > limit:
        return _block(_LONG[part], N_("Shorten it, or move detail to the evidence."), part, length=len(text), limit=limit)
    return None


def _parts(statement: Statement) -> tuple[tuple[str, str, int, int], ...]:
    """Each part with its text, its least and its most."""
    return (
        ("facts", statement.facts, policy.ANSWER_LEAST, policy.FACTS_LIMIT),
        ("legal_ground", statement.legal_ground, policy.PROVISION_LEAST, policy.LEGAL_GROUND_LIMIT),
        ("explanation", statement.explanation, policy.ANSWER_LEAST, policy.EXPLANATION_LIMIT),
    )


def _block(reason: str, way_forward: str, part: str, **values: int) -> Finding:
    return Finding(
        safeguard=IDENTIFIER, effect=Effect.BLOCK, reason=reason, way_forward=way_forward, field=f"statement_{part}", values=values
    )


def _with(**changes: str) -> CaseFacts:
    whole = COMPLETE.statement
    parts = {"facts": whole.facts, "legal_ground": whole.legal_ground, "explanation": whole.explanation}
    return facts(statement=Statement(**{**parts, **changes}))


EXAMPLES: Final[tuple[Example, ...]] = (
    ("all three parts", facts(), Effect.PASS, ""),
    ("the second seat writes none", facts(statement=Statement(), seat=2), Effect.PASS, ""),
    ("the third seat writes none", facts(statement=Statement(), seat=3), Effect.PASS, ""),
    ("nothing is written", facts(statement=Statement()), Effect.BLOCK, "statement_facts"),
    ("no legal ground", _with(legal_ground=" "), Effect.BLOCK, "statement_legal_ground"),
    ("an explanation of one word", _with(explanation="bad"), Effect.BLOCK, "statement_explanation"),
    ("as long as may be", _with(facts="word " * (policy.FACTS_LIMIT // 5)), Effect.PASS, ""),
    ("facts too long", _with(facts="word " * (policy.FACTS_LIMIT // 5) + "w"), Effect.BLOCK, "statement_facts"),
    ("a legal ground too long", _with(legal_ground="word " * 101), Effect.BLOCK, "statement_legal_ground"),
    ("an explanation too long", _with(explanation="word " * 401), Effect.BLOCK, "statement_explanation"),
)
