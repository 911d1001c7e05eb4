"""RS19: suspected sexual images of a child go to a hotline, never on the list. Must lead nobody to look, save or describe."""

from typing import Final

from moderation.safeguards._child import SUSPECTED, block
from moderation.safeguards._example import DOMAIN, EVIDENCE, Example, facts
from moderation.vocabulary import N_, CaseFacts, Category, ChildMaterial, Effect, Finding

IDENTIFIER: Final = "RS19"
QUESTION: Final = N_("Are sexual images of a child suspected?")
SOURCE: Final = "IWF; INHOPE"
REQUIRED: Final = True


def check(facts: CaseFacts) -> Finding:
    """Refuse every listing where such images are suspected; ask wherever a child is concerned."""
    answer = facts.answers.child_material
    if answer is ChildMaterial.SUSPECTED:
        return SUSPECTED
    if answer is None and (facts.category is Category.CHILD or facts.answers.under_18):
        return block(
            N_("A child is concerned, and it is not said whether sexual images of a child are suspected."),
            N_("Answer from what the reports say. Do not open anything to find out; if you are not sure, they are suspected."),
        )
    return Finding(
        safeguard=IDENTIFIER,
        effect=Effect.PASS,
        reason=N_("No sexual images of a child are suspected.")
        if answer is ChildMaterial.NO
        else N_("Nothing in this case concerns a child."),
    )


_SUSPECTED: Final = ChildMaterial.SUSPECTED
_ACT, _, _PURPOSE = EVIDENCE

EXAMPLES: Final[tuple[Example, ...]] = (
    ("no child is concerned", facts(child_material=None), Effect.PASS, ""),
    ("V11: the reporter suspects such images", facts(category=Category.CHILD, child_material=_SUSPECTED), Effect.BLOCK, "child_material"),
    ("V11: whatever the reporter ticked", facts(category=Category.UNSURE, child_material=_SUSPECTED), Effect.BLOCK, "child_material"),
    (
        "V11: no page is narrow enough and no answer good enough",
        facts(category=Category.CHILD, child_material=_SUSPECTED, explained={"RS19": "已经向热线报告，仍请列入名单"}),
        Effect.BLOCK,
        "child_material",
    ),
    ("such images on a whole domain", facts(target=DOMAIN, child_material=_SUSPECTED), Effect.BLOCK, "child_material"),
    ("a child, and nobody was asked", facts(category=Category.CHILD, child_material=None), Effect.BLOCK, "child_material"),
    ("a person under 18, and nobody was asked", facts(under_18=True, child_material=None), Effect.BLOCK, "child_material"),
    (
        "V27: text only, a child is offered",
        facts(category=Category.CHILD, under_18=True, child_material=ChildMaterial.NO, evidence=(_ACT, _PURPOSE)),
        Effect.PASS,
        "",
    ),
    ("the second seat suspects what the first did not", facts(seat=2, child_material=_SUSPECTED), Effect.BLOCK, "child_material"),
)
