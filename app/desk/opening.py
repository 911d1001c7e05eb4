"""Opens what reporters wrote, for the page of a case. Seals nothing, decides nothing, and shows a contact to the holder alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from pyrage.x25519 import Identity

from app import instance, marking, report_fields, sealing
from app.database import request_session
from app.keys import Keys
from moderation import reviewing, states
from moderation.reviewing import CaseView, MessageSeen, RelatedCase, ReportSeen, SealedSeen


@dataclass(frozen=True, slots=True)
class MessageShown:
    """A question, answer or addition with its text opened; None where it can no longer be opened."""

    seen: MessageSeen
    text: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportShown:
    """A report with its text opened; `answers` is None where it can no longer be opened."""

    seen: ReportSeen
    answers: tuple[tuple[str, str], ...] | None
    typed: Mapping[str, str]
    messages: tuple[MessageShown, ...] = ()


def opened(report: ReportSeen, *, by_holder: bool) -> ReportShown:
    """The report with what its key still opens."""
    keys = instance.keys()
    try:
        typed = sealing.open_sealed(report.sealed, report.wrapped_identity, keys)
        identity = sealing.unwrap(report.wrapped_identity, keys)
    except sealing.CannotOpen:
        closed = tuple(MessageShown(seen, None) for seen in report.messages)
        return ReportShown(seen=report, answers=None, typed={}, messages=closed)
    answers = report_fields.readable(typed | _contact(report, keys, by_holder=by_holder))
    messages = tuple(_message(seen, identity) for seen in report.messages)
    return ReportShown(seen=report, answers=answers, typed=typed, messages=messages)


def _contact(report: ReportSeen, keys: Keys, *, by_holder: bool) -> dict[str, str]:
    """A way to reach the reporter, where one was given and is still kept: for the holder alone, whose claim stands in the record."""
    if report.contact is None:
        return {}
    if not by_holder:
        return {"contact": _("Given. Only who holds the case can see it.")}
    try:
        return sealing.open_sealed(report.contact, report.wrapped_contact_identity, keys)
    except sealing.CannotOpen:
        return {}


def _message(seen: MessageSeen, identity: Identity) -> MessageShown:
    try:
        return MessageShown(seen, sealing.open_message(seen.sealed, identity))
    except sealing.CannotOpen:
        return MessageShown(seen, None)


def near(view: CaseView, reports: Iterable[ReportShown]) -> tuple[RelatedCase, ...]:
    """Cases that the reports' texts lead to. Only where they can be opened is there anything to go by."""
    keys = instance.keys()
    texts = [(report.typed, report.seen.text_signature or b"") for report in reports]
    return reviewing.near(request_session(), view, marking.clues(view.resource, texts, keys))


def was_sealed_before(view: CaseView) -> bool:
    """Whether the address of this open case is one that is sealed for a hotline: the desk alone can tell, by opening what is kept."""
    if view.sealed is not None or view.state not in states.OPEN:
        return False
    keys = instance.keys()
    return any(_is_sealed(one, view.resource.canonical, keys) for one in reviewing.kept_of_kind(request_session(), view.resource.kind))


def _is_sealed(one: SealedSeen, canonical: str, keys: Keys) -> bool:
    try:
        return sealing.open_sealed(one.text, one.wrapped_identity, keys).get("address") == canonical
    except sealing.CannotOpen:
        return False
