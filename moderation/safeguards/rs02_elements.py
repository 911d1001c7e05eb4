"""RS02: act, means and purpose are each shown by an item of evidence. Must not weigh the items; people do."""

from typing import Final

from moderation import policy
from moderation.safeguards._example import EVIDENCE, Example, facts
from moderation.safeguards._saying import says_something
from moderation.safeguards._several import as_one
from moderation.vocabulary import N_, CaseFacts, Effect, Element, Evidence, EvidenceSource, Finding

IDENTIFIER: Final = "RS02"
QUESTION: Final = N_("Are act, means and purpose shown? Means are not needed under 18.")
SOURCE: Final = "Palermo Protocol article 3"
REQUIRED: Final = True

_MISSING: Final = {
    Element.ACT: N_("No evidence shows the act (recruiting, moving, sheltering or receiving a person)."),
    Element.MEANS: N_("No evidence shows the means (threat, force, deceit, abuse of power or of a weak position)."),
    Element.PURPOSE: N_("No evidence shows the purpose (exploitation)."),
}


def check(facts: CaseFacts) -> Finding:
    """Ask for an item that says something for each element; a person under 18 needs no means."""
    shown = {item.element for item in facts.answers.evidence if says_something(item.text, least=policy.EVIDENCE_LEAST)}
    missing = [_missing(element) for element in Element if element in _needed(facts) and element not in shown]
    if missing:
        return as_one(missing)
    reason = (
        N_("Act and purpose are shown; means are not needed, since the person is under 18.")
        if facts.answers.under_18
        else N_("Act, means and purpose are each shown.")
    )
    return Finding(safeguard=IDENTIFIER, effect=Effect.PASS, reason=reason)


def _missing(element: Element) -> Finding:
    return Finding(
        safeguard=IDENTIFIER,
        effect=Effect.BLOCK,
        reason=_MISSING[element],
        way_forward=N_("Quote what you saw, in at least %(least)s letters. If it cannot be shown, the case is not ripe for a listing."),
        field=f"evidence_{element}",
        values={"least": policy.EVIDENCE_LEAST},
    )


def _needed(facts: CaseFacts) -> frozenset[Element]:
    return frozenset(Element) - ({Element.MEANS} if facts.answers.under_18 else set())


_ACT, _MEANS, _PURPOSE = EVIDENCE
_SHORT: Final = Evidence(element=Element.MEANS, text="force", source=EvidenceSource.PAGE)

EXAMPLES: Final[tuple[Example, ...]] = (
    ("each element has its item", facts(), Effect.PASS, ""),
    ("V27: a child is offered for sex; no coercion is stated", facts(evidence=(_ACT, _PURPOSE), under_18=True), Effect.PASS, ""),
    ("the same advert for adults is not enough", facts(evidence=(_ACT, _PURPOSE)), Effect.BLOCK, "evidence_means"),
    ("no evidence at all", facts(evidence=()), Effect.BLOCK, "evidence_act"),
    ("under 18 the purpose must still be shown", facts(evidence=(_ACT,), under_18=True), Effect.BLOCK, "evidence_purpose"),
    ("one word shows nothing", facts(evidence=(_ACT, _SHORT, _PURPOSE)), Effect.BLOCK, "evidence_means"),
    ("three items for one element leave two open", facts(evidence=(_ACT, _ACT, _ACT)), Effect.BLOCK, "evidence_means"),
)
