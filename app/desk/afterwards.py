"""What is done to a case or a listing outside its seats: looks, holds, keeping, narrowing, emergencies. Decides nothing."""

from collections.abc import Callable, Mapping
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app import clock
from app.audience import audience
from app.desk import case_page, desk, forms
from app.desk.acts import tried
from app.desk.attempts import Attempt
from app.desk.frame import REVIEWERS, UNPROCESSABLE, acting
from app.desk.refusing import all_at_once
from app.errors import STATUS, words
from moderation import reviewing
from moderation.errors import InvalidAnswer, Refusal
from moderation.reviewing import Decided
from moderation.vocabulary import Refused, Target


@desk.post("/cases/<uuid:reference>/keep")
@audience(*REVIEWERS)
def keep(reference: UUID) -> ResponseReturnValue:
    """Leave a listing as it is until its next re-review."""
    typed = forms.read_keeping(request.form)
    names = {"note": "keep_note", "review_after": "keep_days"}
    if typed.faults:

        def others(session: Session) -> Mapping[str, str]:
            lacking = reviewing.lacking_in_keeping(
                session, reference, typed.note, typed.review_after, by=acting(), at=clock.now(), version=typed.version
            )
            return {names[name]: fault for name, fault in lacking.items()}

        return all_at_once(reference, "keeping", typed.faults, others)

    def act(session: Session) -> Decided | Refused:
        return reviewing.keep(
            session,
            reference,
            typed.note,
            typed.review_after,
            by=acting(),
            at=clock.now(),
            version=typed.version,
            sent_none_of_the_reports=typed.sent_none_of_the_reports,
        )

    return _done(reference, "keeping", act, _("Kept. Somebody else looks again at the date you gave."), names)


@desk.post("/cases/<uuid:reference>/wake")
@audience(*REVIEWERS)
def wake(reference: UUID) -> ResponseReturnValue:
    """Take a case that was put aside back to the queue now."""
    return _done(
        reference,
        "",
        lambda session: reviewing.wake(session, reference, by=acting(), at=clock.now()),
        _("Back in the queue. Claim it to work on it."),
    )


@desk.post("/cases/<uuid:reference>/look")
@audience(*REVIEWERS)
def look(reference: UUID) -> ResponseReturnValue:
    """Write down what was seen today."""
    presence, to, note, faults = forms.read_look(request.form)
    if presence is None or faults:
        return _again(reference, "look", faults)
    return _done(
        reference,
        "look",
        lambda session: reviewing.record_look(session, reference, presence, note, to=to, by=acting(), at=clock.now()),
        _after_a_look,
    )


def _after_a_look(followed: object) -> str:
    """What follows from a look by itself, as a sentence."""
    told = {
        "once": _("Written down, with the time. A second look that finds it gone, a day from now or later, closes the case."),
        "removed": _("Written down, with the time. It was gone a day ago too, so the case is closed: removed at the source."),
        "dead": _("Written down, with the time. It was gone a day ago too, so it left the list."),
        "suspended": _("Written down, with the time. It left the list until somebody decides what is there now."),
    }
    return str(told.get(str(followed), _("Written down, with the time.")))


@desk.post("/cases/<uuid:reference>/referrals/<uuid:referral>/lift")
@audience(*REVIEWERS)
def lift_hold(reference: UUID, referral: UUID) -> ResponseReturnValue:
    """End a hold before its date."""
    return _done(
        reference,
        "",
        lambda session: reviewing.lift_hold(session, referral, by=acting(), at=clock.now()),
        _("The hold is lifted. What it kept back can be decided again."),
    )


@desk.post("/cases/<uuid:reference>/listings/<uuid:listing>/narrow")
@audience(*REVIEWERS)
def narrow(reference: UUID, listing: UUID) -> ResponseReturnValue:
    """List less of it, now."""
    because, faults = forms.read_delisting(request.form)
    target = forms.read_target(request.form, "narrow_to")
    if target is None:
        faults = {**faults, "narrow_to": _("Choose how much should stay on the list.")}
    names = {"because": "narrow_because"}
    if target is None or faults:
        return _again(reference, "narrowing", {names.get(name, name): fault for name, fault in faults.items()})
    wanted: Target = target
    return _done(
        reference,
        "narrowing",
        lambda session: reviewing.narrow(session, listing, wanted, because, by=acting(), at=clock.now()),
        _("Narrowed. The wider listing is off, and the narrower one on, in every format within seconds."),
        names,
    )


def _done(
    reference: UUID, form: str, act: Callable[[Session], object], told: str | Callable[[object], str], names: dict[str, str] | None = None
) -> ResponseReturnValue:
    answered = tried(act)
    if isinstance(answered, InvalidAnswer):
        return _again(reference, form, {(names or {}).get(name, name): fault for name, fault in answered.faults.items()})
    if isinstance(answered, Refusal):
        attempt = Attempt(form=form, typed=request.form, faults={}, refusal=words(answered))
        return case_page.shown(reference, attempt=attempt, status=STATUS[type(answered)].value)
    if isinstance(answered, Refused):
        attempt = Attempt(form=form, typed=request.form, faults={}, findings=answered.findings)
        return case_page.shown(reference, attempt=attempt, status=UNPROCESSABLE)
    flash(told(answered) if callable(told) else told)
    return redirect(url_for("desk.case", reference=reference), 303)


def _again(reference: UUID, form: str, faults: Mapping[str, str]) -> ResponseReturnValue:
    attempt = Attempt(form=form, typed=request.form, faults=faults)
    return case_page.shown(reference, attempt=attempt, status=UNPROCESSABLE)
