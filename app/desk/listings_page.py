"""What is listed, and taking it off: one person, one step. The way out is cheaper than the way in."""

from collections.abc import Mapping
from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.audience import audience
from app.database import request_session, transaction
from app.desk import case_page, desk, forms
from app.desk.attempts import Attempt
from app.desk.frame import REVIEWERS, UNPROCESSABLE, acting
from app.errors import STATUS, words
from moderation import reviewing
from moderation.errors import IllegalTransition, InvalidAnswer, NotIndependent, Refusal
from moderation.vocabulary import REVIEWING_ROLES, EmergencyReason, Role


@desk.get("/listings")
@audience(*REVIEWERS, Role.AUDITOR, Role.ADMIN)
def listings() -> ResponseReturnValue:
    """Living listings, newest first."""
    return _page(text=forms.sought(request.args, "text"), page=forms.page_number(request.args))


@desk.post("/listings/<uuid:reference>/delist")
@audience(*REVIEWERS)
def delist(reference: UUID) -> ResponseReturnValue:
    """Take a listing off the list now."""
    because, faults = forms.read_delisting(request.form)
    case = forms.reference(request.form, "case")
    if faults:
        return _not_delisted(reference, because, InvalidAnswer(dict(faults)), case)
    try:
        with transaction() as session:
            reviewing.delist(session, reference, because, by=acting(), at=clock.now())
    except (InvalidAnswer, IllegalTransition, NotIndependent) as refusal:
        return _not_delisted(reference, because, refusal, case)
    flash(_("Delisted. The removal reaches every format of the feed within seconds."))
    return redirect(url_for("desk.case", reference=case) if case else url_for("desk.listings"), 303)


def _not_delisted(reference: UUID, because: str, refusal: Refusal, case: UUID | None) -> ResponseReturnValue:
    """The page that the form was sent from: the case's, or the listings."""
    faults = refusal.faults if isinstance(refusal, InvalidAnswer) else {}
    if case:
        attempt = Attempt(form="delisting", typed=request.form, faults=faults, refusal="" if faults else words(refusal))
        return case_page.shown(case, attempt=attempt, status=STATUS[type(refusal)].value)
    return _again(reference, because, faults, status=UNPROCESSABLE) if faults else _page(text="", page=1, refusal=refusal)


@desk.post("/listings/<uuid:reference>/emergency")
@audience(*REVIEWERS)
def delist_now(reference: UUID) -> ResponseReturnValue:
    """Take a listing off the list in one step; somebody else looks at it after."""
    reason, note = forms.read_emergency(request.form)
    try:
        with transaction() as session:
            reviewing.delist_now(session, reference, reason, note, by=acting(), at=clock.now())
    except (IllegalTransition, NotIndependent) as refusal:
        return _page(text="", page=1, refusal=refusal)
    flash(_("Off the list. The removal reaches every format within a minute; somebody else looks at it within two working days."))
    return redirect(url_for("desk.listings"), 303)


@desk.post("/listings/<uuid:reference>/reviewed")
@audience(*REVIEWERS)
def review_emergency(reference: UUID) -> ResponseReturnValue:
    """Say whether an emergency delisting was right."""
    note = forms.sought(request.form, "review_note")
    try:
        with transaction() as session:
            was_right = request.form.get("was_right") == "yes"
            reviewing.review_emergency(session, reference, was_right, note, by=acting(), at=clock.now())
    except InvalidAnswer as refusal:
        return _again(reference, note, refusal.faults, status=UNPROCESSABLE)
    except (IllegalTransition, NotIndependent) as refusal:
        return _page(text="", page=1, refusal=refusal)
    flash(_("Looked at. If it should be listed again, two people propose and agree anew."))
    return redirect(url_for("desk.listings"), 303)


def _again(reference: UUID, because: str, faults: Mapping[str, str], *, status: int) -> Response:
    """The listings with the form open where it was, since a person may have been on any page of them."""
    response = _page(text=forms.sought(request.form, "target"), page=1, attempt=(reference, because), faults=faults)
    response.status_code = status
    return response


def _page(
    *,
    text: str,
    page: int,
    refusal: Refusal | None = None,
    attempt: tuple[UUID, str] | None = None,
    faults: Mapping[str, str] | None = None,
) -> Response:
    response = make_response(
        render_template(
            "desk/listings.html",
            listings=reviewing.listings(request_session(), page=page, text=text),
            text=text,
            refusal=refusal,
            attempt=attempt,
            faults=faults or {},
            may_delist=acting().role in REVIEWING_ROLES,
            emergencies=reviewing.to_review(request_session(), by=acting()),
            reasons=tuple(EmergencyReason),
        )
    )
    response.status_code = STATUS[type(refusal)].value if refusal else 200
    return response
