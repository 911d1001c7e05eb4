"""Finds the rights safeguards and runs them all on the facts of a case. Decides nothing itself: an effect is what a check says."""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import ModuleType
from typing import Final

from moderation import policy
from moderation.errors import BrokenPlugin
from moderation.plugins import by_identifier, discover
from moderation.safeguards._child import SUSPECTED
from moderation.safeguards._conflict import OWN_INTEREST as OWN_INTEREST
from moderation.safeguards._protections import PROTECTIONS as PROTECTIONS
from moderation.safeguards._saying import says_something
from moderation.vocabulary import N_, CaseFacts, Effect, Finding, Target

CONTRACT: Final = ("IDENTIFIER", "QUESTION", "SOURCE", "REQUIRED", "check")

SUSPECTED_CHILD: Final = SUSPECTED
"""The finding where sexual images of a child are suspected: nothing else needs asking then."""

REQUIRED_IDENTIFIERS: Final = frozenset(f"RS{number:02}" for number in range(1, 25))
"""Without each of these the application does not start: a safeguard nobody misses is one that nobody has."""


def registry(package: ModuleType) -> Mapping[str, ModuleType]:
    """Map identifier to safeguard, in order of identifier.

    Raises:
        BrokenPlugin: a safeguard breaks the contract, or a required one is missing or says that it is optional.
    """
    found = by_identifier(discover(package, required=CONTRACT), lambda module: str(module.IDENTIFIER))
    missing = sorted(REQUIRED_IDENTIFIERS - found.keys())
    if missing:
        raise BrokenPlugin(f"{package.__name__} lacks the required safeguards {', '.join(missing)}.")
    optional = sorted(identifier for identifier in REQUIRED_IDENTIFIERS if not found[identifier].REQUIRED)
    if optional:
        raise BrokenPlugin(f"{', '.join(optional)} in {package.__name__} must be required.")
    return dict(sorted(found.items()))


def run(facts: CaseFacts, *, safeguards: Iterable[ModuleType] | None = None) -> tuple[Finding, ...]:
    """Ask every safeguard, in order of identifier; one that cannot answer refuses the decision.

    Of all of them together, a warning refuses too until it is answered in writing; the few that look at facts alone only warn.
    """
    if safeguards is not None:
        return tuple(finding for module in safeguards for finding in _ask(module, facts))
    return tuple(_answered(finding, facts) for module in SAFEGUARDS.values() for finding in _ask(module, facts))


def blocks(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that refuse the decision."""
    return tuple(finding for finding in findings if finding.effect is Effect.BLOCK)


def needs_third(findings: Iterable[Finding], target: Target | None) -> bool:
    """Whether a third, senior seat must agree: for every whole name, and wherever a finding asks for it."""
    return (target is not None and target.scope.is_wide) or any(finding.effect is Effect.THIRD for finding in findings)


def explained(facts: CaseFacts, identifier: str) -> bool:
    """Whether the finding of this safeguard is answered in writing."""
    return says_something(facts.answers.explained.get(identifier, ""), least=policy.ANSWER_LEAST)


def _answered(finding: Finding, facts: CaseFacts) -> Finding:
    if finding.effect is not Effect.WARN or explained(facts, finding.safeguard):
        return finding
    return replace(finding, effect=Effect.BLOCK, field=f"explained_{finding.safeguard}")


def _ask(module: ModuleType, facts: CaseFacts) -> tuple[Finding, ...]:
    """All that one check finds, at each field.

    A check that breaks must not open the way to a listing, nor lose what the moderator wrote: it refuses, and says what broke.
    """
    try:
        finding: Finding = module.check(facts)
        # An effect that is none, or a finding that is none, would refuse nothing.
        return tuple(replace(one, effect=Effect(one.effect), more=()) for one in (finding, *finding.more))
    except Exception as fault:
        broken = Finding(
            safeguard=str(module.IDENTIFIER),
            effect=Effect.BLOCK,
            reason=N_("This check could not be made, so nothing can be listed (fault: %(fault)s)."),
            way_forward=N_("Keep what you wrote, leave the case open and tell the operator the number of this check and the fault."),
            values={"fault": type(fault).__name__},
        )
        return (broken,)


SAFEGUARDS: Final = registry(sys.modules[__name__])

FROM_FACTS: Final = tuple(module for module in SAFEGUARDS.values() if getattr(module, "FROM_FACTS", False))
"""The safeguards that need no answers: what they say can stand beside each step of the ladder before anyone writes a word."""
