"""Reads what a moderator typed into the words of the rules. Pure: looks nothing up, and judges only form, never content."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import TypeVar
from uuid import UUID

import pycountry
from flask_babel import gettext as _

from moderation import policy
from moderation.queue import Filters
from moderation.states import State
from moderation.vocabulary import (
    REJECTIONS,
    Answers,
    Category,
    Conflict,
    Element,
    Evidence,
    EvidenceSource,
    Lane,
    Outcome,
    Scope,
    Statement,
    Target,
)

Choice = TypeVar("Choice", bound=str)

ANSWER_LIMIT = policy.FACTS_LIMIT
"""Characters in any one answer: as much as the facts of a statement of reasons may have."""

TERRITORIES_LIMIT = 1_000
"""Characters: every country's code fits in, and looking each word up stays quick."""

DAYS_AT_MOST = 9_999
"""What a form can carry; what a listing may last is in policy.py, and a safeguard says it."""

PAGES_AT_MOST = 1_000
NARROWER = tuple(scope for scope in Scope if scope is not Scope.DOMAIN)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Typed:
    """The answers as far as they could be read, and a sentence for each field that could not. `version` is the case as it was seen."""

    answers: Answers
    version: int
    faults: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Closing:
    """An outcome other than listing, with its note."""

    outcome: Outcome
    note: str
    version: int
    sent_none_of_the_reports: bool
    faults: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NoticeTyped:
    """A message to a host, registrar or owner, as recorded by a moderator."""

    recipient: str
    proof: str
    sent_at: datetime | None
    faults: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class QuestionTyped:
    """A question to a reporter; `report` None asks those of all the reports shown. `once` is the form's own."""

    question: str
    report: UUID | None
    once: UUID | None
    faults: Mapping[str, str] = field(default_factory=dict)


class _Reader:
    """Reads fields one by one and collects the faults, so that all of them are told at once."""

    def __init__(self, form: Mapping[str, str]) -> None:
        self._form = form
        self.faults: dict[str, str] = {}

    def text(self, name: str, *, needed: str = "", limit: int = ANSWER_LIMIT) -> str:
        value = _CONTROL.sub("", self._form.get(name, "").replace("\r\n", "\n")).strip()
        if len(value) > limit:
            self.faults[name] = _("This has %(length)s characters; %(limit)s is the most. Shorten it.", length=len(value), limit=limit)
            return value[:limit]
        if needed and not value:
            self.faults[name] = needed
        return value

    def ticked(self, name: str) -> bool:
        return bool(self._form.get(name))

    def declared(self) -> bool:
        """Every seat declares its independence; without it nothing is worth checking."""
        if not self.ticked("sent_none_of_the_reports"):
            self.faults["sent_none_of_the_reports"] = _(
                "Tick this if it is true. If you did send one of the reports, hand the case back instead."
            )
        return self.ticked("sent_none_of_the_reports")

    def choice(self, name: str, choices: tuple[Choice, ...], default: Choice) -> Choice:
        value = self._form.get(name, "")
        if value and value not in choices:
            self.faults[name] = _("Choose one of the answers shown.")
        return next((choice for choice in choices if choice == value), default)

    def days(self, name: str) -> timedelta | None:
        value = self._form.get(name, "").strip()
        if not value:
            return None
        # By length first: Python refuses to read thousands of digits, and that would lose what was written.
        if not value.isdecimal() or len(value) > len(str(DAYS_AT_MOST)):
            self.faults[name] = _("Write the days as a whole number, such as 90.")
            return None
        return timedelta(days=int(value))

    def version(self) -> int:
        value = self._form.get("version", "")
        # A version that no case ever has: the rule then says that the page is out of date.
        return int(value) if value.isdecimal() and len(value) < 10 else 0


def read_answers(form: Mapping[str, str], ladder: tuple[Target, ...]) -> Typed:
    """One seat's assessment. A target that is not on the resource's ladder cannot be expressed."""
    read = _Reader(form)
    answers = Answers(
        target=_target(read, form.get("target", ""), ladder),
        territories=territories(read.text("territories", limit=TERRITORIES_LIMIT)),
        provision=read.text("provision"),
        under_18=read.ticked("under_18"),
        evidence=tuple(item for element in Element if (item := _evidence(read, element))),
        narrower_tried={str(scope): tried for scope in NARROWER if (tried := read.text(f"narrower_{scope}"))},
        lifeline=read.text("lifeline"),
        conflict=read.choice("conflict", tuple(Conflict), Conflict.NONE),
        conflict_note=read.text("conflict_note"),
        statement=Statement(
            facts=read.text("statement_facts"),
            legal_ground=read.text("statement_legal_ground"),
            explanation=read.text("statement_explanation"),
        ),
        expires_after=read.days("expires_after"),
        review_after=read.days("review_after"),
        sent_none_of_the_reports=read.declared(),
    )
    return Typed(answers, read.version(), read.faults)


def read_closing(form: Mapping[str, str]) -> Closing:
    """One person's conclusion that this is not for the list."""
    read = _Reader(form)
    if not form.get("outcome"):
        read.faults["outcome"] = _("Choose why this is not for the list.")
    return Closing(
        outcome=read.choice("outcome", REJECTIONS, Outcome.REJECT_SCOPE),
        note=read.text("note", needed=_("Write in a sentence why, so that whoever sees this resource again understands.")),
        version=read.version(),
        sent_none_of_the_reports=read.declared(),
        faults=read.faults,
    )


def read_notice(form: Mapping[str, str], *, now: datetime) -> NoticeTyped:
    """A notice as recorded. A date without a time counts from that day's end, since the wait that follows must not come out too short."""
    read = _Reader(form)
    recipient = read.text("recipient", needed=_("Write who the message went to."))
    proof = read.text("proof", needed=_("Write how this can be shown, such as the ticket number or the message's identifier."))
    sent_at = _moment(form.get("sent_at", ""), now=now)
    if sent_at is None:
        read.faults["sent_at"] = _("Write the day it was sent, such as 2026-11-24.")
    elif sent_at > now:
        read.faults["sent_at"] = _("This day has not come yet. Write the day the message was sent.")
    return NoticeTyped(recipient, proof, sent_at, read.faults)


def read_question(form: Mapping[str, str]) -> QuestionTyped:
    """A question, and whom it is for."""
    read = _Reader(form)
    question = read.text("question", needed=_("Write the question."), limit=policy.QUESTION_LIMIT)
    report = reference(form, "report")
    if form.get("report") and report is None:
        read.faults["report"] = _("Choose one of the reports shown, or all of them.")
    return QuestionTyped(question, report, reference(form, "once"), read.faults)


def reference(form: Mapping[str, str], name: str) -> UUID | None:
    """A reference as a form carries it, None where it carries none."""
    try:
        return UUID(form.get(name, ""))
    except ValueError:
        return None


def read_delisting(form: Mapping[str, str]) -> tuple[str, Mapping[str, str]]:
    """Why a listing ends, and the faults."""
    read = _Reader(form)
    because = read.text("because", needed=_("Write a sentence that says why it comes off the list; the owner may read it."))
    return because, read.faults


def read_filters(arguments: Mapping[str, str], kinds: tuple[str, ...]) -> Filters:
    """The queue that an address asks for; what it cannot mean is passed over, since an address is no form to send back."""
    read = _Reader(arguments)
    return Filters(
        state=read.choice("state", tuple(State), State.WAITING),
        kind=read.choice("kind", kinds, ""),
        category=read.choice("category", tuple(Category), ""),
        lane=read.choice("lane", tuple(Lane), ""),
        text=read.text("text"),
        mine=read.ticked("mine"),
        page=page_number(arguments),
    )


def sought(arguments: Mapping[str, str], name: str) -> str:
    """A text to look up, without the signs that no stored text has."""
    return _Reader(arguments).text(name)


def page_number(arguments: Mapping[str, str]) -> int:
    """The page an address asks for; the first where it asks for none that can be."""
    typed = arguments.get("page", "")
    return max(1, min(int(typed), PAGES_AT_MOST)) if typed.isdecimal() and len(typed) < 10 else 1


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


def _target(read: _Reader, value: str, ladder: tuple[Target, ...]) -> Target | None:
    if not value:
        return None
    chosen = next((target for target in ladder if target_value(target) == value), None)
    if chosen is None:
        read.faults["target"] = _("Choose one of the steps shown. Nothing else can be listed from this case.")
    return chosen


def target_value(target: Target) -> str:
    """A target as a form carries it."""
    return f"{target.scope}|{target.text}"


def _evidence(read: _Reader, element: Element) -> Evidence | None:
    text = read.text(f"evidence_{element}")
    source = read.choice(f"evidence_{element}_source", tuple(EvidenceSource), EvidenceSource.PAGE)
    if not text:
        return None
    return Evidence(element=element, text=text, source=source, first_hand=read.ticked(f"evidence_{element}_first_hand"))


def _moment(typed: str, *, now: datetime) -> datetime | None:
    try:
        moment = datetime.fromisoformat(typed.strip())
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    if len(typed.strip()) > len("2026-11-24"):
        return moment
    day_end = datetime.combine(moment.date(), time(23, 59), UTC)
    return now if moment.date() == now.date() else day_end


def written(answers: Answers) -> dict[str, str]:
    """Stored answers as the form's fields, so that a refused attempt can be taken up again."""
    fields = {
        "target": target_value(answers.target) if answers.target else "",
        "territories": " ".join(answers.territories),
        "provision": answers.provision,
        "under_18": "1" if answers.under_18 else "",
        "lifeline": answers.lifeline,
        "conflict": str(answers.conflict),
        "conflict_note": answers.conflict_note,
        "statement_facts": answers.statement.facts,
        "statement_legal_ground": answers.statement.legal_ground,
        "statement_explanation": answers.statement.explanation,
        "expires_after": _whole_days(answers.expires_after),
        "review_after": _whole_days(answers.review_after),
        "sent_none_of_the_reports": "1" if answers.sent_none_of_the_reports else "",
    }
    fields |= {f"narrower_{scope}": tried for scope, tried in answers.narrower_tried.items()}
    for item in answers.evidence:
        name = f"evidence_{item.element}"
        fields |= {name: item.text, f"{name}_source": str(item.source), f"{name}_first_hand": "1" if item.first_hand else ""}
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
        "conflict": str(Conflict.NONE),
        "expires_after": _whole_days(policy.LISTING_LIFETIME[narrowest.scope]),
        "review_after": _whole_days(policy.REVIEW_AFTER[narrowest.scope]),
    }


def _whole_days(duration: timedelta | None) -> str:
    return "" if duration is None else str(duration // timedelta(days=1))
