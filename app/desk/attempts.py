"""What somebody sent for a case and could not be taken: what was typed, and what is wrong with it beside which field. Decides nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from app.desk import forms, kept, words
from moderation.reviewing import CaseView
from moderation.safeguards import SAFEGUARDS
from moderation.vocabulary import Effect, Element, Finding

OUTSIDE = ("referral", "notice")
"""What is done in another form, and only told of in this one."""

FIELDS = (
    *OUTSIDE,
    *(f"{forms.EXPLAINED}{identifier}" for identifier in SAFEGUARDS),
    *("still_there", "target", "narrower_page", "narrower_path", "narrower_host", "sample_pages", "sample_unrelated"),
    *("provision", "territories"),
    *(f"evidence_{element}{part}" for element in Element for part in ("", "_source", "_cue")),
    *("facilitation", "adult_service"),
    *("shows_a_person", "child_material", "protected_as", "hacked", "lifeline", "conflict", "conflict_note"),
    *("statement_facts", "statement_legal_ground", "statement_explanation", "expires_after", "review_after"),
    "sent_none_of_the_reports",
)
"""The assessment's fields as the page orders them: what is wrong is told in that order.

First what stands outside the form and must be done before it: a referral and a notice."""

FIELDS_ELSEWHERE = (
    *("outcome", "refer_child_material"),
    *("takedown_recipient", "takedown_asked", "takedown_back_at", "takedown_proof", "takedown_sent_at"),
    *("refer_recipient", "refer_country", "refer_reference", "refer_passed_on", "refer_at", "refer_hold_until"),
    *("misuse", "duplicate_of", "monitor_back_at", "evidence_where", "evidence_back_at"),
    *("note", "keep_note", "keep_days", "sent_none_of_the_reports"),
    *("because", "narrow_to", "narrow_because", "receipt_of", "receipt_reference", "receipt_at"),
    *("presence", "redirects_to", "look_note", "report", "question", "recipient", "proof", "sent_at"),
    *("note_text", "colleague", "because_taken", "because_aside"),
)
"""The fields of the other forms, those of each form in the order in which it asks."""

CHOSEN = frozenset(
    {
        *("still_there", "sample_pages", "sample_unrelated", "adult_service", "shows_a_person", "child_material", "protected_as"),
        *("target", "hacked", "conflict", "expires_after", "review_after", "sent_none_of_the_reports"),
        *(f"evidence_{element}{part}" for element in Element for part in ("_source", "_cue")),
    }
)
WRITTEN = frozenset({*FIELDS, "note", "note_text", "question", *forms.TYPED_WHEN_CLOSING}) - CHOSEN - frozenset(OUTSIDE)
"""Fields whose loss would cost somebody work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with one field, said beside it. A safeguard's has its number, question and source."""

    text: str
    way_forward: str = ""
    safeguard: str = ""
    question: str = ""
    source: str = ""
    """What was published, by its name: that stays as it is in every language."""
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What somebody just sent and could not be taken: which form, what was typed, why not."""

    form: str
    typed: Mapping[str, str]
    faults: Mapping[str, str]
    findings: tuple[Finding, ...] = ()
    refusal: str = ""
    is_kept: bool = False
    """Whether what was typed is stored, and waits in the form when the page is opened again."""


def taken_up(view: CaseView) -> bool:
    """Whether a refused attempt is still this person's to complete."""
    return view.refused is not None and view.may_act and view.is_mine


def findings(view: CaseView, attempt: Attempt | None) -> tuple[Finding, ...]:
    """What the safeguards said to this attempt, or to the last one that is still to be completed."""
    if attempt:
        return attempt.findings
    return view.refused.findings if view.refused and taken_up(view) else ()


def problems(view: CaseView, attempt: Attempt | None) -> dict[str, list[Problem]]:
    """What is wrong, by field, in the page's order."""
    found: dict[str, list[Problem]] = {}
    for field, sentence in (attempt.faults if attempt else {}).items():
        found.setdefault(field, []).append(Problem(text=_(sentence)))
    unread = frozenset(found)
    for finding in findings(view, attempt):
        # Of a field that could not be read no check knows anything; and what several checks miss is told once.
        if finding.effect is Effect.BLOCK and finding.field not in unread:
            problems_there = found.setdefault(finding.field, [])
            if all(words.said(finding.reason, finding.values) != problem.text for problem in problems_there):
                problems_there.append(_problem(finding))
    order = FIELDS if attempt is None or attempt.form == "answers" else FIELDS_ELSEWHERE
    return dict(sorted(found.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order)))


def to_copy(attempt: Attempt | None, *, has_form: bool) -> tuple[tuple[str, str], ...]:
    """What was typed, with its fields' names, where its form gives it back no more: `has_form` tells of the form for it on this page."""
    if attempt is None or attempt.form in ("notice", "teamwork", "receipt", "delisting") or has_form:
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
        remark=_(getattr(module, "REMARK", "")) if getattr(module, "REMARK", "") else "",
    )
