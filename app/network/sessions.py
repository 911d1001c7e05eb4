"""Which engineer is signed in, by a cookie of this room's own, and that a form comes from our own pages. Keeps no key and logs none."""

import hashlib
import hmac
import re
from http import HTTPStatus
from urllib.parse import urlencode

from flask import Response, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock, errors, given_back, instance, secrets_shown
from app.database import request_session, transaction
from app.network import fields
from app.secrets_shown import LIMIT, digest
from moderation import consumers
from moderation.consumers import Engineer

COOKIE = "flagstone_network"
PLACE = "/network"
_OWN_PAGE = re.compile(r"/network/[a-z0-9/-]*")


def current_engineer() -> Engineer | None:
    """Who is signed in, None for anybody else. Looked up once a request."""
    if "engineer" not in g:
        g.engineer = _seen(request.cookies.get(COOKIE, ""))
    engineer: Engineer | None = g.engineer
    return engineer


def acting() -> Engineer:
    """Who is signed in. The guard has looked them up before any page of theirs runs."""
    engineer: Engineer = g.engineer
    return engineer


def current_digest() -> bytes:
    """What the database has of this browser's sign-in."""
    return digest(request.cookies.get(COOKIE, ""))


def enter(key: str) -> tuple[str, str] | None:
    """Sign in by a key or an invitation, always under a new token; the token, and the new key that an invitation brings (else "")."""
    token, new_key = secrets_shown.new(), secrets_shown.new()
    if not key or len(key) > LIMIT:
        return None
    with transaction() as session:
        # What this browser had before ends, whoever put it there.
        consumers.leave(session, current_digest(), at=clock.now())
        entered = consumers.enter(session, digest(key), new_key_digest=digest(new_key), sign_in_digest=digest(token), at=clock.now())
    if entered is None:
        g.engineer = None
        return None
    g.engineer, g.network_token = entered.engineer, token
    return token, new_key if entered.has_new_key else ""


def remember(response: Response, token: str) -> Response:
    """Give the browser its sign-in. It ends with the browser, and in the database before that."""
    is_secure = instance.settings().base_url.startswith("https://")
    response.set_cookie(COOKIE, token, path=PLACE, httponly=True, secure=is_secure, samesite="Strict")
    return response


def leave(response: Response) -> Response:
    """End this browser's sign-in."""
    with transaction() as session:
        consumers.leave(session, current_digest(), at=clock.now())
    response.delete_cookie(COOKIE, path=PLACE, httponly=True, samesite="Strict")
    return response


def form_token() -> str:
    """What every form of a signed-in engineer carries: only who has the sign-in can make it."""
    token = g.get("network_token") or request.cookies.get(COOKIE, "")
    return hmac.new(instance.keys().derive("network forms"), token.encode(), hashlib.sha256).hexdigest()


def refuse_forged_forms() -> Response | None:
    """Take a form from our own pages alone; what was typed is given back."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return None
    is_signed_in = current_engineer() is not None
    carries_token = hmac.compare_digest(request.form.get("csrf_token", "").encode(), form_token().encode())
    if _is_from_elsewhere() or (is_signed_in and request.endpoint != "network.enter" and not carries_token):
        return given_back.page("network/stale.html", HTTPStatus.BAD_REQUEST, name_of=fields.name)
    return None


def sign_in_page() -> Response:
    """What a guest gets in place of a page: the way in, and whatever they had typed."""
    if request.accept_mimetypes.best == "application/json":
        return errors.answer(HTTPStatus.UNAUTHORIZED, _("Please sign in first."))
    if request.method not in ("GET", "HEAD"):
        return given_back.page("network/ended.html", HTTPStatus.UNAUTHORIZED, name_of=fields.name)
    here = own_page(request.path)
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        # After a link from elsewhere the browser holds a strict cookie back; one step from our own page and it comes along.
        return make_response(render_template("step.html", here=here, title=_("Sign in as a network"), go_on=_("Go on to your pages")))
    return make_response(redirect(f"{url_for('network.door')}?{urlencode({'next': here})}", 303))


def own_page(wanted: str | None) -> str:
    """The address to go to after signing in: a page of this room and never anywhere else."""
    if not wanted or not _OWN_PAGE.fullmatch(wanted) or "//" in wanted or wanted.startswith(url_for("network.door")):
        return url_for("network.home")
    return wanted


def _seen(token: str) -> Engineer | None:
    if not token or len(token) > LIMIT:
        return None
    engineer = consumers.seen(request_session(), digest(token), at=clock.now())
    if engineer is not None:
        with transaction() as session:
            consumers.touch(session, digest(token), at=clock.now())
    return engineer


def _is_from_elsewhere() -> bool:
    fetched = request.headers.get("Sec-Fetch-Site")
    if fetched is not None:
        return fetched not in ("same-origin", "none")
    # Browsers that do not say so still send the form's origin;
    origin = request.headers.get("Origin")
    # ours are "null" there, because our pages send no referrer.
    return origin is not None and origin != "null" and origin.rstrip("/") != request.host_url.rstrip("/")
