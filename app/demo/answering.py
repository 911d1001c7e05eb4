"""What a careful moderator would write in a demo case. The provisions are invented: a demonstration must not teach anyone a law."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from app.demo.stories import Fate, Story
from moderation import policy
from moderation.vocabulary import (
    Answers,
    Category,
    Element,
    Evidence,
    EvidenceSource,
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
PURPOSES = {
    Category.SEXUAL: "Messages show that another person takes everything that is earned.",
    Category.LABOUR: "They work sixteen hours a day and are not paid.",
    Category.CHILD: "The text names a price for a child.",
    Category.MOVED: "People are held until their families pay, or are handed on.",
    Category.UNSURE: "People are held and made to work.",
}


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


def answers_for(story: Story, target: Target, **changes: Any) -> Answers:  # noqa: ANN401 - any field of Answers
    """Answers that pass every safeguard where the facts allow it."""
    short = story.fate is Fate.EXPIRED
    lifetime = timedelta(days=10) if short else policy.LISTING_LIFETIME[target.scope]
    review = timedelta(days=5) if short else policy.REVIEW_AFTER[target.scope]
    return replace(_careful(story.category, target, lifetime=lifetime, review=review), **changes)


def careful_answers(category: Category, target: Target) -> Answers:
    """As `answers_for`, for what has no story."""
    return _careful(category, target, lifetime=policy.LISTING_LIFETIME[target.scope], review=policy.REVIEW_AFTER[target.scope])


def _careful(category: Category, target: Target, *, lifetime: timedelta, review: timedelta) -> Answers:
    return Answers(
        target=target,
        territories=("FR", "BE", "DE"),
        provision="Demonstration Code, article 4 (recruiting by deceit)",
        under_18=category is Category.CHILD,
        evidence=(
            Evidence(element=Element.ACT, text=ACTS[category], source=EvidenceSource.PAGE, first_hand=True),
            Evidence(element=Element.MEANS, text="Passports are taken on arrival and a debt is invented.", source=EvidenceSource.REPORT),
            Evidence(element=Element.PURPOSE, text=PURPOSES[category], source=EvidenceSource.PARTNER),
        ),
        narrower_tried={
            "page": "The same offer stands on every page, and pages change their names each day.",
            "path": "The folders are renamed each week; what they hold stays the same.",
            "host": "The offer moves between the names of this one domain.",
        },
        lifeline="Nobody finds help or safe work through it; a support line was told and looks for the people it names.",
        statement=Statement(
            facts="The page recruits people whose papers are then taken and who cannot leave.",
            legal_ground="Recruiting by deceit for forced labour or exploitation.",
            explanation="The page is the way in. It is listed so that nobody else answers it while the host looks into it.",
        ),
        expires_after=lifetime,
        review_after=review,
        sent_none_of_the_reports=True,
    )
