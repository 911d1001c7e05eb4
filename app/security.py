"""Security headers and who may call what, each in one hook for the whole application."""

from http import HTTPStatus

from flask import Flask, Response, abort, current_app, request
from flask.typing import ResponseReturnValue

from app import audience
from app.content_policy import CONTENT_SECURITY_POLICY
from app.languages import current_language, has_words
from app.network.sessions import current_engineer
from app.network.sessions import sign_in_page as network_sign_in_page
from app.sign_in.sessions import current_actor, sign_in_page

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
    "X-Frame-Options": "DENY",
}


def init_app(app: Flask) -> None:
    """Guard every route by its declared audience, and every answer by the same headers."""
    app.before_request(_guard)
    app.after_request(_protect)


def _guard() -> ResponseReturnValue | None:
    endpoint = request.endpoint
    if endpoint is None:
        return None
    declared = audience.of(current_app, endpoint)
    if audience.NETWORK in declared and current_engineer() is None:
        return network_sign_in_page()
    allowed = audience.roles(declared)
    if not allowed:
        return None
    actor = current_actor()
    if actor is None:
        return sign_in_page()
    if actor.role not in allowed:
        abort(403)
    return None


def _protect(response: Response) -> Response:
    if response.status_code == HTTPStatus.NOT_MODIFIED:
        # It sends nothing that they protect, and what is kept has its own (RFC 9110, 15.4.5). Behind nginx they were half of what it cost.
        return response
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    # A file that is not there is answered with a page, like any other.
    if request.endpoint != "static" or response.status_code >= HTTPStatus.BAD_REQUEST:
        response.headers.setdefault("Cache-Control", "no-store")
        if has_words():
            response.headers.setdefault("Content-Language", current_language())
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
    return response
