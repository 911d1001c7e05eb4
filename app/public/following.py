"""Follow a report: a receipt's code in, plain stages and outcomes out. The code travels by POST, so no log or history holds it."""

from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import sealing
from app.database import request_session
from app.limits import limited
from app.public.blueprint import page
from app.public.forms import StatusForm
from moderation import policy, reporting
from moderation.errors import ReceiptUnknown
from moderation.reporting import ResourceStatus
from moderation.states import State
from moderation.vocabulary import N_, Outcome

STAGES = (N_("Received"), N_("Being checked"), N_("Decided"))

STAGE_REACHED = {State.WAITING: 0, State.PROPOSED: 1, State.AWAITING_THIRD: 1}
"""How far a case is, as a place in STAGES; every other state is decided. How many people have read it is nobody's business yet."""

NEXT = {
    0: N_("It waits for a trained person to read it."),
    1: N_("Several people are checking it, each on their own. Nothing is decided yet."),
}

OUTCOMES = {
    State.LISTED: N_("It is on the list now. Networks that use our list can act on it."),
    State.DELISTED: N_("It was on the list and has been taken off again."),
    State.EXPIRED: N_("It was on the list until its time there ran out."),
    State.NOT_LISTED: N_("We checked it and did not put it on the list: the people who looked did not agree that it should be."),
}

REJECTED = {
    Outcome.REJECT_LAWFUL: N_("We checked it and did not put it on the list: as far as we can tell, it is lawful."),
    Outcome.REJECT_SCOPE: N_("We checked it and did not put it on the list: it is not something this list is for."),
}
NOT_TAKEN_UP = N_("We checked it and did not put it on the list.")


@dataclass(frozen=True, slots=True)
class Progress:
    """One resource as its reporter sees it: `address` None where it was words rather than an address; `reached` a place in STAGES."""

    address: str | None
    reached: int
    sentence: str


@page("/status", "status", methods=("GET", "POST"))
@limited(policy.RECEIPT_TRIES)
def status() -> ResponseReturnValue:
    """Ask for the code; with a code, tell what became of the report."""
    form = StatusForm(request.form if request.method == "POST" else None)
    if request.method != "POST":
        return render_template("public/status.html", form=form)
    if not form.validate():
        return render_template("public/status.html", form=form), 422
    try:
        found = reporting.status(request_session(), sealing.receipt_digest(form.code.data))
    except ReceiptUnknown:
        form.code.errors = (_("We know no report with this code. Check each letter. A code is gone once its report is deleted."),)
        return render_template("public/status.html", form=form), 422
    progress = tuple(_progress(resource) for resource in found.resources)
    return render_template("public/progress.html", received_at=found.received_at, progress=progress, stages=STAGES)


def _progress(resource: ResourceStatus) -> Progress:
    reached = STAGE_REACHED.get(resource.state, len(STAGES) - 1)
    # The canonical form of a free text is a digest, which would tell its reporter nothing.
    address = resource.canonical if resource.host else None
    return Progress(address, reached, NEXT[reached] if reached in NEXT else _outcome(resource))


def _outcome(resource: ResourceStatus) -> str:
    if resource.state is State.REJECTED and resource.outcome:
        return REJECTED.get(resource.outcome, NOT_TAKEN_UP)
    return OUTCOMES.get(resource.state, NOT_TAKEN_UP)
