"""What a careful moderator would write in a demo case. The provisions are invented: a demonstration must not teach anyone a law."""

from dataclasses import replace

from app.demo.stories import Fate, Mistake, Story
from moderation import policy
from moderation.vocabulary import (
    Answers,
    Category,
    ChildMaterial,
    Conflict,
    Element,
    Evidence,
    EvidenceSource,
    Presence,
    Resource,
    Scope,
    Statement,
    Target,
)

ACTS = {
    Category.SEXUAL: "The page advertises women by name and place and gives the agent's number.",
    Category.LABOUR: "The page recruits workers; people who answered were driven to the site the same week.",
    Category.CHILD: "The page offers a child and names a meeting place.",
    Category.MOVED: "The page arranges the journey and says who receives people at the other end.",
    Category.UNSURE: "The page recruits people and arranges their journey.",
}
MEANS = "Passports are taken on arrival and a debt is invented."
PURPOSES = {
    Category.SEXUAL: "Messages show that another person takes everything that is earned.",
    Category.LABOUR: "They work sixteen hours a day and are not paid.",
    Category.CHILD: "The text names a price for a child.",
    Category.MOVED: "People are held until their families pay, or are handed on.",
    Category.UNSURE: "People are held and made to work.",
}
NARROWER = {
    Scope.PAGE: "The same offer stands on every page, and pages change their names each day.",
    Scope.PATH: "The folders are renamed each week; what they hold stays the same.",
    Scope.HOST: "The offer moves between the names of this one domain.",
}
LIFELINES = {
    1: "Nobody finds help or safe work through it; a support line was told and looks for the people it names.",
    2: "I found no contact on it that families use to reach anyone. It may come back elsewhere; then we look again.",
    3: "It takes no way of getting help from anyone, and it stops the next person from answering.",
}
TERMS = {
    # Little, where it is to expire by itself; a short time to the next look, where that is to be due.
    Fate.EXPIRED: (1 / 18, 1 / 18),
    Fate.EXPIRING: (5 / 36, 5 / 18),
    Fate.RE_REVIEW: (1 / 2, 1 / 9),
    Fate.KEPT: (1 / 2, 1 / 9),
}
"""Parts of the longest lifetime and of the latest re-review that are chosen; half where none is given."""

OWN_WORDS = {
    2: "I read each report on its own: they tell of papers taken, in different words and from different weeks.",
    3: "The reports agree with what a partner wrote to us before any of them came in.",
}
"""What the second and third seat say of the means: they have not seen what others wrote."""


def target_of(resource: Resource, scope: Scope) -> Target:
    """The narrowest step of this scope on the resource's ladder; a host that is a registrable domain is a domain.

    Raises:
        LookupError: the resource has no such step.
    """
    wanted = {scope, Scope.DOMAIN} if scope is Scope.HOST else {scope}
    for target in resource.ladder:
        if target.scope in wanted:
            return target
    raise LookupError(f"{resource.canonical} cannot be listed at {scope}.")


def answers_for(story: Story, target: Target, *, seat: int) -> Answers:
    """What this seat writes in this story; passes every safeguard where the facts allow it."""
    careful = careful_answers(story.category, target)
    lifetime, review = TERMS.get(story.fate, (1 / 2, 1 / 2))
    means, purpose = careful.evidence[1:]
    evidence = (
        Evidence(element=Element.ACT, text=story.quote or ACTS[story.category], source=EvidenceSource.PAGE, first_hand=seat > 1),
        replace(means, text=OWN_WORDS.get(seat) or story.means or MEANS),
        replace(purpose, text=story.purpose or purpose.text),
    )
    return replace(
        careful,
        evidence=evidence,
        lifeline=LIFELINES[seat],
        conflict=Conflict.GOVERNMENT if story.conflict_note else Conflict.NONE,
        conflict_note=story.conflict_note,
        # The first seat's statement is the one that is used.
        statement=replace(careful.statement, facts=story.facts or careful.statement.facts) if seat == 1 else Statement(),
        expires_after=policy.LISTING_LIFETIME[target.scope] * lifetime,
        review_after=policy.REVIEW_AFTER[target.scope] * review,
    )


def mistaken_answers(story: Story, target: Target) -> Answers:
    """The same, with the mistake that the story tells of."""
    good = answers_for(story, target, seat=1)
    match story.mistake:
        case Mistake.TOO_LITTLE:
            return replace(good, evidence=good.evidence[:1], lifeline="")
        case Mistake.TOO_WIDE:
            return replace(good, narrower_tried={})
        case Mistake.SHOWS_A_PERSON:
            return replace(good, shows_a_person=True)
        case Mistake.OWN_INTEREST:
            return replace(good, conflict=Conflict.MINE, conflict_note=story.note)
        case _:
            return good


def careful_answers(category: Category, target: Target) -> Answers:
    """Answers to what has no story, at the longest times."""
    return Answers(
        target=target,
        territories=("FR", "BE", "DE"),
        provision="Demonstration Code, article 4 (recruiting by deceit)",
        under_18=category is Category.CHILD,
        evidence=(
            Evidence(element=Element.ACT, text=ACTS[category], source=EvidenceSource.PAGE, first_hand=True),
            Evidence(element=Element.MEANS, text=MEANS, source=EvidenceSource.REPORT),
            Evidence(element=Element.PURPOSE, text=PURPOSES[category], source=EvidenceSource.PARTNER),
        ),
        narrower_tried={str(scope): why for scope, why in NARROWER.items() if _may_be_narrower(scope, target)},
        lifeline=LIFELINES[1],
        statement=Statement(
            facts="The page recruits people whose papers are then taken and who cannot leave.",
            legal_ground="Recruiting by deceit for forced labour or exploitation.",
            explanation="The page is the way in. It is listed so that nobody else answers it while the host looks into it.",
        ),
        expires_after=policy.LISTING_LIFETIME[target.scope],
        review_after=policy.REVIEW_AFTER[target.scope],
        conflict=Conflict.NONE,
        sent_none_of_the_reports=True,
        facilitation="“Write to the agent today: papers, travel and a bed are arranged, you pay later.”",
        still_there=Presence.SAME,
        child_material=ChildMaterial.NO,
        sample_pages=policy.SAMPLE_LEAST,
        sample_unrelated=0,
    )


def _may_be_narrower(scope: Scope, target: Target) -> bool:
    """A deeper folder is narrower than a folder."""
    return scope.width < target.scope.width or scope is target.scope is Scope.PATH
