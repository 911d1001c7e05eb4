"""The queue: saved views, filters as plain addresses, and taking a case from it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from app import clock
from app.audience import audience
from app.database import request_session, transaction
from app.desk import desk, forms, words
from app.desk.attempts import Problem
from app.desk.frame import REVIEWERS, UNPROCESSABLE, acting
from app.errors import STATUS
from app.errors import words as said
from moderation import policy, resources
from moderation import queue as verbs
from moderation import several as bulk
from moderation.errors import HeldByAnother, HoldsTooMany, IllegalTransition, InvalidAnswer, NotIndependent, Refusal
from moderation.queue import Filters
from moderation.several import Done
from moderation.states import State
from moderation.vocabulary import Actor, Category, DeskLane

CONFLICT = 409
"""What a form is answered with that was in order, where none of the cases could be taken."""


@desk.get("/queue")
@audience(*REVIEWERS)
def queue() -> ResponseReturnValue:
    """The cases that an address asks for."""
    return _page(forms.read_filters(request.args, kinds()))


@desk.post("/queue/next")
@audience(*REVIEWERS)
def next_case() -> ResponseReturnValue:
    """Claim the most urgent case of a lane, of a state, or of the lanes this person chose; go to it."""
    state = forms.read_filters(request.form, kinds()).state if request.form.get("state") else None
    among = forms.lanes_of(request.form)
    try:
        with transaction() as session:
            found = verbs.next_case(session, state, among=among, by=acting(), at=clock.now(), draw=uuid4())
    except HoldsTooMany as refusal:
        return _page(Filters(mine=True), refusal=refusal)
    if found is None:
        flash(_("No case is waiting here for you. Cases that you took part in, and those others hold, are left out."))
        return redirect(url_for("desk.queue", state=state, lane=among[0] if among else None), 303)
    return redirect(url_for("desk.case", reference=found), 303)


@desk.post("/queue/lanes")
@audience(*REVIEWERS)
def choose_lanes() -> ResponseReturnValue:
    """Keep which lanes this person's next case comes from."""
    try:
        with transaction() as session:
            verbs.choose(session, forms.lanes_of(request.form), by=acting(), at=clock.now())
    except InvalidAnswer as refusal:
        return _page(Filters(), refusal=refusal)
    flash(_("Your next case comes from the lanes you chose."))
    return redirect(url_for("desk.queue"), 303)


@desk.post("/queue/several")
@audience(*REVIEWERS)
def several() -> ResponseReturnValue:
    """Claim, park or merge the cases that are ticked. Nothing is ever listed so: each listing is a decision of its own."""
    filters, act = forms.read_filters(request.form, kinds()), SEVERAL.get(request.form.get("act", ""), _claim_several)
    try:
        with transaction() as session:
            done = act(session, forms.cases_of(request.form))
    except InvalidAnswer as refusal:
        return _page(filters, faults={SHOWN_AS.get(field, field): fault for field, fault in refusal.faults.items()})
    if not done.done and done.refused:
        # Nothing happened, so what was ticked and typed stays.
        return _page(filters, left=tuple(dict.fromkeys(said(refusal) for _reference, refusal in done.refused)))
    _tell(done)
    return redirect(url_for("desk.queue", **address_parts(filters)), 303)


def _claim_several(session: Session, ticked: Sequence[UUID]) -> Done:
    return bulk.claim_several(session, ticked, by=acting(), at=clock.now())


def _park_several(session: Session, ticked: Sequence[UUID]) -> Done:
    until, because = _day(request.form.get("until", "")), request.form.get("because", "")
    return bulk.park_several(session, ticked, until=until, because=because, by=acting(), at=clock.now())


def _merge_several(session: Session, ticked: Sequence[UUID]) -> Done:
    return bulk.merge_several(
        session,
        ticked,
        into=request.form.get("into", ""),
        note=request.form.get("merge_note", ""),
        sent_none_of_the_reports="sent_none" in request.form,
        by=acting(),
        at=clock.now(),
    )


SEVERAL: Mapping[str, Callable[[Session, Sequence[UUID]], Done]] = {"park": _park_several, "merge": _merge_several}
"""What the ticked cases are sent for, beside claiming them."""

SHOWN_AS: Mapping[str, str] = {"note": "merge_note", "sent_none_of_the_reports": "sent_none"}
"""What the page calls fields of the rules."""

FIELDS = ("cases", "until", "because", "into", "merge_note", "sent_none")
"""The fields of the form for several cases, in the order of the page."""


def _tell(done: Done) -> None:
    if done.done:
        flash(ngettext("Done for %(num)s case.", "Done for %(num)s cases.", len(done.done)))
    for why in dict.fromkeys(said(refusal) for _reference, refusal in done.refused):
        flash(_("Left as it is: %(why)s", why=why))


def _day(text: str) -> datetime:
    """The beginning of a day, as a form gives it; a day long gone where it gives none, which the rule then refuses."""
    try:
        return datetime.combine(date.fromisoformat(text), time(), tzinfo=UTC)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)


@desk.post("/cases/<uuid:reference>/claim")
@audience(*REVIEWERS)
def claim(reference: UUID) -> ResponseReturnValue:
    """Take one case. Where a colleague was quicker, say so above the queue."""
    try:
        with transaction() as session:
            verbs.claim(session, reference, by=acting(), at=clock.now())
    except HoldsTooMany as refusal:
        return _page(Filters(mine=True), refusal=refusal)
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
        until = verbs.extend(session, reference, by=acting(), at=clock.now())
    return Response(status=204, headers={"Lease-Minutes": str(words.minutes_left(until, clock.now()))})


def kinds() -> tuple[str, ...]:
    """Identifiers of every kind of resource, in order."""
    return tuple(sorted(resources.KINDS))


def address_parts(filters: Filters) -> dict[str, Any]:
    """The filters as an address carries them."""
    usual = None if filters.text and not filters.lane else State.WAITING
    return {
        "state": filters.state if filters.state != usual else None,
        "mine": 1 if filters.mine else None,
        "kind": filters.kind or None,
        "category": filters.category or None,
        "lane": filters.lane or None,
        "text": filters.text or None,
    }


def _page(
    filters: Filters, *, refusal: Refusal | None = None, faults: Mapping[str, str] = MappingProxyType({}), left: Sequence[str] = ()
) -> Response:
    """The queue, with why one case was not had; with all that is wrong with what was sent for several, or why each was left."""
    session, by = request_session(), acting()
    response = make_response(
        render_template(
            "desk/queue.html",
            queue=verbs.page(session, filters, by=by, at=clock.now()),
            counts=verbs.counts(session, by=by),
            filters=filters,
            address_parts=address_parts(filters),
            refusal=refusal,
            problems={field: [Problem(text=_(faults[field]))] for field in FIELDS if field in faults},
            left=left,
            typed=request.form,
            kinds=kinds(),
            categories=tuple(Category),
            views=verbs.VIEWS,
            states=tuple(State),
            taken=verbs.taken_from(session, by=by, at=clock.now()),
            my_lanes=verbs.chosen(session, by=by),
            lanes_open=verbs.open_to(by),
            may_take_next=_may_take_next(filters, by=by),
            may_merge=filters.state is State.WAITING,
            may_park=filters.state is State.WAITING and not filters.mine,
            bulk=policy.BULK_CASES,
        )
    )
    response.status_code = STATUS[type(refusal)].value if refusal else UNPROCESSABLE if faults else CONFLICT if left else 200
    return response


def _may_take_next(filters: Filters, *, by: Actor) -> bool:
    if filters.lane in tuple(DeskLane):
        return DeskLane(filters.lane) in verbs.open_to(by)
    within = verbs.BY_STATE.get(filters.state, ()) if filters.state else ()
    return bool(within) and set(within) <= set(verbs.open_to(by)) and not filters.lane
