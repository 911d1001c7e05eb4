"""The sign-in page, the demo buttons, signing out, and the language of one's own. Every way in goes through `sessions.admit`."""

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock, errors, instance, languages, limits
from app.audience import PUBLIC, audience
from app.database import database, transaction
from app.sign_in import credentials, known_browsers, sessions, sign_in
from moderation import people, policy
from moderation.errors import SignInRefused
from moderation.vocabulary import Role


@sign_in.get("/desk/sign-in")
@audience(PUBLIC)
def page() -> ResponseReturnValue:
    """The form; who is signed in already goes on to the desk."""
    if sessions.current_actor():
        return redirect(sessions.own_page(request.args.get("next")), 303)
    return _page(email="", wanted=request.args.get("next"))


@sign_in.post("/desk/sign-in")
@audience(PUBLIC)
def enter() -> ResponseReturnValue:
    """Sign in with e-mail, password and code."""
    return _entered(request.form.get("email", ""), request.form.get("password", ""), request.form.get("code", ""))


@sign_in.post("/desk/sign-in/demo")
@audience(PUBLIC)
def enter_as_demo() -> ResponseReturnValue:
    """Fill in a demo person's password and present code, and walk the same way in."""
    if not instance.settings().is_demo:
        abort(404)
    email = request.form.get("email", "")
    if email not in {person.email for person in _demo_people()}:
        abort(404)
    keys = instance.keys()
    code = credentials.current_code(credentials.demo_code_secret(keys, email), clock.now())
    return _entered(email, credentials.demo_password(keys), code)


@sign_in.post("/desk/sign-out")
@audience(PUBLIC)
def sign_out() -> ResponseReturnValue:
    """End this browser's sign-in."""
    sessions.leave()
    flash(_("You are signed out."))
    return redirect(url_for("sign_in.page"), 303)


@sign_in.post("/desk/language")
@audience(*Role)
def choose_language() -> ResponseReturnValue:
    """Keep the language that the desk speaks to this person, wherever they sign in; show the page that they came from in it."""
    tag, actor = request.form.get("language", ""), sessions.current_actor()
    if actor is None or tag not in ("", *(one.tag for one in languages.offered())):
        abort(400)
    with transaction() as session:
        people.choose_language(session, tag, by=actor)
    return redirect(sessions.own_page(request.form.get("page")), 303)


def _entered(email: str, password: str, code: str) -> ResponseReturnValue:
    """The page that they wanted, or the form again.

    Raises:
        TooManyRequests: no password was tried.
    """
    wanted, browser = request.form.get("next"), known_browsers.number(email)
    try:
        if browser:
            # Counted by itself alone, so that nobody else holds it up; and it holds for this one e-mail.
            limits.require_of("known browser", policy.SIGN_INS.each, who=browser)
            sessions.admit(email, password, code)
        else:
            with limits.trying(policy.SIGN_INS):
                sessions.admit(email, password, code)
    except SignInRefused as refusal:
        return _page(email=email, wanted=wanted, refusal=refusal)
    return known_browsers.remember(make_response(redirect(sessions.own_page(wanted), 303)), email)


def _page(*, email: str, wanted: str | None, refusal: SignInRefused | None = None) -> Response:
    response = make_response(
        render_template(
            "sign_in/page.html",
            email=email,
            next=sessions.own_page(wanted),
            refusal=refusal,
            policy=policy,
            demo_people=_demo_people() if instance.settings().is_demo else (),
        )
    )
    response.status_code = errors.STATUS[SignInRefused].value if refusal else 200
    return response


def _demo_people() -> tuple[people.PersonSeen, ...]:
    with database().reading() as session:
        return people.demo_people(session)
