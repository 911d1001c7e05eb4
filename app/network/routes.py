"""The door of a network's pages, its key, and the first page."""

from http import HTTPStatus

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock, limits, secrets_shown
from app.audience import NETWORK, PUBLIC, audience
from app.database import request_session, transaction
from app.network import network, sessions
from app.network.sessions import acting
from moderation import consumers, policy


@network.get("/sign-in")
@audience(PUBLIC)
def door() -> ResponseReturnValue:
    """The form; who is signed in already goes on."""
    wanted = request.args.get("next")
    if sessions.current_engineer():
        return redirect(sessions.own_page(wanted), 303)
    return render_template("network/door.html", next=sessions.own_page(wanted), fault="")


@network.post("/sign-in")
@audience(PUBLIC)
def enter() -> ResponseReturnValue:
    """Sign in by a key, or use an invitation up and show the key that takes its place."""
    limits.require_own(policy.NETWORK_SIGN_INS)
    wanted = sessions.own_page(request.form.get("next"))
    entered = sessions.enter(request.form.get("key", "").strip())
    if entered is None:
        limits.count_failure(policy.NETWORK_SIGN_INS)
        fault = _("This opens nothing: it is mistyped, used already, too old, or its network is closed.")
        return render_template("network/door.html", next=wanted, fault=fault), HTTPStatus.UNAUTHORIZED
    token, new_key = entered
    if new_key:
        return sessions.remember(make_response(render_template("network/key.html", key=new_key)), token)
    return sessions.remember(make_response(redirect(wanted, 303)), token)


@network.post("/sign-out")
@audience(NETWORK)
def sign_out() -> ResponseReturnValue:
    """End this browser's sign-in."""
    return sessions.leave(make_response(redirect(url_for("network.door", done="signed-out"), 303)))


@network.post("/key")
@audience(NETWORK)
def new_key() -> ResponseReturnValue:
    """Change the key, and end every other sign-in."""
    key = secrets_shown.new()
    with transaction() as session:
        consumers.change_key(session, acting(), digest=secrets_shown.digest(key), at=clock.now(), staying=sessions.current_digest())
    return render_template("network/key.html", key=key)


@network.get("/")
@audience(NETWORK)
def home() -> ResponseReturnValue:
    """What the network's software carries, and what to do first."""
    session, engineer, now = request_session(), acting(), clock.now()
    carried = consumers.carried_by(session, engineer.id, at=now)
    return render_template(
        "network/home.html",
        consumer=consumers.one(session, engineer.reference, at=now),
        carried=carried,
        still=consumers.still_carried(session, carried, at_desk=False),
        ends_soon=[token for token in consumers.tokens_of(session, engineer.id, at=now) if token.ends_soon(now)],
    )
