"""Reads one seat's assessment into the words of the rules, and writes a stored one back into fields."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import pycountry
from flask_babel import gettext as _

from app.desk.forms.reader import Reader
from app.indicators import CHECKLIST
from moderation import policy
from moderation.safeguards import SAFEGUARDS
from moderation.vocabulary import (
    Answers,
    ChildMaterial,
    Conflict,
    Element,
    Evidence,
    EvidenceSource,
    Presence,
    Protection,
    Scope,
    Statement,
    Target,
    WeakCue,
)

TERRITORIES_LIMIT = 1_000
"""Characters: every country's code fits in, and looking each word up stays quick."""

TICKS = ("under_18", "adult_service", "sample_is_all", "hacked", "shows_a_person", "wants_third", "sent_none_of_the_reports")
EXPLAINED = "explained_"
"""What the fields begin with that answer a warning; the safeguard's number follows."""

INDICATOR = "indicator_"
"""What the names of the checklist's boxes begin with."""

NARROWER = tuple(scope for scope in Scope if scope is not Scope.DOMAIN)


@dataclass(frozen=True, slots=True)
class Typed:
    """The answers as far as they could be read, and a sentence for each field that could not. `version` is the case as it was seen."""

    answers: Answers
    version: int
    faults: Mapping[str, str] = field(default_factory=dict)


def read_answers(form: Mapping[str, str], ladder: tuple[Target, ...]) -> Typed:
    """One seat's assessment. A target that is not on the resource's ladder cannot be expressed."""
    read = Reader(form)
    answers = Answers(
        target=_target(read, form.get("target", ""), ladder),
        territories=territories(read.text("territories", limit=TERRITORIES_LIMIT)),
        provision=read.text("provision"),
        under_18=read.ticked("under_18"),
        evidence=tuple(item for element in Element if (item := _evidence(read, element))),
        narrower_tried={str(scope): tried for scope in NARROWER if (tried := read.text(f"narrower_{scope}"))},
        lifeline=read.text("lifeline"),
        conflict=read.choice_or_none("conflict", Conflict),
        conflict_note=read.text("conflict_note"),
        statement=Statement(
            facts=read.text("statement_facts"),
            legal_ground=read.text("statement_legal_ground"),
            explanation=read.text("statement_explanation"),
        ),
        expires_after=read.days("expires_after"),
        review_after=read.days("review_after"),
        facilitation=read.text("facilitation"),
        adult_service=read.ticked("adult_service"),
        protected_as=read.choice_or_none("protected_as", Protection),
        sample_pages=read.whole("sample_pages"),
        sample_unrelated=read.whole("sample_unrelated"),
        sample_is_all=read.ticked("sample_is_all"),
        still_there=read.choice_or_none("still_there", Presence),
        hacked=read.ticked("hacked"),
        child_material=read.choice_or_none("child_material", ChildMaterial),
        shows_a_person=read.ticked("shows_a_person"),
        explained={name: text for name in SAFEGUARDS if (text := read.text(f"{EXPLAINED}{name}"))},
        indicators=tuple(one.id for one in CHECKLIST.indicators if read.ticked(f"{INDICATOR}{one.id}")),
        wants_third=read.ticked("wants_third"),
        sent_none_of_the_reports=read.declared(),
    )
    return Typed(answers, read.version(), read.faults)


def territories(typed: str) -> tuple[str, ...]:
    """Country codes from codes or English names, in order, each once. What is neither stays as it is, for the safeguard to name."""
    parts = (part.strip() for part in re.split(r"[,;\n،；，、]", typed))
    return tuple(dict.fromkeys(code for part in parts if part for code in _codes(part)))


def _codes(part: str) -> tuple[str, ...]:
    known = _country(part)
    return (known,) if known else tuple(_country(word) or word.upper()[:20] for word in part.split())


def _country(word: str) -> str | None:
    try:
        return str(pycountry.countries.lookup(word).alpha_2)
    except LookupError:
        return None


def _target(read: Reader, value: str, ladder: tuple[Target, ...]) -> Target | None:
    if not value:
        return None
    chosen = next((target for target in ladder if target_value(target) == value), None)
    if chosen is None:
        read.faults["target"] = _("Choose one of the steps shown. Nothing else can be listed from this case.")
    return chosen


def target_value(target: Target) -> str:
    """A target as a form carries it."""
    return f"{target.scope}|{target.text}"


def _evidence(read: Reader, element: Element) -> Evidence | None:
    text = read.text(f"evidence_{element}")
    source = read.choice(f"evidence_{element}_source", tuple(EvidenceSource), EvidenceSource.PAGE)
    if not text:
        return None
    return Evidence(
        element=element,
        text=text,
        source=source,
        first_hand=read.ticked(f"evidence_{element}_first_hand"),
        cue=read.choice(f"evidence_{element}_cue", tuple(WeakCue), WeakCue.NONE),
    )


def written(answers: Answers) -> dict[str, str]:
    """Stored answers as the form's fields, so that a refused attempt can be taken up again."""
    fields = {
        "target": target_value(answers.target) if answers.target else "",
        "territories": " ".join(answers.territories),
        "provision": answers.provision,
        "lifeline": answers.lifeline,
        "conflict": answers.conflict or "",
        "conflict_note": answers.conflict_note,
        "statement_facts": answers.statement.facts,
        "statement_legal_ground": answers.statement.legal_ground,
        "statement_explanation": answers.statement.explanation,
        "expires_after": _whole_days(answers.expires_after),
        "review_after": _whole_days(answers.review_after),
        "facilitation": answers.facilitation,
        "protected_as": answers.protected_as or "",
        "sample_pages": _number(answers.sample_pages),
        "sample_unrelated": _number(answers.sample_unrelated),
        "still_there": answers.still_there or "",
        "child_material": answers.child_material or "",
        **{name: "1" if getattr(answers, name) else "" for name in TICKS},
    }
    fields |= {f"narrower_{scope}": tried for scope, tried in answers.narrower_tried.items()}
    fields |= {f"{INDICATOR}{name}": "1" for name in answers.indicators}
    fields |= {f"{EXPLAINED}{name}": text for name, text in answers.explained.items()}
    for item in answers.evidence:
        name = f"evidence_{item.element}"
        fields |= {name: item.text, f"{name}_source": str(item.source), f"{name}_first_hand": "1" if item.first_hand else ""}
        fields[f"{name}_cue"] = str(item.cue)
    return fields


def unwritten(ladder: tuple[Target, ...], *, provision: str, territories: str) -> dict[str, str]:
    """What an untouched form holds: the narrowest target, the longest times it may have, and the law this person named last."""
    if not ladder:
        return {}
    narrowest = ladder[0]
    return {
        "target": target_value(narrowest),
        "provision": provision,
        "territories": territories,
        "expires_after": _whole_days(policy.LISTING_LIFETIME[narrowest.scope]),
        "review_after": _whole_days(policy.REVIEW_AFTER[narrowest.scope]),
    }


def _number(number: int | None) -> str:
    return "" if number is None else str(number)


def _whole_days(duration: timedelta | None) -> str:
    return "" if duration is None else str(duration // timedelta(days=1))
