"""What would change for a network that took the list now, over HTTP. Changes nothing; renders no page for people."""

from http import HTTPStatus
from typing import Any

import orjson
from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import dry_runs, limits
from app.audience import CONSUMER, audience
from app.dry_runs import CannotCompare
from app.feed import doors
from app.feed.answers import private, sentence
from app.feed.changes import SERIAL, refusal_of_too_far
from app.feed.views import feed, nothing_now
from app.languages import answer_without_words
from app.release.dry_run import DryRun, TooFarBehindError
from moderation import policy
from moderation.consumers import CHANGES


@feed.get("/dry-run")
@audience(CONSUMER)
def dry_run_since() -> ResponseReturnValue:
    """What would change since the serial that a network carries, in one file or on the list as a whole."""
    # A token that opens one file alone is told of that file alone.
    return _refusal(request.args.get("format") or CHANGES) or _since()


@feed.post("/dry-run")
@audience(CONSUMER)
def dry_run_against() -> ResponseReturnValue:
    """What would change for a network that carries the names in the body, one a line; nothing of it is kept."""
    return _refusal(CHANGES) or _against()


def _refusal(file: str) -> Response | None:
    consumer = doors.by_header(file)
    if isinstance(consumer, Response):
        return consumer
    if limits.within(policy.DRY_RUNS, who=str(consumer.reference)):
        return None
    refusal = sentence(HTTPStatus.TOO_MANY_REQUESTS, _("Too many dry runs in a short time; wait ten minutes"))
    refusal.headers["Retry-After"] = str(int(policy.DRY_RUNS.each.per.total_seconds()))
    return refusal


def _since() -> Response:
    asked, file = request.args.get("since", ""), request.args.get("format", "")
    if not SERIAL.fullmatch(asked):
        return sentence(HTTPStatus.BAD_REQUEST, _("The value of since must be a serial: a whole number, 0 or greater, in digits alone"))
    try:
        found = dry_runs.since(int(asked), file=file)
    except CannotCompare as refusal:
        return sentence(refusal.status, str(refusal))
    except TooFarBehindError:
        return refusal_of_too_far(int(asked)) or nothing_now()
    return _answer(found)


def _against() -> Response:
    request.max_content_length = policy.DRY_RUN_BYTES
    try:
        found = dry_runs.against(request.get_data())
    except CannotCompare as refusal:
        return sentence(refusal.status, str(refusal))
    except FileNotFoundError:
        return nothing_now()
    return _answer(found)


def _answer(found: DryRun | None) -> Response:
    if found is None:
        return nothing_now()
    number = request.args.get("page", "1")
    page = int(number) if number.isdecimal() and number.isascii() and len(number) < len(str(policy.DRY_RUN_LINES * 10)) else 0
    if not 1 <= page <= found.pages:
        return sentence(HTTPStatus.NOT_FOUND, _("This dry run has no page of this number"))
    said: dict[str, Any] = {
        "since": found.since,
        "serial": found.serial,
        "format": found.file or None,
        "counts": found.counts,
        "page": page,
        "pages": found.pages,
        "changes": found.page(page),
    }
    answer_without_words()
    octets = orjson.dumps(said, option=orjson.OPT_APPEND_NEWLINE)
    response = private(Response(octets, content_type="application/json"), "no-store")
    if request.method == "GET" and page < found.pages:
        following = url_for("feed.dry_run_since", since=found.since, format=found.file or None, page=page + 1)
        response.headers["Link"] = f'<{following}>; rel="next"'
    response.headers["X-Flagstone-Serial"] = str(found.serial)
    return response
