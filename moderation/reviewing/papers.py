"""Writes answers and findings as JSON for keeping, and reads them back. Judges nothing."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from moderation.vocabulary import (
    Answers,
    ChildMaterial,
    Conflict,
    Effect,
    Element,
    Evidence,
    EvidenceSource,
    Finding,
    Presence,
    Protection,
    Scope,
    Statement,
    Target,
    WeakCue,
)

_PLAIN = (
    "facilitation",
    "adult_service",
    "sample_pages",
    "sample_unrelated",
    "sample_is_all",
    "hacked",
    "shows_a_person",
    "wants_third",
)
"""Answers that JSON holds as they are."""


def answers_as_json(answers: Answers) -> dict[str, Any]:
    """Every field, in types that JSON has; durations in days."""
    return {
        "target": [answers.target.scope, answers.target.text] if answers.target else None,
        "territories": list(answers.territories),
        "provision": answers.provision,
        "under_18": answers.under_18,
        "evidence": [[item.element, item.text, item.source, item.first_hand, item.cue] for item in answers.evidence],
        "narrower_tried": dict(answers.narrower_tried),
        "lifeline": answers.lifeline,
        "conflict": answers.conflict,
        "conflict_note": answers.conflict_note,
        "statement": [answers.statement.facts, answers.statement.legal_ground, answers.statement.explanation],
        "expires_after": _days(answers.expires_after),
        "review_after": _days(answers.review_after),
        "note": answers.note,
        "sent_none_of_the_reports": answers.sent_none_of_the_reports,
        **{name: getattr(answers, name) for name in _PLAIN},
        "still_there": answers.still_there,
        "child_material": answers.child_material,
        "protected_as": answers.protected_as,
        "explained": dict(answers.explained),
        "indicators": list(answers.indicators),
    }


def answers_from_json(kept: Mapping[str, Any]) -> Answers:
    """The answers as they were given."""
    facts, legal_ground, explanation = kept["statement"]
    return Answers(
        target=Target(Scope(kept["target"][0]), kept["target"][1]) if kept["target"] else None,
        territories=tuple(kept["territories"]),
        provision=kept["provision"],
        under_18=kept["under_18"],
        evidence=tuple(
            Evidence(element=Element(element), text=text, source=EvidenceSource(source), first_hand=first_hand, cue=WeakCue(cue))
            for element, text, source, first_hand, cue in (_with_cue(item) for item in kept["evidence"])
        ),
        narrower_tried=kept["narrower_tried"],
        lifeline=kept["lifeline"],
        conflict=Conflict(kept["conflict"]) if kept["conflict"] else None,
        conflict_note=kept["conflict_note"],
        statement=Statement(facts=facts, legal_ground=legal_ground, explanation=explanation),
        expires_after=_duration(kept["expires_after"]),
        review_after=_duration(kept["review_after"]),
        note=kept["note"],
        sent_none_of_the_reports=kept["sent_none_of_the_reports"],
        still_there=Presence(kept["still_there"]) if kept.get("still_there") else None,
        child_material=ChildMaterial(kept["child_material"]) if kept.get("child_material") else None,
        protected_as=Protection(kept["protected_as"]) if kept.get("protected_as") else None,
        explained=kept.get("explained", {}),
        indicators=tuple(kept.get("indicators", ())),
        # Papers of before a question was asked do not have it.
        **{name: kept[name] for name in _PLAIN if name in kept},
    )


def emptied(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Answers of which no word is left: what was declared, and what was said of a child, stay."""
    given = answers_from_json(kept)
    left = Answers(
        under_18=given.under_18,
        child_material=given.child_material,
        # As the database has it of a paper that says nothing.
        conflict=Conflict.NONE,
        sent_none_of_the_reports=given.sent_none_of_the_reports,
    )
    return answers_as_json(left)


def without_words(kept: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Findings as kept, without their sentences, whose values may name what was looked at."""
    return [{**line, "reason": "", "way_forward": "", "values": {}} for line in kept]


def findings_as_json(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Findings with the values their sentences need."""
    return [
        {
            "safeguard": finding.safeguard,
            "effect": finding.effect,
            "reason": finding.reason,
            "way_forward": finding.way_forward,
            "field": finding.field,
            "values": {name: str(value) for name, value in finding.values.items()},
        }
        for finding in findings
    ]


def findings_from_json(kept: Sequence[Mapping[str, Any]]) -> tuple[Finding, ...]:
    """The findings of that moment."""
    return tuple(Finding(**{**line, "effect": Effect(line["effect"])}) for line in kept)


def _with_cue(item: Sequence[Any]) -> Sequence[Any]:
    return item if len(item) > 4 else (*item, WeakCue.NONE)


def _days(duration: timedelta | None) -> float | None:
    return None if duration is None else duration / timedelta(days=1)


def _duration(days: float | None) -> timedelta | None:
    return None if days is None else timedelta(days=days)
