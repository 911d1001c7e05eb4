"""RS24: nothing stays listed because nobody looked. Must not choose the days; it holds them within policy."""

from datetime import timedelta
from typing import Any, Final

from moderation import policy
from moderation.safeguards._example import DOMAIN, HOST, PATH, Example, facts
from moderation.safeguards._reach import target_missing
from moderation.safeguards._several import as_one
from moderation.vocabulary import N_, CaseFacts, Effect, Finding, Scope

IDENTIFIER: Final = "RS24"
QUESTION: Final = N_("Are expiry and re-review set?")
SOURCE: Final = "ECHR, Bulgakov v. Russia (2020)"
REMARK: Final = N_("The days are this project’s own.")
REQUIRED: Final = True

_DAY: Final = timedelta(days=1)
_NONE: Final = timedelta(0)
_WAY_FORWARD: Final = {
    "expires_after": N_("Choose an end within %(days)s days. A listing that is still needed then can be decided anew."),
    "review_after": N_("Choose a re-review within %(days)s days."),
}


def check(facts: CaseFacts) -> Finding:
    """Ask for both dates, in order and no later than the scope allows."""
    answers = facts.answers
    if answers.target is None:
        return target_missing(IDENTIFIER)
    expiry, review = answers.expires_after or _NONE, answers.review_after or _NONE
    too_long = _expiry_fault(expiry, answers.target.scope)
    # An end that cannot be is nothing to measure the re-review by.
    until = policy.LISTING_LIFETIME[answers.target.scope] if too_long else expiry
    found = [fault for fault in (too_long, _review_fault(review, until, answers.target.scope)) if fault is not None]
    if found:
        return as_one(found)
    return Finding(
        safeguard=IDENTIFIER,
        effect=Effect.PASS,
        reason=N_("Re-review after %(review)s days, end after %(expiry)s days."),
        values={"review": review // _DAY, "expiry": expiry // _DAY},
    )


def _expiry_fault(expiry: timedelta, scope: Scope) -> Finding | None:
    limit = policy.LISTING_LIFETIME[scope]
    if expiry <= _NONE:
        return _block(N_("The listing has no end."), "expires_after", limit)
    if expiry > limit:
        return _block(N_("The listing would last too long for its scope."), "expires_after", limit)
    return None


def _review_fault(review: timedelta, expiry: timedelta, scope: Scope) -> Finding | None:
    limit = min(expiry, policy.REVIEW_AFTER[scope])
    if review <= _NONE:
        return _block(N_("No re-review is set."), "review_after", limit)
    if review > expiry:
        return _block(N_("The re-review would come after the end."), "review_after", limit)
    if review > limit:
        return _block(N_("The re-review would come too late for this scope."), "review_after", limit)
    return None


def _block(reason: str, field: str, limit: timedelta) -> Finding:
    return Finding(
        safeguard=IDENTIFIER,
        effect=Effect.BLOCK,
        reason=reason,
        way_forward=_WAY_FORWARD[field],
        field=field,
        values={"days": limit // _DAY},
    )


def _days(expiry: int, review: int, **changes: Any) -> CaseFacts:  # noqa: ANN401
    return facts(expires_after=timedelta(days=expiry), review_after=timedelta(days=review), **changes)


EXAMPLES: Final[tuple[Example, ...]] = (
    ("a page as long as may be", _days(180, 90), Effect.PASS, ""),
    ("a path as long as may be", _days(180, 90, target=PATH), Effect.PASS, ""),
    ("a domain as long as may be", _days(90, 60, target=DOMAIN), Effect.PASS, ""),
    ("a re-review on the last day", _days(14, 14), Effect.PASS, ""),
    ("no end", facts(expires_after=None), Effect.BLOCK, "expires_after"),
    ("an end at once", _days(0, 0), Effect.BLOCK, "expires_after"),
    ("an end in the past", _days(-1, -1), Effect.BLOCK, "expires_after"),
    ("a page for a day too long", _days(181, 90), Effect.BLOCK, "expires_after"),
    ("a host for as long as a page", _days(180, 60, target=HOST), Effect.BLOCK, "expires_after"),
    ("no re-review", facts(review_after=None), Effect.BLOCK, "review_after"),
    ("a re-review at once", _days(60, 0), Effect.BLOCK, "review_after"),
    ("a re-review after the end", _days(30, 31), Effect.BLOCK, "review_after"),
    ("a page re-reviewed a day too late", _days(180, 91), Effect.BLOCK, "review_after"),
    ("a host re-reviewed as late as a page", _days(90, 61, target=HOST), Effect.BLOCK, "review_after"),
    ("no target is chosen", facts(target=None), Effect.BLOCK, "target"),
)
