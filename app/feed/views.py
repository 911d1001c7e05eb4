"""The feed's addresses. An answer is a file of the current release or one plain sentence, never a page: that could be taken for a list."""

from http import HTTPStatus

from flask import Blueprint, Response, current_app
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.audience import CONSUMER, audience
from app.feed import access, doors, pulls, said
from app.feed.answers import FIXED, MOVING, answer, sentence
from app.feed.current import Reader
from app.feed.pulls import noted
from app.release.packing import plain_name

feed = Blueprint("feed", __name__, url_prefix="/feed/v1")

READER = "flagstone_feed_reader"

RETRY_AFTER_SECONDS = 60
"""The job that makes and writes what is missing runs each minute."""


@feed.record
def _prepare(state: BlueprintSetupState) -> None:
    state.app.extensions[READER] = Reader(state.app.extensions["settings"].data)
    state.app.extensions[access.EXTENSION] = access.Authorised()
    state.app.extensions[pulls.EXTENSION] = pulls.Noted()


feed.before_request(said.begin)
feed.after_request(said.until)


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


@feed.get("/r/<int:serial>/<sha256>/<file_name>")
@audience(CONSUMER)
def by_digest(serial: int, sha256: str, file_name: str) -> ResponseReturnValue:
    """Serve the file that the index of this release names so, for as long as the release is kept."""
    file = plain_name(file_name)
    consumer = doors.by_header(file)
    return consumer if isinstance(consumer, Response) else noted(consumer, file, _serve_fixed(serial, sha256, file_name))


@feed.get("/t/<token>/<file_name>")
@audience(CONSUMER)
def by_address(token: str, file_name: str) -> ResponseReturnValue:
    """Serve a format file to software that sends no headers."""
    file = plain_name(file_name)
    consumer = doors.by_address(token, file)
    return consumer if isinstance(consumer, Response) else noted(consumer, file, _serve(file_name))


def _for_a_consumer(file_name: str) -> ResponseReturnValue:
    file = plain_name(file_name)
    consumer = doors.by_header(file)
    return consumer if isinstance(consumer, Response) else noted(consumer, file, _serve(file_name))


def _serve(file_name: str) -> Response:
    release = _reader().current()
    if release is None:
        return nothing_now()
    served = release.files.get(file_name)
    if served is None:
        return sentence(HTTPStatus.NOT_FOUND, _("This list has no format of this name"))
    try:
        return answer(release, served, MOVING)
    except FileNotFoundError:
        return nothing_now()


def _serve_fixed(serial: int, sha256: str, file_name: str) -> Response:
    release = _reader().kept(serial)
    served = release.files.get(file_name) if release else None
    if release is None or served is None or served.plain.etag != sha256:
        return _no_such_file()
    try:
        return answer(release, served, FIXED)
    except FileNotFoundError:
        return _no_such_file()


def _reader() -> Reader:
    reader: Reader = current_app.extensions[READER]
    return reader


def _no_such_file() -> Response:
    return sentence(HTTPStatus.NOT_FOUND, _("This file is not kept, or not any more; the index names those of the current release"))


def nothing_now() -> Response:
    """Nothing to give now, and when to come again."""
    missing = sentence(HTTPStatus.SERVICE_UNAVAILABLE, _("There is no release of this list to give at the moment"))
    missing.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return missing
