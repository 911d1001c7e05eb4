"""A network's software, or its engineer, says that an entry is wrong. It opens a look at the desk, and takes nothing off the list."""

import uuid
from http import HTTPStatus
from typing import Any
from uuid import UUID

import orjson
from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock, errors, limits, listed_names
from app.audience import CONSUMER, audience
from app.database import request_session, transaction
from app.feed import doors
from app.feed.answers import private, sentence
from app.feed.views import feed
from app.languages import answer_without_words
from moderation import false_positives, formats, policy
from moderation.errors import InvalidAnswer
from moderation.false_positives import FalsePositiveSeen

MOST_OCTETS = 16_384


@feed.post("/false-positives")
@audience(CONSUMER)
def tell_false_positive() -> ResponseReturnValue:
    """Call an entry wrong: JSON with `entry` or `listing`, `why`, and `contact`."""
    known = doors.by_header("")
    if isinstance(known, Response):
        return known
    consumer = known.reference
    if not limits.within(policy.FALSE_POSITIVES, who=str(consumer)):
        late = sentence(HTTPStatus.TOO_MANY_REQUESTS, _("Too many messages in a short time; wait an hour, or write to us"))
        late.headers["Retry-After"] = str(int(policy.FALSE_POSITIVES.each.per.total_seconds()))
        return late
    given = _given()
    if given is None:
        return sentence(HTTPStatus.BAD_REQUEST, _("Send JSON: an object with entry or listing, why, and contact, all of them text"))
    try:
        with transaction() as session:
            found, is_new = false_positives.ask(
                session,
                consumer,
                _reference(given["listing"]),
                listed_names.named(given["entry"]),
                why=given["why"],
                contact=given["contact"],
                reference=uuid.uuid4(),
                at=clock.now(),
            )
    except InvalidAnswer as fault:
        return _json({"faults": {name: str(_(text)) for name, text in fault.faults.items()}}, errors.STATUS[InvalidAnswer])
    return _json(_told(found), HTTPStatus.CREATED if is_new else HTTPStatus.OK)


@feed.get("/false-positives")
@audience(CONSUMER)
def told_false_positives() -> ResponseReturnValue:
    """What this network called wrong, and what became of it."""
    known = doors.by_header("")
    if isinstance(known, Response):
        return known
    found = false_positives.all_of(request_session(), known.reference)
    return _json({"false_positives": [_told(one) for one in found]}, HTTPStatus.OK)


def _given() -> dict[str, str] | None:
    request.max_content_length = MOST_OCTETS
    try:
        found = orjson.loads(request.get_data())
    except orjson.JSONDecodeError:
        return None
    if not isinstance(found, dict):
        return None
    given = {name: found.get(name) or "" for name in ("entry", "listing", "why", "contact")}
    return given if all(isinstance(value, str) and "\0" not in value for value in given.values()) else None


def _reference(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _told(found: FalsePositiveSeen) -> dict[str, Any]:
    return {
        "reference": str(found.reference),
        "scope": found.scope,
        "entry": found.target,
        "told_at": formats.moment(found.asked_at),
        "look_by": formats.moment(found.review_due_at),
        "answer": found.answer,
        "answered_at": formats.moment(found.answered_at) if found.answered_at else None,
    }


def _json(said: dict[str, Any], status: HTTPStatus) -> Response:
    if "faults" not in said:
        answer_without_words()
    octets = orjson.dumps(said, option=orjson.OPT_APPEND_NEWLINE)
    return private(Response(octets, status=status, content_type="application/json"), "no-store")
