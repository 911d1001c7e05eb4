"""Who is signed in: the one module that knows Flask-Login and the cookie. Sign-ins lie in the database, where they can be revoked."""

import re
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlencode

from flask import Flask, Response, current_app, g, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_wtf.csrf import CSRFError, CSRFProtect

from app import clock, errors, given_back, instance, languages, secrets_shown
from app.database import request_session, transaction
from app.secrets_shown import digest
from app.sign_in import credentials
from moderation import people
from moderation.errors import SignInRefused
from moderation.vocabulary import Actor

PLACE = "/desk"
"""All that a cookie is for lies below this path, and every form below it is guarded against forgery."""

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
CSRF = CSRFProtect()
FIELD_NAME = "flagstone_field_name"
"""Where the application keeps what tells the name of a form's field, empty for what nobody types."""

_OWN_PAGE = re.compile(r"/desk(/[A-Za-z0-9._~/-]*)?(\?[^\s\\#]*)?")


class SignedIn(UserMixin):  # type: ignore[misc]
    """A person behind a token, as Flask-Login wants to see them."""

    def __init__(self, token: str, actor: Actor) -> None:
        self.token = token
        self.actor = actor

    def get_id(self) -> str:
        return self.token


class DeskSignIn(LoginManager):  # type: ignore[misc]
    """Flask-Login without its remember-me cookie: looking for one would touch the session of every public page."""

    def _update_remember_cookie(self, response: Response) -> Response:
        return response


def init_app(app: Flask, *, name_of: Callable[[str], str]) -> None:
    """Keep sign-ins in the database, and guard every form of the desk against forgery.

    `name_of` tells what the desk calls a field of its forms, in the page's language, and is empty for what nobody types.
    """
    app.extensions[FIELD_NAME] = name_of
    manager = DeskSignIn()
    # The address and browser of a person may change in a session; what ends it early is its row in the database.
    manager.session_protection = None
    manager.user_loader(_load)
    manager.init_app(app, add_context_processor=False)
    app.jinja_env.globals["this_page"] = this_page
    # Our pages send no referrer, which the strict check over HTTPS would demand; the browser's own word on a form's origin serves better.
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_SSL_STRICT=False)
    CSRF.init_app(app)
    app.before_request(_refuse_forged_forms)
    app.register_error_handler(CSRFError, _form_is_stale)


def current_actor() -> Actor | None:
    """Who is signed in, None for a guest. Looked up once a request, and left in `g.actor` for the rooms that may not import this one."""
    if "actor" not in g:
        g.actor = current_user.actor if current_user.is_authenticated else None
        languages.speak(g.actor.language if g.actor else "")
    actor: Actor | None = g.actor
    return actor


def admit(email: str, password: str, code: str) -> Actor:
    """Sign a person in under a new token, which ends what this browser had before.

    Raises:
        moderation.errors.SignInRefused: never says what was wrong.
    """
    leave()
    token, at = secrets_shown.new(), clock.now()
    keys = instance.keys()
    with transaction() as database:
        admitted = people.sign_in(
            database,
            # No stored address has a null byte, and the database would not even look for one.
            email.replace("\x00", ""),
            password_matches=lambda password_hash: credentials.password_matches(password_hash, password),
            code_step=lambda sealed: credentials.sealed_code_step(sealed, code, keys, at),
            token_digest=digest(token),
            at=at,
        )
    # Raised only now: the count of failed attempts must be kept.
    if isinstance(admitted, SignInRefused):
        raise admitted
    login_user(SignedIn(token, admitted))
    g.actor = admitted
    return admitted


def leave() -> None:
    """End the sign-in of this browser, if it has one, and forget its cookie's content."""
    token = session.get("_user_id")
    if token:
        with transaction() as database:
            people.sign_out(database, digest(token), at=clock.now())
    logout_user()
    session.clear()
    g.pop("actor", None)
    languages.speak("")


def sign_in_page() -> Response:
    """What a guest gets in place of a page of the desk: the way in, and whatever they had typed."""
    if request.accept_mimetypes.best == "application/json":
        return errors.answer(HTTPStatus.UNAUTHORIZED, _("Please sign in first."))
    if request.method not in ("GET", "HEAD"):
        return _kept("sign_in/ended.html", HTTPStatus.UNAUTHORIZED)
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        # After a link from elsewhere the browser holds a strict cookie back; one step from our own page and it comes along.
        here = own_page(request.full_path)
        return make_response(render_template("step.html", here=here, title=_("To the desk"), go_on=_("Go on to the desk")))
    address = _sign_in_address(request.full_path.rstrip("?"))
    if request.headers.get("HX-Request"):
        # A page that htmx would put in place of the last one: the door is a page of its own, with a head of its own.
        return Response(status=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": address})
    return make_response(redirect(address, 303))


def own_page(wanted: str | None) -> str:
    """The address to go to after signing in: a page of the desk and never anywhere else."""
    first = url_for("desk.home")
    if not wanted or not _OWN_PAGE.fullmatch(wanted) or ".." in wanted or wanted.startswith(url_for("sign_in.page")):
        return first
    return wanted


def this_page() -> str:
    """The address that shows this page again: its own, or of the answer to a form the page that the form stood on."""
    return own_page(request.full_path.rstrip("?")) if request.method == "GET" else _nearest_page(request.path)


def _load(token: str) -> SignedIn | None:
    actor = people.seen(request_session(), digest(token), at=clock.now())
    if actor is None:
        return None
    with transaction() as database:
        people.touch(database, digest(token), at=clock.now())
    return SignedIn(token, actor)


def _refuse_forged_forms() -> None:
    if not request.path.startswith(PLACE):
        return
    is_foreign = request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")
    if is_foreign and request.method not in SAFE_METHODS:
        raise CSRFError("The form comes from another site.")
    CSRF.protect()


def _form_is_stale(_fault: CSRFError) -> Response:
    # Looked up before anything is said, so that it is said in the language that they chose.
    current_actor()
    return _kept("sign_in/stale.html", HTTPStatus.BAD_REQUEST)


def _kept(template: str, status: HTTPStatus) -> Response:
    """A page that says nothing was stored, and gives back what was typed, to copy."""
    back = _nearest_page(request.path)
    name_of = current_app.extensions[FIELD_NAME]
    return given_back.page(template, status, name_of=name_of, back=back, sign_in_address=_sign_in_address(back))


def _nearest_page(path: str) -> str:
    """The page that a form belongs to: the nearest address above it that can be opened."""
    adapter = current_app.create_url_adapter(request)
    while adapter and path:
        if adapter.test(path, "GET"):
            return own_page(path)
        path = path.rpartition("/")[0]
    return own_page(None)


def _sign_in_address(page: str) -> str:
    return f"{url_for('sign_in.page')}?{urlencode({'next': own_page(page)})}"
