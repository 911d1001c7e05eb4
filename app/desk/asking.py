"""Asking a reporter something, and noting that what came back was read. Seals the question; names nobody to the reporter."""

import uuid
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock, sealing
from app.audience import audience
from app.desk import case_page, desk, forms
from app.desk.acts import tried
from app.desk.attempts import Attempt
from app.desk.frame import REVIEWERS, UNPROCESSABLE, acting
from app.errors import STATUS
from moderation import conversing
from moderation.errors import Refusal


@desk.post("/cases/<uuid:reference>/questions")
@audience(*REVIEWERS)
def ask(reference: UUID) -> ResponseReturnValue:
    """Send a question to one reporter of the case, or to those of all the reports that its page shows."""
    typed = forms.read_question(request.form)
    if typed.faults:
        return case_page.shown(reference, attempt=Attempt(form="question", typed=request.form, faults=typed.faults), status=UNPROCESSABLE)
    asked = tried(
        lambda session: conversing.ask(
            session,
            reference,
            typed.report,
            lambda *recipients: sealing.seal_message(typed.question, *recipients),
            once=typed.once or uuid.uuid4(),
            by=acting(),
            at=clock.to_the_hour(clock.now()),
        )
    )
    if isinstance(asked, Refusal):
        attempt = Attempt(form="question", typed=request.form, faults={}, refusal=str(asked))
        return case_page.shown(reference, attempt=attempt, status=STATUS[type(asked)].value)
    flash(_("The question waits behind the receipt. An answer shows here, and in the queue, when one comes; not everyone comes back."))
    return redirect(url_for("desk.case", reference=reference), 303)


@desk.post("/cases/<uuid:reference>/read")
@audience(*REVIEWERS)
def mark_read(reference: UUID) -> ResponseReturnValue:
    """Note that what reporters wrote was read, as far as the page showed it."""
    newest = forms.reference(request.form, "newest")
    read = tried(lambda session: conversing.mark_read(session, reference, newest or uuid.uuid4(), by=acting()))
    if isinstance(read, Refusal):
        attempt = Attempt(form="", typed={}, faults={}, refusal=str(read))
        return case_page.shown(reference, attempt=attempt, status=STATUS[type(read)].value)
    return redirect(url_for("desk.case", reference=reference, _anchor="reports-heading"), 303)
