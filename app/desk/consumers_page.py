"""Networks: who asks for the list, who has it, and what each of them carries. For administrators. Decides nothing."""

import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app import clock, secrets_shown
from app.audience import audience
from app.database import request_session, transaction
from app.desk import desk, forms
from app.desk.forms.reader import Reader
from app.desk.frame import UNPROCESSABLE, acting
from moderation import consumers, policy, publishing, revoking, webhooks
from moderation.errors import InvalidAnswer
from moderation.vocabulary import Role


@desk.get("/consumers")
@audience(Role.ADMIN)
def consumers_page() -> ResponseReturnValue:
    """Applications that wait, and every network."""
    return _page(page=forms.page_number(request.args))


@desk.post("/consumers/applications/<uuid:reference>/approve")
@audience(Role.ADMIN)
def consumer_approve(reference: UUID) -> ResponseReturnValue:
    """Let a network in, and show its invitation once."""
    invitation, name, consumer = secrets_shown.new(), Reader(request.form).text("name"), uuid.uuid4()
    try:
        with transaction() as session:
            until = consumers.approve(
                session,
                reference,
                name,
                consumer=consumer,
                invitation_digest=secrets_shown.digest(invitation),
                by=acting(),
                at=clock.now(),
            )
    except InvalidAnswer as refusal:
        return _page(reference, refusal.faults, page=forms.page_number(request.form))
    return _invitation(consumer, invitation, until)


@desk.post("/consumers/applications/<uuid:reference>/decline")
@audience(Role.ADMIN)
def consumer_decline(reference: UUID) -> ResponseReturnValue:
    """Refuse a network, with a reason."""
    try:
        with transaction() as session:
            consumers.decline(session, reference, Reader(request.form).text("reason"), by=acting(), at=clock.now())
    except InvalidAnswer as refusal:
        return _page(reference, refusal.faults, page=forms.page_number(request.form))
    flash(_("Declined. Write to the network, and tell it the reason."))
    page = forms.page_number(request.form)
    return redirect(url_for("desk.consumers_page", page=page if page > 1 else None), 303)


@desk.post("/consumers/applications/decline")
@audience(Role.ADMIN)
def consumers_decline() -> ResponseReturnValue:
    """Refuse the networks that are ticked, for one reason."""
    page = forms.page_number(request.form)
    try:
        with transaction() as session:
            reason = Reader(request.form).text("reason")
            count = consumers.decline_several(session, _ticked(), reason, by=acting(), at=clock.now())
    except InvalidAnswer as refusal:
        return _page(page=page, faults=refusal.faults)
    flash(ngettext("One application is declined.", "%(num)s applications are declined.", count))
    return redirect(url_for("desk.consumers_page", page=page if page > 1 else None), 303)


@desk.get("/consumers/<uuid:reference>")
@audience(Role.ADMIN)
def consumer_page(reference: UUID) -> ResponseReturnValue:
    """One network: who it is, and what it carries."""
    session, now = request_session(), clock.now()
    consumer = consumers.one(session, reference, at=now)
    carried = consumers.carried_by(session, consumer.id, at=now)
    still = consumers.still_carried(session, carried, at_desk=True)
    return render_template(
        "desk/consumer.html",
        consumer=consumer,
        carried=carried,
        still=still,
        transfer_keys=[key for key in publishing.transfer_keys_of(session, reference) if key.revoked_at is None],
        hooks=webhooks.all_of(session, reference),
    )


@desk.post("/consumers/<uuid:reference>/invite")
@audience(Role.ADMIN)
def consumer_invite(reference: UUID) -> ResponseReturnValue:
    """Let a network's engineer in again, as after a lost key, and show the invitation once."""
    invitation = secrets_shown.new()
    with transaction() as session:
        until = consumers.invite(session, reference, digest=secrets_shown.digest(invitation), by=acting(), at=clock.now())
    return _invitation(reference, invitation, until)


@desk.post("/consumers/<uuid:reference>/close")
@audience(Role.ADMIN)
def consumer_close(reference: UUID) -> ResponseReturnValue:
    """End all that a network may do."""
    return _done(consumers.close, reference, _("Closed. Its tokens and keys open nothing from now on."))


@desk.post("/consumers/<uuid:reference>/open")
@audience(Role.ADMIN)
def consumer_open(reference: UUID) -> ResponseReturnValue:
    """Let a network go on."""
    return _done(consumers.reopen, reference, _("Open again, with the tokens that it had. Its engineers need a new invitation."))


@desk.post("/consumers/<uuid:reference>/revoke-tokens")
@audience(Role.ADMIN)
def consumer_revoke_tokens(reference: UUID) -> ResponseReturnValue:
    """End all that opens the list to a network or tells it of it, each with its own line in the record."""
    said = _("All its tokens and transfer keys are revoked, and its webhooks removed. Its engineers can make new ones.")
    return _done(revoking.revoke_all, reference, said)


def _done(verb: Callable[..., object], reference: UUID, said: str) -> ResponseReturnValue:
    with transaction() as session:
        verb(session, reference, by=acting(), at=clock.now())
    flash(said)
    return redirect(url_for("desk.consumer_page", reference=reference), 303)


def _invitation(reference: UUID, invitation: str, until: object) -> ResponseReturnValue:
    consumer = consumers.one(request_session(), reference, at=clock.now())
    return render_template("desk/consumer_invited.html", consumer=consumer, invitation=invitation, until=until)


def _ticked() -> set[UUID]:
    """The applications ticked; what is no reference is none."""
    found = set()
    for text in request.form.getlist("application"):
        with suppress(ValueError):
            found.add(UUID(text))
    return found


def _page(tried: UUID | None = None, faults: Mapping[str, str] | None = None, *, page: int = 1) -> Response:
    session, now = request_session(), clock.now()
    response = make_response(
        render_template(
            "desk/consumers.html",
            waiting=consumers.waiting(session, page=page),
            everyone=consumers.everyone(session, at=now),
            states=consumers.states(session, at=now),
            tried=tried,
            faults=faults or {},
            typed=request.form,
            policy=policy,
        )
    )
    response.status_code = UNPROCESSABLE if faults else 200
    return response
