"""What a receipt can do beside looking: answer a question, add something, take the report back. The code travels by POST alone."""

import uuid

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock, instance, intake, limits, sealing
from app.database import request_session, transaction
from app.errors import STATUS, words
from app.limits import limited
from app.public import following, unsaved
from app.public.blueprint import page
from app.public.forms import AddForm, AnswersForm, reference_in
from moderation import conversing, policy
from moderation.errors import (
    NotFound,
    NothingReported,
    QuestionClosed,
    ReceiptUnknown,
    Refusal,
    ReportWithdrawn,
    TooManyMessages,
    TooManyResources,
)

UNPROCESSABLE = 422
REFUSED = (NotFound, QuestionClosed, ReportWithdrawn, TooManyMessages)


@page("/status/answer", "answer", methods=("POST",))
@limited(policy.RECEIPT_TRIES)
def answer() -> ResponseReturnValue:
    """Take the answers to questions; one that cannot be taken keeps none of the others from it."""
    form = AnswersForm.sent(request.form)
    code = form.code.data or ""
    if not form.validate():
        return following.shown(code, tried=form, status=UNPROCESSABLE)
    refused = None
    for question, field in form.answers.items():
        if not (field.data or "").strip():
            continue
        try:
            with transaction() as session:
                intake.answer(session, code, question, field.data, instance.keys(), at=clock.now())
        except ReceiptUnknown as refusal:
            return following.unknown(code, refusal)
        except unsaved.AWAY as fault:
            return unsaved.shown(request.form, fault, typed=[each for each in form.answers.values() if each.data])
        except REFUSED as refusal:
            field.errors, refused = (words(refusal),), refusal
    if refused:
        return following.shown(code, tried=form, status=STATUS[type(refused)].value)
    return following.shown(code, said=_("We have your answer. Thank you. It is locked; only the people who check can read it."))


@page("/status/add", "add", methods=("POST",))
@limited(policy.RECEIPT_TRIES)
def add() -> ResponseReturnValue:
    """Take what somebody adds to their report."""
    form = AddForm(request.form)
    code = form.code.data or ""
    if not form.validate():
        return following.shown(code, tried=form, status=UNPROCESSABLE)
    # Counted as a report is: otherwise one report could be added to until it fills the lane of all others.
    lane = limits.lane_for(limits.form_channel(with_script=False))
    try:
        with transaction() as session:
            intake.add(
                session, code, form.more.data, instance.keys(), lane=lane, once=reference_in(form.once.data) or uuid.uuid4(), at=clock.now()
            )
    except ReceiptUnknown as refusal:
        return following.unknown(code, refusal)
    except unsaved.AWAY as fault:
        return unsaved.shown(request.form, fault, typed=[form.more])
    except (NothingReported, TooManyResources, *REFUSED) as refusal:
        form.more.errors = (_fault(refusal),)
        return following.shown(code, tried=form, status=STATUS[type(refusal)].value)
    return following.shown(code, said=_("We added it to your report. Thank you. It is locked; only the people who check can read it."))


@page("/status/withdraw", "withdraw", methods=("POST",))
@limited(policy.RECEIPT_TRIES)
def withdraw() -> ResponseReturnValue:
    """Say what taking a report back does; once that is confirmed, do it."""
    code = request.form.get("code", "")
    try:
        if not request.form.get("sure"):
            return _asked_again(code)
        with transaction() as session:
            conversing.withdraw(session, sealing.receipt_digest(code), at=clock.to_the_hour(clock.now()))
    except ReceiptUnknown as refusal:
        return following.unknown(code, refusal)
    return following.shown(code, said=_("Your report is withdrawn. What you wrote is destroyed: nobody can read it any more, not even we."))


def _asked_again(code: str) -> ResponseReturnValue:
    talk = conversing.conversation(request_session(), sealing.receipt_digest(code))
    if not talk.may_withdraw:
        return following.shown(code)
    return render_template("public/withdraw.html", code=code)


def _fault(refusal: Refusal) -> str:
    if isinstance(refusal, NothingReported):
        return str(_("Write something first, or leave it as it is: you do not have to."))
    return words(refusal)
