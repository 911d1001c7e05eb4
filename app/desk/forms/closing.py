"""Reads conclusions other than a listing: closing, putting aside, referring; second looks at what is listed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from app.desk.forms.messages import moment
from app.desk.forms.reader import Reader
from moderation.reviewing import ONE_PERSONS
from moderation.vocabulary import REFERRALS, REJECTIONS, ChildMaterial, Conclusion, EmergencyReason, Outcome, Presence, Scope, Target

FIELDS: Mapping[Outcome, Mapping[str, str]] = {
    Outcome.TAKEDOWN_ONLY: {
        "recipient": "takedown_recipient",
        "asked": "takedown_asked",
        "back_at": "takedown_back_at",
        "proof": "takedown_proof",
        "sent_at": "takedown_sent_at",
    },
    Outcome.MONITOR: {"back_at": "monitor_back_at"},
    Outcome.MORE_EVIDENCE: {"where": "evidence_where", "back_at": "evidence_back_at", "hand_on": "evidence_hand_on"},
    **{
        referral: {
            "recipient": "refer_recipient",
            "country": "refer_country",
            "their_reference": "refer_reference",
            "passed_on": "refer_passed_on",
            "referred_at": "refer_at",
            "hold_until": "refer_hold_until",
        }
        for referral in REFERRALS
    },
    Outcome.DUPLICATE: {"duplicate_of": "duplicate_of"},
    Outcome.REJECT_ABUSE: {"misuse": "misuse"},
}
"""What the page calls the fields of each outcome: two outcomes that ask the same have each a field of their own."""

ASKED_OF_ALL: Mapping[str, str] = {"child_material": "refer_child_material"}
"""What is asked whatever the outcome."""

TYPED_WHEN_CLOSING = (
    *("takedown_recipient", "takedown_asked", "takedown_proof", "evidence_where", "duplicate_of", "misuse", "keep_note"),
    *("refer_recipient", "refer_reference", "refer_passed_on", "look_note", "because"),
)
"""Fields whose loss would cost somebody work."""

TIMES = ("back_at", "sent_at", "referred_at", "hold_until")


@dataclass(frozen=True, slots=True)
class Closing:
    """An outcome other than listing, with its fields. `go_on`: a referral is only written down, and the case goes on."""

    conclusion: Conclusion
    version: int
    go_on: bool = False
    faults: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Why a seat would not list what another proposed."""

    outcome: Outcome
    note: str
    version: int
    sent_none_of_the_reports: bool
    child_material: ChildMaterial | None = None
    faults: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Keeping:
    """Why a listing stays, and until when."""

    note: str
    review_after: timedelta | None
    version: int
    sent_none_of_the_reports: bool
    faults: Mapping[str, str] = field(default_factory=dict)


def read_conclusion(form: Mapping[str, str], *, now: datetime) -> Closing:
    """One person's conclusion that this is not for the list, or not yet."""
    read = Reader(form)
    if not form.get("outcome"):
        read.faults["outcome"] = _("Choose what should happen to this case.")
    outcome = read.choice("outcome", (*ONE_PERSONS, Outcome.DELIST), Outcome.REJECT_SCOPE)
    _mind_the_form_below(read, form)
    go_on = outcome in REFERRALS and read.ticked("refer_go_on")
    needed = "" if go_on else _("Write in a sentence why, so that whoever sees this resource again understands.")
    given = Conclusion(
        outcome=outcome,
        note=read.text("note", needed=needed),
        sent_none_of_the_reports=read.ticked("sent_none_of_the_reports") if go_on else read.declared(),
    )
    for name, shown in {**ASKED_OF_ALL, **FIELDS.get(outcome, {})}.items():
        given = _with(given, name, _value(read, form, name, shown, now=now))
    return Closing(conclusion=given, version=read.version(), go_on=go_on, faults=read.faults)


def _mind_the_form_below(read: Reader, form: Mapping[str, str]) -> None:
    """Listing and keeping stand in the same list of choices, but each has a form with a button of its own."""
    if form.get("outcome") in (Outcome.LIST, Outcome.KEEP):
        read.faults["outcome"] = _("This choice has a form of its own below. Fill that in, and send it with its button.")


def _with(given: Conclusion, name: str, value: Any) -> Conclusion:  # noqa: ANN401 - each field has a type of its own
    return replace(given, **{name: value})


def _value(read: Reader, form: Mapping[str, str], name: str, shown: str, *, now: datetime) -> str | bool | datetime | None:
    if name == "child_material":
        return read.choice_or_none(shown, ChildMaterial)
    if name == "hand_on":
        return read.ticked(shown)
    if name not in TIMES:
        typed = read.text(shown)
        return typed.upper() if name == "country" else typed
    typed = form.get(shown, "").strip()
    found = moment(typed, now=now)
    if typed and found is None:
        read.faults[shown] = _("Write the day, such as 2026-11-24.")
    return found


def as_shown(outcome: Outcome, faults: Mapping[str, str]) -> Mapping[str, str]:
    """What a rule found wrong, by the names that the page has for the fields."""
    names = {**ASKED_OF_ALL, **FIELDS.get(outcome, {})}
    return {names.get(name, name): fault for name, fault in faults.items()}


def read_disagreement(form: Mapping[str, str]) -> Disagreement:
    """A second or third seat's conclusion that this is not for the list."""
    read = Reader(form)
    if not form.get("outcome"):
        read.faults["outcome"] = _("Choose why this is not for the list.")
    outcome = read.choice("outcome", REJECTIONS, Outcome.REJECT_SCOPE)
    _mind_the_form_below(read, form)
    return Disagreement(
        outcome=outcome,
        note=read.text("note", needed=_("Write in a sentence why, so that whoever sees this resource again understands.")),
        version=read.version(),
        sent_none_of_the_reports=read.declared(),
        child_material=read.choice_or_none(ASKED_OF_ALL["child_material"], ChildMaterial),
        faults=read.faults,
    )


def read_keeping(form: Mapping[str, str]) -> Keeping:
    """Why a listing stays as it is."""
    read = Reader(form)
    return Keeping(
        note=read.text("keep_note", needed=_("Write in a sentence what you saw, and why it should stay.")),
        review_after=read.days("keep_days"),
        version=read.version(),
        sent_none_of_the_reports=read.declared(),
        faults=read.faults,
    )


def read_delisting(form: Mapping[str, str]) -> tuple[str, Mapping[str, str]]:
    """Why a listing ends, and the faults."""
    read = Reader(form)
    because = read.text("because", needed=_("Write a sentence that says why it comes off the list; the owner may read it."))
    return because, read.faults


def read_emergency(form: Mapping[str, str]) -> tuple[EmergencyReason, str]:
    """Why something must leave the list now. Never refused for its form: what is missing is told to whoever looks at it after."""
    read = Reader(form)
    return read.choice("emergency_reason", tuple(EmergencyReason), EmergencyReason.OTHER), read.text("emergency_note")


def read_look(form: Mapping[str, str]) -> tuple[Presence | None, str, str, Mapping[str, str]]:
    """What was seen, where it leads, a note, and the faults."""
    read = Reader(form)
    presence = read.choice_or_none("presence", tuple(Presence))
    if presence is None:
        read.faults["presence"] = _("Choose what you saw.")
    return presence, read.text("redirects_to"), read.text("look_note"), read.faults


def read_target(form: Mapping[str, str], name: str) -> Target | None:
    """A target as a form carries it; whether the case can be listed there is for the rules."""
    scope, mark, text = form.get(name, "").partition("|")
    return Target(Scope(scope), text) if mark and scope in set(Scope) else None
