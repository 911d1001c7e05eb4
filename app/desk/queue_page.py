"""The queue: saved views, filters as plain addresses, and taking a case from it."""

from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.audience import audience
from app.database import request_session, transaction
from app.desk import desk, forms
from app.desk.frame import REVIEWERS, acting
from app.errors import STATUS
from moderation import queue as verbs
from moderation import resources, states
from moderation.errors import HeldByAnother, IllegalTransition, NotIndependent, Refusal
from moderation.queue import Filters
from moderation.states import State
from moderation.vocabulary import Category, Lane, Role


@desk.get("/queue")
@audience(*REVIEWERS)
def queue() -> ResponseReturnValue:
    """The cases that an address asks for."""
    return _page(forms.read_filters(request.args, kinds()))


@desk.post("/queue/next")
@audience(*REVIEWERS)
def next_case() -> ResponseReturnValue:
    """Claim the most urgent case of a state, and go to it."""
    state = forms.read_filters(request.form, kinds()).state
    with transaction() as session:
        found = verbs.next_case(session, state, by=acting(), at=clock.now())
    if found is None:
        flash(_("No case is waiting here for you. Cases that you took part in, and those others hold, are left out."))
        return redirect(url_for("desk.queue", state=state), 303)
    return redirect(url_for("desk.case", reference=found), 303)


@desk.post("/cases/<uuid:reference>/claim")
@audience(*REVIEWERS)
def claim(reference: UUID) -> ResponseReturnValue:
    """Take one case. Where a colleague was quicker, say so above the queue."""
    try:
        with transaction() as session:
            verbs.claim(session, reference, by=acting(), at=clock.now())
    except (HeldByAnother, IllegalTransition, NotIndependent) as refusal:
        return _page(Filters(), refusal=refusal)
    return redirect(url_for("desk.case", reference=reference), 303)


@desk.post("/cases/<uuid:reference>/hand-back")
@audience(*REVIEWERS)
def hand_back(reference: UUID) -> ResponseReturnValue:
    """Let a case go, without a reason: nobody has to say why."""
    with transaction() as session:
        verbs.hand_back(session, reference, by=acting(), at=clock.now())
    flash(_("The case is back in the queue. Nothing counts against you."))
    return redirect(url_for("desk.queue"), 303)


@desk.post("/cases/<uuid:reference>/lease")
@audience(*REVIEWERS)
def lease(reference: UUID) -> ResponseReturnValue:
    """Keep a case while its page is worked on: called by desk.js, never needed without it."""
    with transaction() as session:
        verbs.extend(session, reference, by=acting(), at=clock.now())
    return Response(status=204)


def kinds() -> tuple[str, ...]:
    """Identifiers of every kind of resource, in order."""
    return tuple(sorted(resources.KINDS))


def _page(filters: Filters, *, refusal: Refusal | None = None) -> Response:
    session, by = request_session(), acting()
    response = make_response(
        render_template(
            "desk/queue.html",
            queue=verbs.page(session, filters, by=by, at=clock.now()),
            counts=verbs.counts(session, by=by),
            filters=filters,
            refusal=refusal,
            kinds=kinds(),
            categories=tuple(Category),
            lanes=tuple(Lane),
            states=tuple(state for state in State if state in states.OPEN),
            may_take_next=filters.state in states.REVIEWABLE and (filters.state is not State.AWAITING_THIRD or by.role is Role.SENIOR),
        )
    )
    response.status_code = STATUS[type(refusal)].value if refusal else 200
    return response
