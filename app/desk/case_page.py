"""One case: evidence beside decision. Shows what the view allows this person, and gives back what was typed; decides nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from flask import Response, make_response, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.audience import audience
from app.database import request_session, transaction
from app.desk import desk, forms, kept, opening, words
from app.desk.frame import REVIEWERS, acting
from app.indicators import CHECKLIST, About
from moderation import policy, queue, resources, reviewing, states
from moderation.reviewing import CaseView
from moderation.safeguards import SAFEGUARDS
from moderation.vocabulary import (
    REJECTIONS,
    ChildMaterial,
    Conflict,
    Effect,
    Element,
    EmergencyReason,
    EvidenceSource,
    Finding,
    Outcome,
    Presence,
    Protection,
    Role,
    Scope,
    TakeoverReason,
    WeakCue,
)

OUTSIDE = ("referral", "notice")
"""What is done in another form, and only told of in this one."""

FIELDS = (
    *OUTSIDE,
    *(f"{forms.EXPLAINED}{identifier}" for identifier in SAFEGUARDS),
    *("still_there", "target", "narrower_page", "narrower_path", "narrower_host", "sample_pages", "sample_unrelated"),
    *("provision", "territories", "evidence_act", "evidence_means", "evidence_purpose", "facilitation", "adult_service"),
    *("shows_a_person", "child_material", "protected_as", "hacked", "lifeline", "conflict", "conflict_note"),
    *("statement_facts", "statement_legal_ground", "statement_explanation", "expires_after", "review_after"),
    "sent_none_of_the_reports",
)
"""The assessment's fields as the page orders them: what is wrong is told in that order.

First what stands outside the form and must be done before it: a referral and a notice."""

CHOSEN = frozenset(
    {
        *("still_there", "sample_pages", "sample_unrelated", "adult_service", "shows_a_person", "child_material", "protected_as"),
        *("hacked", "conflict", "expires_after", "review_after", "sent_none_of_the_reports"),
    }
)
WRITTEN = frozenset({*FIELDS, "note", "note_text", "question", *forms.TYPED_WHEN_CLOSING}) - CHOSEN - frozenset(OUTSIDE)
"""Fields whose loss would cost somebody work."""

LAW_LAST_NAMED = "law"
"""Where this browser's session keeps the provision and the territories of the last proposal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with one field, said beside it. A safeguard's has its number, question and source."""

    text: str
    way_forward: str = ""
    safeguard: str = ""
    question: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What somebody just sent and could not be taken: which form, what was typed, why not."""

    form: str
    typed: Mapping[str, str]
    faults: Mapping[str, str]
    findings: tuple[Finding, ...] = ()
    refusal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revealed:
    """What is sealed of one resource, opened for this one page; `told` is None where the desk's key does not open it."""

    kind: str
    told: Mapping[str, str] | None


@desk.get("/cases/<uuid:reference>")
@audience(*REVIEWERS)
def case(reference: UUID) -> ResponseReturnValue:
    """The case as this person may see it. Opening it again is work on it, so it lengthens the holder's lease."""
    with transaction() as database:
        queue.extend(database, reference, by=acting(), at=clock.now())
    return shown(reference)


def shown(reference: UUID, *, attempt: Attempt | None = None, revealed: tuple[Revealed, ...] = (), status: int = 200) -> Response:
    """The case page, with an attempt that failed put back into its form, or with what was just `revealed`."""
    page = forms.page_number(request.args, "history")
    view = reviewing.view(request_session(), reference, by=acting(), at=clock.now(), history_page=page)
    reports = tuple(opening.opened(report, by_holder=view.is_mine) for report in view.reports)
    told = {"reports": reports, "near": opening.near(view, reports) if view.sealed is None else (), "revealed": revealed}
    response = make_response(render_template("desk/case.html", **_context(view, attempt), **told, history_page=page))
    response.status_code = status
    return response


def remember_law(provision: str, territories: Iterable[str]) -> None:
    """Offer the same law at the next case: most of a desk's cases fall under one."""
    session[LAW_LAST_NAMED] = [provision, " ".join(territories)]


def _context(view: CaseView, attempt: Attempt | None) -> dict[str, Any]:
    problems = _problems(view, attempt)
    return {
        "view": view,
        "attempt": attempt,
        "findings": attempt.findings if attempt else view.refused.findings if _taken_up(view) and view.refused else (),
        "values": _values(view, attempt),
        "problems": problems,
        "closing": attempt.typed if attempt and attempt.form == "closing" else {},
        "closing_problems": problems if attempt and attempt.form == "closing" else {},
        "notice": attempt.typed if attempt and attempt.form == "notice" else {},
        "notice_problems": problems if attempt and attempt.form == "notice" else {},
        "question": attempt.typed if attempt and attempt.form == "question" else {},
        "question_problems": problems if attempt and attempt.form == "question" else {},
        "teamwork": attempt.typed if attempt and attempt.form == "teamwork" else {},
        "teamwork_problems": problems if attempt and attempt.form == "teamwork" else {},
        "once": (attempt.typed.get("once") if attempt and attempt.form == "question" else None) or str(uuid4()),
        "newest_unread": _newest_unread(view),
        "may_ask": _may_ask(view),
        "assessing": _taken_up(view) or (attempt is not None and attempt.form == "answers"),
        "answer_problems": problems if attempt is None or attempt.form == "answers" else {},
        "kept": _kept(view, attempt),
        "rungs": _rungs(view),
        "kind_told": resources.KINDS[view.resource.kind].TOLD if view.resource.kind in resources.KINDS else "",
        "narrower_scopes": tuple(scope for scope in forms.NARROWER if scope in view.resource.scopes[:-1] or _repeats(view, scope)),
        "elements": tuple(Element),
        "sources": tuple(EvidenceSource),
        "conflicts": tuple(Conflict),
        "presences": tuple(Presence),
        "cues": tuple(WeakCue),
        "child_materials": tuple(ChildMaterial),
        "protections": tuple(Protection),
        "answered_by": forms.EXPLAINED,
        "checklist": CHECKLIST,
        "subjects": tuple(About),
        "ticked": any(name.startswith(forms.INDICATOR) for name in _values(view, attempt)),
        "warned": _warned(view, attempt, problems),
        "rejections": REJECTIONS,
        "reasons": tuple(EmergencyReason),
        **_holding(view),
        "parked": view.state in states.PARKED,
        "standing": reviewing.standing(request_session(), view.reference, hidden=view.kept_from, at=clock.now()),
        **_attempts(attempt, problems),
        "policy": policy,
        "latest": lambda outcome: reviewing.latest(Outcome(outcome), danger_now=view.danger_now),
    }


def _holding(view: CaseView) -> dict[str, Any]:
    """What the page says of who holds the case: whether a senior may take it over, and whether it was taken from its reader."""
    by, now = acting(), clock.now()
    is_held = view.lease_until is not None and view.lease_until > now and not view.is_mine
    taken = queue.taken_from(request_session(), by=by, at=now) if not view.is_mine else ()
    return {
        "may_take_over": is_held and view.may_act and by.role is Role.SENIOR,
        "takeover_reasons": tuple(TakeoverReason),
        "taken": next((one for one in taken if one.case == view.reference), None),
    }


def _attempts(attempt: Attempt | None, problems: Mapping[str, list[Problem]]) -> dict[str, Any]:
    """What was typed into one of the small forms, and what is wrong with it."""
    told: dict[str, Any] = {}
    for form in ("keeping", "narrowing", "look", "receipt"):
        tried = attempt is not None and attempt.form == form
        told |= {form: attempt.typed if attempt and tried else {}, f"{form}_problems": problems if tried else {}}
    return told


def _values(view: CaseView, attempt: Attempt | None) -> Mapping[str, str]:
    if attempt and attempt.form == "answers":
        return attempt.typed
    if view.refused and _taken_up(view):
        return forms.written(view.refused.answers)
    provision, territories = session.get(LAW_LAST_NAMED, ("", ""))
    return forms.unwritten(view.resource.ladder, provision=provision, territories=territories)


def _warned(view: CaseView, attempt: Attempt | None, problems: Mapping[str, list[Problem]]) -> tuple[str, ...]:
    """Fields for answers to warnings: those that a check asks for now, and those that were answered before."""
    values = _values(view, attempt)
    return tuple(field for field in FIELDS if field.startswith(forms.EXPLAINED) and (field in problems or values.get(field)))


def _taken_up(view: CaseView) -> bool:
    """Whether a refused attempt is still this person's to complete."""
    return view.refused is not None and view.may_act and view.is_mine


def _problems(view: CaseView, attempt: Attempt | None) -> dict[str, list[Problem]]:
    found: dict[str, list[Problem]] = {}
    for field, sentence in (attempt.faults if attempt else {}).items():
        found.setdefault(field, []).append(Problem(text=_(sentence)))
    findings = attempt.findings if attempt else view.refused.findings if _taken_up(view) and view.refused else ()
    for finding in findings:
        if finding.effect is Effect.BLOCK:
            found.setdefault(finding.field, []).append(_problem(finding))
    return dict(sorted(found.items(), key=lambda item: FIELDS.index(item[0]) if item[0] in FIELDS else len(FIELDS)))


def _kept(view: CaseView, attempt: Attempt | None) -> tuple[tuple[str, str], ...]:
    """What was typed, to copy, where this person no longer has a form to put it back into."""
    has_form = _may_ask(view) if attempt and attempt.form == "question" else view.may_act and view.is_mine
    if attempt is None or attempt.form in ("notice", "teamwork", "receipt") or has_form:
        return ()
    return tuple((kept.name(field), text) for field, text in attempt.typed.items() if field in WRITTEN and text.strip())


def _problem(finding: Finding) -> Problem:
    module = words.safeguard(finding)
    return Problem(
        text=words.said(finding.reason, finding.values),
        way_forward=words.said(finding.way_forward, finding.values),
        safeguard=finding.safeguard,
        question=_(module.QUESTION) if module else "",
        source=module.SOURCE if module else "",
    )


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
