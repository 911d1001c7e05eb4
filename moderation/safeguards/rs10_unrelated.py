"""RS10: what would be listed along with it is looked at first. Must not look itself: a moderator counts, and this reads the count."""

from typing import Any, Final

from moderation import policy
from moderation.safeguards._example import DOMAIN, HOST, PAGE, PATH, Example, facts
from moderation.safeguards._reach import target_missing
from moderation.safeguards._several import as_one
from moderation.vocabulary import N_, CaseFacts, Effect, Finding, Scope

IDENTIFIER: Final = "RS10"
QUESTION: Final = N_("Are there unrelated pages inside the scope?")
SOURCE: Final = "ECHR, Vladimir Kharitonov v. Russia (2020)"
REMARK: Final = N_("The numbers are this project’s own.")
REQUIRED: Final = True

_LOOK: Final = N_(
    "Look at %(least)s pages of it at least, or at all there are and say so, and count those that have nothing to do with this."
)


def check(facts: CaseFacts) -> Finding:
    """Ask for a sample of a path or name; some unrelated pages need a senior, many make it too wide."""
    target, answers = facts.target, facts.answers
    if target is None:
        return target_missing(IDENTIFIER)
    if target.scope is Scope.PAGE:
        return Finding(safeguard=IDENTIFIER, effect=Effect.PASS, reason=N_("One page would be listed and no other."))
    found = _faults(answers.sample_pages, answers.sample_unrelated, is_all=answers.sample_is_all)
    if found:
        return as_one(found)
    return _found(answers.sample_pages or 0, answers.sample_unrelated or 0)


def _faults(pages: int | None, unrelated: int | None, *, is_all: bool) -> list[Finding]:
    """What is missing or cannot be in the two numbers."""
    return [fault for fault in (_of_pages(pages, is_all=is_all), _of_unrelated(pages, unrelated)) if fault is not None]


def _of_pages(pages: int | None, *, is_all: bool) -> Finding | None:
    if pages is None or pages <= 0:
        return _finding(Effect.BLOCK, N_("Nobody has looked at what else this would hit."), _LOOK, "sample_pages")
    if pages < policy.SAMPLE_LEAST and not is_all:
        return _finding(Effect.BLOCK, N_("Only %(pages)s pages were looked at, and there are more."), _LOOK, "sample_pages", pages=pages)
    return None


def _of_unrelated(pages: int | None, unrelated: int | None) -> Finding | None:
    if unrelated is None or unrelated < 0:
        return _finding(Effect.BLOCK, N_("It is not said how many of the pages are unrelated."), _LOOK, "sample_unrelated")
    if pages is not None and unrelated > pages > 0:
        return _finding(
            Effect.BLOCK,
            N_("%(unrelated)s of %(pages)s pages cannot be unrelated."),
            N_("Count again: the second number is a part of the first."),
            "sample_unrelated",
            pages=pages,
            unrelated=unrelated,
        )
    return None


def _found(pages: int, unrelated: int) -> Finding:
    counted = {"pages": pages, "unrelated": unrelated}
    if unrelated == 0:
        return Finding(safeguard=IDENTIFIER, effect=Effect.PASS, reason=N_("None of %(pages)s pages is unrelated."), values=counted)
    if unrelated / pages >= policy.SAMPLE_UNRELATED_MOST:
        return _finding(
            Effect.BLOCK,
            N_("%(unrelated)s of %(pages)s pages are unrelated: this would hit people who have nothing to do with it."),
            N_("List the page or the pages instead, each by its own case, or a narrower path."),
            "target",
            **counted,
        )
    return _finding(
        Effect.THIRD,
        N_("%(unrelated)s of %(pages)s pages are unrelated."),
        N_("A senior must agree. Listing the pages one by one would need none."),
        "sample_unrelated",
        **counted,
    )


def _finding(effect: Effect, reason: str, way_forward: str, field: str, **values: int) -> Finding:
    values = {**values, "least": policy.SAMPLE_LEAST}
    return Finding(safeguard=IDENTIFIER, effect=effect, reason=reason, way_forward=way_forward, field=field, values=values)


def _sample(pages: int | None, unrelated: int | None, **changes: Any) -> CaseFacts:  # noqa: ANN401
    return facts(**{"target": PATH, **changes}, sample_pages=pages, sample_unrelated=unrelated)


EXAMPLES: Final[tuple[Example, ...]] = (
    ("V01: one page, and no sample", _sample(None, None, target=PAGE), Effect.PASS, ""),
    ("V02: every page under the path recruits", _sample(20, 0), Effect.PASS, ""),
    ("a path, and nobody looked", _sample(None, None), Effect.BLOCK, "sample_pages"),
    ("a host, and nobody looked", _sample(None, None, target=HOST), Effect.BLOCK, "sample_pages"),
    ("a domain, and nobody looked", _sample(None, None, target=DOMAIN), Effect.BLOCK, "sample_pages"),
    ("nineteen pages of a large site", _sample(19, 0), Effect.BLOCK, "sample_pages"),
    ("the three pages that there are", _sample(3, 0, sample_is_all=True), Effect.PASS, ""),
    ("one unrelated page of the three that there are", _sample(3, 1, sample_is_all=True), Effect.BLOCK, "target"),
    ("no page at all is no sample", _sample(0, 0, sample_is_all=True), Effect.BLOCK, "sample_pages"),
    ("fewer pages than none", _sample(-20, 0), Effect.BLOCK, "sample_pages"),
    ("the unrelated were not counted", _sample(20, None), Effect.BLOCK, "sample_unrelated"),
    ("more unrelated pages than pages", _sample(20, 21), Effect.BLOCK, "sample_unrelated"),
    ("fewer unrelated pages than none", _sample(20, -1), Effect.BLOCK, "sample_unrelated"),
    ("one page in twenty is unrelated", _sample(20, 1), Effect.THIRD, "sample_unrelated"),
    ("one page in twenty of a domain", _sample(20, 1, target=DOMAIN), Effect.THIRD, "sample_unrelated"),
    ("two pages in twenty are a tenth", _sample(20, 2), Effect.BLOCK, "target"),
    ("nine pages in a hundred", _sample(100, 9), Effect.THIRD, "sample_unrelated"),
    ("half of the list leaked in 2009 was unrelated", _sample(20, 10, target=DOMAIN), Effect.BLOCK, "target"),
    ("no target is chosen", facts(target=None), Effect.BLOCK, "target"),
)
