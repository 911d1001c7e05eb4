"""Follow a report: a receipt's code in, plain stages and outcomes out. The code travels by POST, so no log or history holds it."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request
from flask.typing import ResponseReturnValue
from pyrage.x25519 import Identity
from wtforms import Field

from app import instance, sealing
from app.database import request_session
from app.errors import words
from app.limits import limited
from app.public.blueprint import page
from app.public.forms import AddForm, AnswersForm, StatusForm
from moderation import conversing, policy, reporting, resources, states
from moderation.conversing import QuestionAsked
from moderation.errors import ReceiptUnknown
from moderation.reporting import ResourceStatus
from moderation.states import State
from moderation.vocabulary import N_, Outcome

STAGES = (N_("Received"), N_("Being checked"), N_("Decided"))

STAGE_REACHED = {State.WAITING: 0, State.PROPOSED: 1, State.AWAITING_THIRD: 1, **dict.fromkeys(states.PARKED, 1)}
"""How far a case is, as a place in STAGES; every other state is decided. How many people have read it is nobody's business yet."""

NEXT = {
    0: N_("It waits for a trained person to read it."),
    1: N_("Several people are checking it, each on their own. Nothing is decided yet."),
}

PUT_ASIDE = {
    # What the police asked us to hold back reads like what we look at again: nobody should learn from a receipt that they are at it.
    **dict.fromkeys((State.MONITORED, State.ON_HOLD), N_("We looked at it and will look at it again. Nothing is decided yet.")),
    State.AWAITING_EVIDENCE: N_(
        "We looked at it and need to know more before we can decide. If you know more and it is safe for you, tell us."
    ),
    State.TAKEDOWN_ASKED: N_("We asked those who can take it down to do so, and will look whether they did. It is not on the list."),
}
"""What NEXT would tell of a case that nobody works on until a date."""

OUTCOMES = {
    **dict.fromkeys((State.LISTED, State.RE_REVIEW), N_("It is on the list now. Networks that use our list can act on it.")),
    State.DELISTED: N_("It was on the list and has been taken off again."),
    State.SUSPENDED: N_("It was on the list and has been taken off for now. People will look at it again."),
    State.EXPIRED: N_("It was on the list until its time there ran out."),
    State.NOT_LISTED: N_("We checked it and did not put it on the list: the people who looked did not agree that it should be."),
    # Not to whom: a receipt should not tell anybody that the police have it.
    State.REFERRED: N_("We checked it and did not put it on the list. We passed it on to others who can do more about it."),
    State.REMOVED_AT_SOURCE: N_("It was taken down where it was, so it did not have to go on the list."),
}
FOR_A_WEEK = N_("It is on the list now, for a week at most, while people look at it again. Networks that use our list can act on it.")

REJECTED = {
    Outcome.REJECT_LAWFUL: N_("We checked it and did not put it on the list: as far as we can tell, it is lawful."),
    Outcome.REJECT_SCOPE: N_("We checked it and did not put it on the list: it is not something this list is for."),
}
NOT_TAKEN_UP = N_("We checked it and did not put it on the list.")


@dataclass(frozen=True, slots=True)
class Progress:
    """One resource as its reporter sees it: `address` None where it was words, or is kept no longer; `reached` a place in STAGES."""

    address: str | None
    is_erased: bool
    is_sealed: bool
    reached: int
    sentence: str
    kind: str
    label: str
    may_be_own: bool


@dataclass(frozen=True, slots=True)
class Question:
    """One question as its reporter sees it: `text` None where the code does not open it, `field` None where it wants no answer any more."""

    text: str | None
    asked_at: datetime
    is_answered: bool
    field: Field | None


@page("/status", "status", methods=("GET", "POST"))
@limited(policy.RECEIPT_TRIES)
def status() -> ResponseReturnValue:
    """Ask for the code; with a code, tell what became of the report."""
    form = StatusForm(request.form if request.method == "POST" else None)
    if request.method != "POST":
        return render_template("public/status.html", form=form)
    if not form.validate():
        return render_template("public/status.html", form=form), 422
    return shown(form.code.data)


def shown(
    code: str, *, said: str = "", tried: AnswersForm | AddForm | None = None, status: int = 200, with_code: bool = False
) -> ResponseReturnValue:
    """The report that this code follows, or the form again where there is none.

    `said` is what the page says first; `tried` is a form that could not be taken, with all that was typed in it. `with_code` shows the
    code too, for whoever comes from the page that gave it to them and may not have written it down.
    """
    session, digest = request_session(), sealing.receipt_digest(code)
    try:
        found, talk = reporting.status(session, digest), conversing.conversation(session, digest)
    except ReceiptUnknown as refusal:
        return unknown(code, refusal)
    answering = _answering(talk.questions, code, tried)
    page = render_template(
        "public/progress.html",
        code=code,
        received_at=found.received_at,
        progress=tuple(_progress(resource) for resource in found.resources),
        stages=STAGES,
        talk=talk,
        questions=_questions(talk.questions, answering, code),
        waiting=len(answering.answers),
        adding=tried if isinstance(tried, AddForm) else AddForm(code=code, once=str(uuid.uuid4())),
        said=said,
        tried=answering if isinstance(tried, AnswersForm) else tried,
        with_code=with_code,
    )
    return page, status


def unknown(code: str, refusal: ReceiptUnknown) -> ResponseReturnValue:
    """The form for a code, with what was typed."""
    form = StatusForm(code=code)
    form.code.errors = (words(refusal),)
    return render_template("public/status.html", form=form), 422


def _questions(asked: tuple[QuestionAsked, ...], answering: AnswersForm, code: str) -> tuple[Question, ...]:
    if not asked:
        return ()
    identity, fields = sealing.receipt_identity(code, instance.keys()), answering.answers
    return tuple(
        Question(_opened(one.sealed, identity), one.asked_at, one.is_answered, None if one.is_answered else fields.get(one.reference))
        for one in asked
    )


def _answering(asked: tuple[QuestionAsked, ...], code: str, tried: AnswersForm | AddForm | None) -> AnswersForm:
    """A field for each question that waits, and for what was typed and could not be taken: it is not lost where a case closed meanwhile."""
    typed = tried.answers if isinstance(tried, AnswersForm) else {}
    form = AnswersForm.to((one.reference for one in asked if one.is_open or one.reference in typed), code=code)
    for question, field in form.answers.items():
        if question in typed:
            field.data, field.errors = typed[question].data, typed[question].errors
    return form


def _opened(sealed: bytes, identity: Identity) -> str | None:
    try:
        return sealing.open_message(sealed, identity)
    except sealing.CannotOpen:
        return None


def _progress(resource: ResourceStatus) -> Progress:
    reached = STAGE_REACHED.get(resource.state, len(STAGES) - 1)
    return Progress(
        address=resource.address,
        is_erased=resource.is_erased,
        is_sealed=resource.is_sealed,
        reached=reached,
        sentence=PUT_ASIDE.get(resource.state, NEXT[reached]) if reached in NEXT else _outcome(resource),
        kind=resource.kind,
        label=resources.label(resource.kind),
        may_be_own=resource.may_be_own,
    )


def _outcome(resource: ResourceStatus) -> str:
    if resource.is_temporary:
        return FOR_A_WEEK
    if resource.state is State.REJECTED and resource.outcome:
        return REJECTED.get(resource.outcome, NOT_TAKEN_UP)
    return OUTCOMES.get(resource.state, NOT_TAKEN_UP)
