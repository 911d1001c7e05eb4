"""The OpenAPI document: made of the types that are checked, so that it cannot tell of fields that are not there. Answers no request."""

from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app.api import examples
from app.api.shapes import About, Batch, BatchAnswer, Problem, StatusAnswer, StatusQuestion, Stored
from app.report_shape import GivenReport
from moderation import policy
from moderation.vocabulary import N_

VERSION = "1.0"
REF = "#/components/schemas/{model}"
QUESTIONS: tuple[type[BaseModel], ...] = (GivenReport, Batch, StatusQuestion)
ANSWERS: tuple[type[BaseModel], ...] = (Stored, BatchAnswer, StatusAnswer, About, Problem)

ABOUT = N_(
    "Send reports of things online that seem to be used for trafficking in persons, and follow them. Anyone may send one report at a "
    "time, without an account. Accredited partners send many at once, with a token. Nothing about the sender is kept: no address, no "
    "program's name, no cookie. What you write is locked at once, and only people trained for it can read it."
)

Part = dict[str, Any]


def document(server: str) -> Part:
    """The whole API in OpenAPI 3.1, for a server at this address."""
    _map, schemas = models_json_schema(
        [*((each, "validation") for each in QUESTIONS), *((each, "serialization") for each in ANSWERS)], ref_template=REF
    )
    return {
        "openapi": "3.1.0",
        "info": {"title": "Flagstone", "version": VERSION, "description": ABOUT},
        "servers": [{"url": server}],
        "paths": {"/api/v1/reports": {"post": _send()}, "/api/v1/status": {"get": _about(), "post": _status()}},
        "components": {
            "schemas": {name: _plain(schema) for name, schema in schemas["$defs"].items()},
            "securitySchemes": {"partner": {"type": "http", "scheme": "bearer", "description": N_("The token of a partner.")}},
        },
    }


def _send() -> Part:
    answers = {
        201: _answer(N_("Stored: one report, or every report of a batch."), (Stored, BatchAnswer), examples.STORED | examples.BATCH_STORED),
        207: _answer(N_("A batch, some of whose reports are wrong; the others are stored."), (BatchAnswer,), examples.BATCH_IN_PART),
    }
    answers[201]["headers"] = answers[207]["headers"] = {"Idempotency-Replayed": _REPLAYED}
    return {
        "operationId": "sendReports",
        "summary": N_("Send a report, or many"),
        "description": N_("One report, from anyone; or, with a partner's token, a batch of them, each of which is stored by itself."),
        "security": [{}, {"partner": []}],
        "parameters": [_IDEMPOTENCY_KEY],
        "requestBody": _question((GivenReport, Batch), examples.REPORT | examples.BATCH),
        "responses": _with_problems(answers, 400, 401, 403, 413, 415, 422, 503),
    }


def _status() -> Part:
    return {
        "operationId": "followReport",
        "summary": N_("Follow a report"),
        "description": N_("The code travels in the body, so that no log and no history holds it."),
        "security": [{}],
        "requestBody": _question((StatusQuestion,), examples.STATUS_QUESTION),
        "responses": _with_problems(
            {200: _answer(N_("How far each thing is that the report names."), (StatusAnswer,), examples.STATUS)},
            *(400, 404, 413, 415, 422, 429),
        ),
    }


def _about() -> Part:
    return {
        "operationId": "whatIsTaken",
        "summary": N_("What may be sent, and how much"),
        "security": [{}],
        "responses": {"200": _answer(N_("The limits of this instance."), (About,), {})},
    }


_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": N_(
        "Drawn at random by you, such as a UUID. Send the same request again under the same key and you get the same answer, and "
        "nothing is stored twice. Known for a day; another request under the same key is refused."
    ),
    "schema": {
        "type": "string",
        "minLength": policy.REQUEST_KEY_LEAST,
        "maxLength": policy.REQUEST_KEY_MOST,
        "pattern": "^[!-~]+$",
    },
}
_REPLAYED = {
    "description": N_("“true” where the same request was answered before under its key."),
    "schema": {"type": "string", "enum": ["true"]},
}

PROBLEMS = {
    400: N_("The body is not JSON, or the Idempotency-Key cannot be one."),
    401: N_("The token is not known, or its time is over."),
    403: N_("The token is not for this; or many reports came without one."),
    404: N_("No report has this receipt."),
    413: N_("The request is too large."),
    415: N_("The body is not said to be JSON."),
    422: N_("Something in the request is wrong: “errors” says what, and where."),
    429: N_("Too many receipts were asked for. Retry-After says when to go on."),
    503: N_("We could not save it just now. Send it again later, with the same Idempotency-Key."),
}


def _with_problems(answers: dict[int, Part], *statuses: int) -> Part:
    problems = {status: _answer(PROBLEMS[status], (Problem,), examples.problem(status), "application/problem+json") for status in statuses}
    if 401 in problems:
        problems[401]["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
    for status in {429, 503} & set(problems):
        problems[status]["headers"] = {"Retry-After": {"description": N_("Seconds."), "schema": {"type": "string", "pattern": "^[0-9]+$"}}}
    return {str(status): answer for status, answer in sorted((answers | problems).items())}


def _question(shapes: tuple[type[BaseModel], ...], shown: Part) -> Part:
    return {"required": True, "content": {"application/json": {"schema": _schema(shapes), "examples": shown}}}


def _answer(description: str, shapes: tuple[type[BaseModel], ...], shown: Part, media_type: str = "application/json") -> Part:
    content = {"schema": _schema(shapes)} | ({"examples": shown} if shown else {})
    return {"description": description, "content": {media_type: content}}


def _schema(shapes: tuple[type[BaseModel], ...]) -> Part:
    references = [{"$ref": REF.format(model=shape.__name__)} for shape in shapes]
    return references[0] if len(references) == 1 else {"oneOf": references}


def _plain(schema: Any) -> Any:  # noqa: ANN401 - any part of a schema
    """Without the titles that only repeat names, and without defaults that say nothing."""
    if isinstance(schema, list):
        return [_plain(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    told = {
        name: part for name, part in schema.items() if not (name == "title" and isinstance(part, str)) and (name, part) != ("default", None)
    }
    return {name: _plain(part) for name, part in told.items()}


def phrase(status: str) -> str:
    """A status as people know it."""
    return f"{status} {HTTPStatus(int(status)).phrase}"
