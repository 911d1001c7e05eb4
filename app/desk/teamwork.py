"""Colleagues at one case: a note, handing it over, taking it over, standing aside. Each form is one verb; what was typed is never lost."""

from collections.abc import Callable, Mapping
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app import clock
from app.audience import audience
from app.database import request_session, transaction
from app.desk import case_page, desk, forms
from app.desk.acts import tried
from app.desk.attempts import Attempt
from app.desk.frame import REVIEWERS, UNPROCESSABLE, acting
from app.errors import STATUS
from moderation import queue, reviewing
from moderation.errors import InvalidAnswer, Refusal
from moderation.vocabulary import ChildMaterial


@desk.post("/cases/<uuid:reference>/notes")
@audience(*REVIEWERS)
def write_note(reference: UUID) -> ResponseReturnValue:
    """Leave a note for colleagues."""
    typed = forms.read_note(request.form)

    def act(session: Session) -> None:
        reviewing.write_note(session, reference, typed.text, by=acting(), at=clock.now())

    failed = _done(reference, typed.faults, act)
    if failed:
        return failed
    flash(_("The note is kept."))
    return redirect(url_for("desk.case", reference=reference, _anchor="notes-heading"), 303)


@desk.post("/cases/<uuid:reference>/child-material")
@audience(*REVIEWERS)
def say_child_material(reference: UUID) -> ResponseReturnValue:
    """Say whether sexual images of a child are suspected, where a colleague said so."""
    answer = request.form.get("child_material")

    def act(session: Session) -> None:
        if answer in tuple(ChildMaterial):
            reviewing.say_child_material(session, reference, ChildMaterial(answer), by=acting(), at=clock.now())

    refused = _done(reference, {}, act)
    if refused is None and answer == ChildMaterial.SUSPECTED:
        flash(_("Written down: you suspect them. End the case by referring it to a hotline; that seals its address."))
    elif refused is None and answer == ChildMaterial.NO:
        flash(_("Written down: you do not suspect them."))
    return refused or redirect(url_for("desk.case", reference=reference), 303)


@desk.post("/cases/<uuid:reference>/hand-over")
@audience(*REVIEWERS)
def hand_over(reference: UUID) -> ResponseReturnValue:
    """Give the case to a colleague."""
    typed = forms.read_hand_over(request.form)

    def act(session: Session) -> None:
        if typed.to:
            reviewing.hand_over(session, reference, typed.to, by=acting(), at=clock.now())

    failed = _done(reference, typed.faults, act)
    if failed:
        return failed
    flash(_("The case is with your colleague now."))
    return redirect(url_for("desk.queue"), 303)


@desk.post("/cases/<uuid:reference>/take-over")
@audience(*REVIEWERS)
def take_over(reference: UUID) -> ResponseReturnValue:
    """Take the case from who holds it, as a senior; one that somebody is to judge is set free for others."""
    because = forms.read_taking_over(request.form)
    faults = {} if because else {"because_taken": _("Choose why.")}

    def act(session: Session) -> None:
        if because:
            queue.take_over(session, reference, because, by=acting(), at=clock.now())

    failed = _done(reference, faults, act)
    if failed:
        return failed
    is_mine = reviewing.view(request_session(), reference, by=acting(), at=clock.now()).is_mine
    flash(_("The case is yours now. Your colleague sees that you took it, and why.") if is_mine else _("The case is free now, for others."))
    return redirect(url_for("desk.case", reference=reference), 303)


@desk.post("/cases/<uuid:reference>/taken")
@audience(*REVIEWERS)
def close_taken(reference: UUID) -> ResponseReturnValue:
    """Close the note that a case was taken from oneself; back to the page where it stood."""
    with transaction() as session:
        queue.close_note(session, reference, by=acting(), at=clock.now())
    back = url_for("desk.queue") if request.form.get("page") == "queue" else url_for("desk.case", reference=reference)
    return redirect(back, 303)


@desk.post("/cases/<uuid:reference>/stand-aside")
@audience(*REVIEWERS)
def stand_aside(reference: UUID) -> ResponseReturnValue:
    """Declare an interest of one's own and leave the case to others."""
    because = forms.read_standing_aside(request.form)

    def act(session: Session) -> None:
        reviewing.stand_aside(session, reference, because, by=acting(), at=clock.now())

    failed = _done(reference, {}, act)
    if failed:
        return failed
    flash(_("A colleague will take it. You will not be offered this case again."))
    return redirect(url_for("desk.queue"), 303)


def _done(reference: UUID, faults: Mapping[str, str], act: Callable[[Session], None]) -> ResponseReturnValue | None:
    """Do it; the case page with what is wrong where it cannot be done."""
    if faults:
        return case_page.shown(reference, attempt=Attempt(form="teamwork", typed=request.form, faults=faults), status=UNPROCESSABLE)
    done = tried(act)
    if isinstance(done, InvalidAnswer):
        return case_page.shown(reference, attempt=Attempt(form="teamwork", typed=request.form, faults=done.faults), status=UNPROCESSABLE)
    if isinstance(done, Refusal):
        attempt = Attempt(form="teamwork", typed=request.form, faults={}, refusal=str(done))
        return case_page.shown(reference, attempt=attempt, status=STATUS[type(done)].value)
    return None
