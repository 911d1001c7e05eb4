"""Refusal to status, as HTML, plain text or problem+json. What is unknown is logged and gives an opaque 500 with a reference."""

import uuid
from http import HTTPStatus

import structlog
from flask import Flask, Response, jsonify, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from app.languages import set_apart
from moderation import errors

log = structlog.get_logger(__name__)

STATUS: dict[type[errors.Refusal], HTTPStatus] = {
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.NotAllowed: HTTPStatus.FORBIDDEN,
    errors.IllegalTransition: HTTPStatus.CONFLICT,
    errors.HeldByAnother: HTTPStatus.CONFLICT,
    errors.HoldsTooMany: HTTPStatus.CONFLICT,
    errors.Stale: HTTPStatus.CONFLICT,
    errors.NotIndependent: HTTPStatus.FORBIDDEN,
    errors.DeclarationMissing: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.AlreadyListed: HTTPStatus.CONFLICT,
    errors.NotOnLadder: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.InvalidAnswer: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.TooManyResources: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.NothingReported: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.ReceiptUnknown: HTTPStatus.NOT_FOUND,
    errors.ReportWithdrawn: HTTPStatus.CONFLICT,
    errors.NobodyToAsk: HTTPStatus.CONFLICT,
    errors.TooManyMessages: HTTPStatus.CONFLICT,
    errors.TooManyOpen: HTTPStatus.CONFLICT,
    errors.QuestionClosed: HTTPStatus.CONFLICT,
    errors.SignInRefused: HTTPStatus.UNAUTHORIZED,
    errors.AlreadyExists: HTTPStatus.CONFLICT,
    errors.KeyReused: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.UnknownRole: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.UnknownKind: HTTPStatus.UNPROCESSABLE_ENTITY,
}
"""One status for each refusal; a test demands that none is missing."""


def init_app(app: Flask) -> None:
    """Answer refusals, HTTP errors and the unknown; templates say a refusal with the filter `words`."""
    app.jinja_env.filters["words"] = words
    app.register_error_handler(errors.Refusal, refused)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, unknown)


def words(refusal: errors.Refusal) -> str:
    """What the rule forbids, in the page's language where it is translated, its places filled."""
    if isinstance(refusal, errors.InvalidAnswer):
        return " ".join(str(_(fault)) for fault in refusal.faults.values())
    sentence = str(_(refusal.sentence))
    values = {name: set_apart(value) for name, value in refusal.values.items()}
    return sentence % values if values else sentence


def refused(refusal: errors.Refusal) -> Response:
    """Say what the rule forbids, in its own words, in the page's language where they are translated."""
    return answer(STATUS[type(refusal)], words(refusal))


def http_error(fault: HTTPException) -> Response:
    """The framework's own errors, in our page; headers such as Allow or Location are kept."""
    if fault.code is None or fault.code < HTTPStatus.BAD_REQUEST:
        return make_response(fault.get_response())
    response = answer(HTTPStatus(fault.code), sentence(HTTPStatus(fault.code)))
    for name, value in fault.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    return response


def unknown(fault: Exception) -> Response:
    """Log what nobody foresaw, and give a reference to quote: never the fault itself."""
    reference = uuid.uuid4().hex[:12]
    # The exception's text may hold what a reporter typed, so only its kind and place are logged.
    log.error("unforeseen", reference=reference, endpoint=request.endpoint, fault=type(fault).__name__, place=_place(fault))
    text = _(
        "Something went wrong on our side. Nothing you sent has been published. If it happens again, quote this reference: %(reference)s",
        reference=reference,
    )
    return answer(HTTPStatus.INTERNAL_SERVER_ERROR, text)


def answer(status: HTTPStatus, text: str) -> Response:
    """An error in the form the client understands: a page, problem+json, or plain text for feed clients."""
    if request.path.startswith("/feed/"):
        # Never a page: it could be taken for a list.
        response = make_response(f"{status.value} {text}\n")
        response.mimetype = "text/plain"
    elif request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json":
        response = jsonify(type="about:blank", title=status.phrase, status=status.value, detail=text)
        response.mimetype = "application/problem+json"
    else:
        response = make_response(render_template("error.html", status=status, text=text))
    response.status_code = status.value
    return response


def sentence(status: HTTPStatus) -> str:
    """What to say for a plain HTTP error: what happened, and what to do."""
    sentences: dict[HTTPStatus, str] = {
        HTTPStatus.BAD_REQUEST: _("The page could not understand what was sent. Go back and try again."),
        HTTPStatus.UNAUTHORIZED: _("Please sign in first."),
        HTTPStatus.FORBIDDEN: _("You may not open this page. If you should be able to, ask your administrator."),
        HTTPStatus.NOT_FOUND: _("There is no page here. Check the address, or start again from the first page."),
        HTTPStatus.METHOD_NOT_ALLOWED: _("This page cannot be used that way. Go back and try again."),
        HTTPStatus.TOO_MANY_REQUESTS: _("Too much was asked from where you are in a short time. Wait ten minutes, then try again."),
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE: _("Please do not send files. The link is enough."),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _("That is more than one form can carry. Send less text, or send it in parts."),
    }
    return sentences.get(status, status.description)


def _place(fault: Exception) -> str:
    trace = fault.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
