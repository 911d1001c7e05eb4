"""The feed's addresses. An answer is a file of the current release or one plain sentence, never a page: that could be taken for a list."""

from http import HTTPStatus

from flask import Blueprint, Response, current_app, request, send_file
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.audience import CONSUMER, audience
from app.feed import access
from app.feed.current import CurrentRelease, Reader, Representation

feed = Blueprint("feed", __name__, url_prefix="/feed/v1")

READER = "flagstone_feed_reader"

RETRY_AFTER_SECONDS = 60
"""The job that makes and writes what is missing runs each minute."""


@feed.record
def _prepare(state: BlueprintSetupState) -> None:
    state.app.extensions[READER] = Reader(state.app.extensions["settings"].data)


@feed.get("/")
@audience(CONSUMER)
def the_index() -> ResponseReturnValue:
    """Show the index of the current release."""
    return _for_a_consumer("")


@feed.get("/<file_name>")
@audience(CONSUMER)
def by_header(file_name: str) -> ResponseReturnValue:
    """Serve a format file to whoever sends a token in the Authorization header."""
    return _for_a_consumer(file_name)


@feed.get("/t/<token>/<file_name>")
@audience(CONSUMER)
def by_address(token: str, file_name: str) -> ResponseReturnValue:
    """Serve a format file to software that sends no headers.

    One answer for an unknown token and for a format that its consumer did not ask for in this way: it tells nothing to who guesses.
    """
    consumer = access.consumer_with(token)
    if consumer is None or file_name.removesuffix(".gz") not in consumer.address_formats:
        return _sentence(HTTPStatus.NOT_FOUND, _("There is no list at this address"))
    return _serve(file_name)


def _for_a_consumer(file_name: str) -> ResponseReturnValue:
    if access.consumer_in_header() is None:
        refusal = _sentence(HTTPStatus.UNAUTHORIZED, _("This address needs the token of a consumer, in the Authorization header"))
        for offer in access.SIGN_IN:
            refusal.headers.add("WWW-Authenticate", offer)
        return refusal
    return _serve(file_name)


def _serve(file_name: str) -> Response:
    reader: Reader = current_app.extensions[READER]
    release = reader.current()
    if release is None:
        missing = _sentence(HTTPStatus.SERVICE_UNAVAILABLE, _("There is no release of this list to give at the moment"))
        missing.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return missing
    found = release.plain.get(file_name)
    if found is None:
        return _sentence(HTTPStatus.NOT_FOUND, _("This list has no format of this name"))
    packed = release.packed.get(file_name)
    return _answer(release, packed if packed and _accepts_gzip() else found, varies=packed is not None)


def _answer(release: CurrentRelease, found: Representation, *, varies: bool) -> Response:
    if request.if_none_match.contains_weak(found.etag):
        response = Response(status=HTTPStatus.NOT_MODIFIED)
        del response.headers["Content-Type"]
        response.set_etag(found.etag)
    else:
        # The path names the release's own folder, not the pointer: a release that comes meanwhile can't mix with this one.
        response = send_file(found.path, mimetype=found.media_type, etag=found.etag, last_modified=release.published_at, conditional=True)
        response.headers["Content-Type"] = found.media_type
    if found.packed:
        response.headers["Content-Encoding"] = "gzip"
    if varies:
        response.vary.add("Accept-Encoding")
    response.headers["X-Flagstone-Serial"] = release.serial
    response.headers["X-Flagstone-Valid-Until"] = release.valid_until
    return _private(response, "private, no-cache")


def _accepts_gzip() -> bool:
    # Quality alone would give gzip to `*`, which curl and others send without being able to unpack.
    return any(coding.lower() == "gzip" and quality > 0 for coding, quality in request.accept_encodings)


def _sentence(status: HTTPStatus, text: str) -> Response:
    """One sentence without a dot in it: no program finds a name, an address or a comment there."""
    response = Response(f"{status.value} {text}\n", status=status, content_type="text/plain; charset=utf-8")
    return _private(response, "no-store")


def _private(response: Response, caching: str) -> Response:
    response.headers["Cache-Control"] = caching
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
