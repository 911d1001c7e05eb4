"""What the case page's templates are given, from what the view allows this person. Shows; decides nothing."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from flask import session

from app import clock
from app.database import request_session
from app.desk import attempts, forms
from app.desk.attempts import Attempt, Problem
from app.desk.frame import acting
from app.indicators import CHECKLIST, About
from moderation import policy, queue, resources, reviewing, states
from moderation.reviewing import CaseView
from moderation.vocabulary import (
    REJECTIONS,
    ChildMaterial,
    Conflict,
    Effect,
    Element,
    EmergencyReason,
    EvidenceSource,
    Outcome,
    Presence,
    Protection,
    Role,
    Scope,
    TakeoverReason,
    WeakCue,
)

LAW_LAST_NAMED = "law"
"""Where this browser's session keeps the provision and the territories of the last proposal."""

SMALL_FORMS = ("closing", "notice", "question", "teamwork", "keeping", "narrowing", "delisting", "look", "receipt")
"""The forms beside the assessment's, each given back what was typed into it and what is wrong with that, as `name` and `name_problems`."""

CHOICES: Mapping[str, Any] = {
    "elements": tuple(Element),
    "sources": tuple(EvidenceSource),
    "conflicts": tuple(Conflict),
    "presences": tuple(Presence),
    "cues": tuple(WeakCue),
    "child_materials": tuple(ChildMaterial),
    "protections": tuple(Protection),
    "rejections": REJECTIONS,
    "reasons": tuple(EmergencyReason),
    "takeover_reasons": tuple(TakeoverReason),
    "checklist": CHECKLIST,
    "subjects": tuple(About),
    "answered_by": forms.EXPLAINED,
}
"""What the forms let one choose from, the same for every case."""


def values(view: CaseView, attempt: Attempt | None) -> dict[str, Any]:
    """All of it, by the names that the templates use."""
    problems = attempts.problems(view, attempt)
    has_form = _may_ask(view) if attempt and attempt.form == "question" else view.may_act and view.is_mine
    return {
        "view": view,
        "attempt": attempt,
        "findings": attempts.findings(view, attempt),
        "problems": problems,
        "kept": attempts.to_copy(attempt, has_form=has_form),
        "parked": view.state in states.PARKED,
        "standing": reviewing.standing(request_session(), view.reference, hidden=view.kept_from, at=clock.now()),
        "policy": policy,
        "latest": lambda outcome: reviewing.latest(Outcome(outcome), danger_now=view.danger_now),
        **CHOICES,
        **_assessing(view, attempt, problems),
        **_small_forms(attempt, problems),
        **_asking(view, attempt),
        **_holding(view),
    }


def _assessing(view: CaseView, attempt: Attempt | None, problems: Mapping[str, list[Problem]]) -> dict[str, Any]:
    """The assessment's form: what it holds, what is wrong there, and the steps of the ladder that it offers."""
    is_sent = attempt is not None and attempt.form == "answers"
    written = _written(view, attempt)
    return {
        "values": written,
        "assessing": attempts.taken_up(view) or is_sent,
        "answer_problems": problems if attempt is None or is_sent else {},
        "ticked": any(name.startswith(forms.INDICATOR) for name in written),
        "warned": _warned(written, problems),
        "rungs": _rungs(view),
        "kind_told": resources.KINDS[view.resource.kind].TOLD if view.resource.kind in resources.KINDS else "",
        "narrower_scopes": tuple(scope for scope in forms.NARROWER if scope in view.resource.scopes[:-1] or _repeats(view, scope)),
    }


def _small_forms(attempt: Attempt | None, problems: Mapping[str, list[Problem]]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for form in SMALL_FORMS:
        tried = attempt is not None and attempt.form == form
        told |= {form: attempt.typed if attempt and tried else {}, f"{form}_problems": problems if tried else {}}
    return told


def _asking(view: CaseView, attempt: Attempt | None) -> dict[str, Any]:
    """What the page says of questions to reporters, and where the newest answer is that nobody read yet."""
    sent = attempt.typed.get("once") if attempt and attempt.form == "question" else None
    return {"once": sent or str(uuid4()), "newest_unread": _newest_unread(view), "may_ask": _may_ask(view)}


def _holding(view: CaseView) -> dict[str, Any]:
    """What the page says of who holds the case: whether a senior may take it over, and whether it was taken from its reader."""
    by, now = acting(), clock.now()
    is_held = view.lease_until is not None and view.lease_until > now and not view.is_mine
    taken = queue.taken_from(request_session(), by=by, at=now) if not view.is_mine else ()
    return {
        "may_take_over": is_held and view.may_act and by.role is Role.SENIOR,
        "taken": next((one for one in taken if one.case == view.reference), None),
    }


def _written(view: CaseView, attempt: Attempt | None) -> Mapping[str, str]:
    """What the assessment's form holds: what was just sent, what was refused last, or what an untouched form holds."""
    if attempt and attempt.form == "answers":
        return attempt.typed
    if view.refused and attempts.taken_up(view):
        return forms.written(view.refused.answers)
    provision, territories = session.get(LAW_LAST_NAMED, ("", ""))
    return forms.unwritten(view.resource.ladder, provision=provision, territories=territories)


def _warned(written: Mapping[str, str], problems: Mapping[str, list[Problem]]) -> tuple[str, ...]:
    """Fields for answers to warnings: those that a check asks for now, and those that were answered before."""
    return tuple(field for field in attempts.FIELDS if field.startswith(forms.EXPLAINED) and (field in problems or written.get(field)))


def _may_ask(view: CaseView) -> bool:
    """Whether the page has a form for a question."""
    return view.is_mine and view.state in states.REVIEWABLE and any(report.can_be_asked for report in view.reports)


def _newest_unread(view: CaseView) -> UUID | None:
    """The newest message on the page, where any is new."""
    said = [message for report in view.reports for message in report.messages]
    return max(said, key=lambda one: one.place).reference if any(one.is_new for one in said) else None


def _rungs(view: CaseView) -> list[dict[str, Any]]:
    """Each step with what the facts say of it, the scopes that must then be explained, and the longest times it may have."""
    asked: list[str] = []
    rungs = []
    for rung in view.rungs:
        rungs.append(
            {
                "target": rung.target,
                "value": forms.target_value(rung.target),
                "asks": " ".join(dict.fromkeys([*asked, *([] if rung.target.scope is Scope.PAGE else ["sample"])])),
                "also_reported": rung.also_reported,
                "also_rejected": rung.also_rejected,
                "also_known": rung.also_known,
                "says": tuple(finding for finding in rung.findings if finding.effect is not Effect.PASS),
                "is_refused": any(finding.effect is Effect.BLOCK for finding in rung.findings),
                "expires_after": policy.LISTING_LIFETIME[rung.target.scope].days,
                "review_after": policy.REVIEW_AFTER[rung.target.scope].days,
            }
        )
        asked.append(str(rung.target.scope))
    return rungs


def _repeats(view: CaseView, scope: Scope) -> bool:
    """Of two folders on the ladder the deeper one must be explained, too."""
    return sum(target.scope is scope for target in view.resource.ladder) > 1
