"""The changes since a serial, over HTTP: pages of JSON lines, or word that the full state is needed. Renders no page for people."""

import io
import re
from http import HTTPStatus

import orjson
from flask import Response, current_app, g, request, send_file, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.audience import CONSUMER, audience
from app.feed import doors
from app.feed.answers import MOVING, private, sentence
from app.feed.pulls import noted
from app.feed.ranges import OutOfReachError, Range, Ranges, TooLongError
from app.feed.views import READER, feed, nothing_now
from app.languages import answer_without_words
from app.release.deltas import Chain
from moderation.consumers import CHANGES, ConsumerSeen

RANGES = "flagstone_feed_ranges"
MEDIA_TYPE = "application/x-ndjson"
FULL_STATE = "feed.jsonl"
IMMUTABLE = "private, max-age=31536000, immutable"

_SERIAL = "0|[1-9][0-9]{0,17}"
SERIAL = re.compile(_SERIAL)
SPAN = re.compile(f"({_SERIAL})-({_SERIAL})")


@feed.record
def _prepare(state: BlueprintSetupState) -> None:
    state.app.extensions[RANGES] = Ranges(state.app.extensions["settings"].data)


@feed.get("/changes")
@audience(CONSUMER)
def changes() -> ResponseReturnValue:
    """Serve the next page of changes after the serial that a consumer carries."""
    consumer = doors.by_header(CHANGES)
    return consumer if isinstance(consumer, Response) else _noted(consumer, _since())


@feed.get("/changes/<span>")
@audience(CONSUMER)
def changes_between(span: str) -> ResponseReturnValue:
    """Serve the changes from one serial to another, at an address whose answer never changes."""
    consumer = doors.by_header(CHANGES)
    return consumer if isinstance(consumer, Response) else _noted(consumer, _between(span))


@feed.get("/t/<token>/changes")
@audience(CONSUMER)
def changes_by_address(token: str) -> ResponseReturnValue:
    """The same for software that sends no headers, where its consumer asked for it."""
    consumer = doors.by_address(token, CHANGES)
    return consumer if isinstance(consumer, Response) else _noted(consumer, _since(token))


@feed.get("/t/<token>/changes/<span>")
@audience(CONSUMER)
def changes_between_by_address(token: str, span: str) -> ResponseReturnValue:
    """The same at an address whose answer never changes."""
    consumer = doors.by_address(token, CHANGES)
    return consumer if isinstance(consumer, Response) else _noted(consumer, _between(span))


def _noted(consumer: ConsumerSeen, response: Response) -> Response:
    """The answer; who takes it carries what its last line made, which may be older than the newest release."""
    return noted(consumer, CHANGES, response, serial=g.get("carried"))


def _since(token: str = "") -> Response:
    chain = _ranges().chain()
    if chain is None:
        return nothing_now()
    asked = request.args.get("since")
    if asked is None:
        told = _("Begin with the full state, whose header has its serial; then ask here for what changed since that serial")
        return _full_state(HTTPStatus.BAD_REQUEST, told, chain)
    if not SERIAL.fullmatch(asked):
        return sentence(HTTPStatus.BAD_REQUEST, _("The value of since must be a serial: a whole number, 0 or greater, in digits alone"))
    since = int(asked)
    if since > chain.serial:
        return _ahead(since, chain)
    try:
        found = _ranges().page(since, chain)
    except OutOfReachError:
        return _too_far_behind(since, chain)
    response = _answer(found, newest=chain.serial)
    if not token:
        span = f"{found.since}-{found.serial}"
        response.headers["Content-Location"] = url_for("feed.changes_between", span=span)
    if found.serial < chain.serial:
        there = "feed.changes_by_address" if token else "feed.changes"
        following = url_for(there, since=found.serial, token=token or None)
        response.headers["Link"] = f'<{following}>; rel="next"'
    return private(response, MOVING)


def _between(span: str) -> Response:
    chain = _ranges().chain()
    if chain is None:
        return nothing_now()
    asked = SPAN.fullmatch(span)
    if asked is None or int(asked[1]) > int(asked[2]):
        return sentence(HTTPStatus.BAD_REQUEST, _("A range is two serials with a hyphen between them, the lower one first"))
    since, serial = int(asked[1]), int(asked[2])
    if serial > chain.serial:
        return sentence(HTTPStatus.NOT_FOUND, _("There is no release of that serial yet"))
    try:
        return private(_answer(_ranges().exactly(since, serial, chain), newest=serial), IMMUTABLE)
    except OutOfReachError:
        return _too_far_behind(since, chain)
    except TooLongError:
        told = _("This range is too long for one answer; ask for the changes since its first serial and follow the pages")
        return sentence(HTTPStatus.BAD_REQUEST, told)


def _answer(found: Range, *, newest: int) -> Response:
    g.carried = found.serial
    is_packed = _accepts_gzip()
    body = found.packed if is_packed else found.plain
    content = io.BytesIO(body.content) if isinstance(body.content, bytes) else body.content
    response = send_file(content, mimetype=MEDIA_TYPE, etag=body.etag, conditional=True, download_name="changes.jsonl")
    del response.headers["Content-Disposition"]
    if is_packed:
        response.headers["Content-Encoding"] = "gzip"
    answer_without_words()
    response.vary.add("Accept-Encoding")
    response.headers["X-Flagstone-Serial"] = str(newest)
    response.headers["X-Flagstone-Valid-Until"] = found.valid_until
    return response


def _ahead(since: int, chain: Chain) -> Response:
    """A serial above the newest change. The full state can be ahead of the changes only where writing them failed."""
    current = current_app.extensions[READER].current()
    if current is not None and since <= int(current.serial):
        return nothing_now()
    return sentence(
        HTTPStatus.BAD_REQUEST,
        _("The value of since is greater than the newest serial, which is %(serial)s; take the full state", serial=chain.serial),
    )


def _too_far_behind(since: int, chain: Chain) -> Response:
    told = _("The changes since serial %(since)s are kept no longer; take the full state and go on from its serial", since=since)
    return _full_state(HTTPStatus.GONE, told, chain)


def refusal_of_too_far(since: int) -> Response | None:
    """Word that only the full state helps; None before the first release."""
    chain = _ranges().chain()
    return _too_far_behind(since, chain) if chain else None


def _full_state(status: HTTPStatus, told: str, chain: Chain) -> Response:
    """Tell a program where to begin. No 200: a client that reads no body would think that nothing changed, and grow stale."""
    said = {
        "type": "full_state_required",
        "detail": told,
        "file": FULL_STATE,
        "address": url_for("feed.by_header", file_name=FULL_STATE),
        "oldest": chain.oldest,
        "serial": chain.serial,
    }
    octets = orjson.dumps(said, option=orjson.OPT_APPEND_NEWLINE)
    return private(Response(octets, status=status, content_type="application/json"), "no-store")


def _ranges() -> Ranges:
    found: Ranges = current_app.extensions[RANGES]
    return found


def _accepts_gzip() -> bool:
    """Whether the request names gzip, and no plain answer that it likes better. `*` names nothing: curl sends it and can't unpack."""
    liked = {coding.lower().removeprefix("x-"): quality for coding, quality in request.accept_encodings}
    return 0 < liked.get("gzip", 0) >= liked.get("identity", 0)
