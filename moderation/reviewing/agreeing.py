"""What the seats of a round have in common. Pure: reads what they stored, writes nothing."""

from collections.abc import Sequence

from moderation import safeguards
from moderation.errors import InvalidAnswer
from moderation.listings import Terms
from moderation.models import Assessment
from moderation.reviewing import papers
from moderation.vocabulary import N_, Answers, Finding, Outcome, Scope, Target


def agreed(seats: Sequence[Assessment]) -> Terms | None:
    """The narrowest target, the shortest times, the shared territories (None where there are none).

    Where one seat would list for a week only, that is what they have in common.
    """
    answers = [papers.answers_from_json(seat.answers) for seat in seats]
    shared = set.intersection(*(set(one.territories) for one in answers))
    if not shared:
        return None
    return Terms(
        target=min((target_of(one) for one in answers), key=narrowness),
        territories=tuple(sorted(shared)),
        # A wider seat's shorter limit binds too, so the least is within policy for the narrowest target.
        expires_after=min(one.expires_after for one in answers if one.expires_after is not None),
        review_after=min(one.review_after for one in answers if one.review_after is not None),
        temporary=any(seat.outcome == Outcome.LIST_TEMPORARY for seat in seats),
    )


def narrowness(target: Target) -> tuple[int, int]:
    """Sorts the targets of one resource's ladder, narrowest first: of two paths the longer covers less."""
    return target.scope.width, -len(target.text) if target.scope is Scope.PATH else 0


def need_third(seats: Sequence[Assessment], terms: Terms) -> bool:
    """Whether a third seat must agree: the scope or a finding asks for it, or one of the seats does."""
    return any(
        asks_for_third(papers.findings_from_json(seat.findings), papers.answers_from_json(seat.answers), terms.target) for seat in seats
    )


def asks_for_third(findings: Sequence[Finding], answers: Answers, target: Target) -> bool:
    """Whether one seat's findings, its target or its own wish ask for a third."""
    return answers.wants_third or safeguards.needs_third(findings, target)


def target_of(answers: Answers) -> Target:
    """The target that a seat named.

    Raises:
        InvalidAnswer: it named none.
    """
    if answers.target is None:
        raise InvalidAnswer({"target": N_("Choose how much to list.")})
    return answers.target
