"""`/api/v1/status`: what became of a report, and what this instance takes. A receipt's code travels in the body, so no log holds it."""

from http import HTTPStatus
from typing import Any

from flask import Response, jsonify

from app import errors, instance, limits, sealing
from app.api import requests, words
from app.api.blueprint import api
from app.api.problems import Problem, invalid
from app.api.shapes import StatusQuestion
from app.audience import PUBLIC, audience
from app.database import request_session
from app.report_shape import checked
from moderation import policy, reporting
from moderation.errors import ReceiptUnknown
from moderation.reporting import ResourceStatus
from moderation.vocabulary import Category

STATUS_BYTES = 10_000


@api.get("/v1/status")
@audience(PUBLIC)
def what_is_taken() -> Response:
    """What a program may send here, and how much of it."""
    return jsonify(
        operator=instance.settings().operator,
        takes_reports=True,
        categories=list(Category),
        limits={
            "text_characters": policy.REPORT_TEXT_LIMIT,
            "resources_per_report": policy.RESOURCES_PER_REPORT,
            "request_bytes": policy.REPORT_BYTES,
            "batch_reports": policy.BATCH_REPORTS,
            "batch_bytes": policy.BATCH_BYTES,
            "idempotency_key_hours": int(policy.REQUEST_KEY_KEPT.total_seconds() // 3600),
        },
    )


@api.post("/v1/status")
@audience(PUBLIC)
@limits.limited(policy.RECEIPT_TRIES)
def status() -> Response:
    """What became of the report with this receipt."""
    try:
        found = reporting.status(request_session(), sealing.receipt_digest(_code()))
    except ReceiptUnknown as refusal:
        raise Problem(HTTPStatus.NOT_FOUND, errors.words(refusal)) from None
    return jsonify(received_at=found.received_at.isoformat(), resources=[_progress(each) for each in found.resources])


def _code() -> str:
    _raw, given = requests.body(limit_octets=STATUS_BYTES)
    question = checked(given, StatusQuestion)
    if not isinstance(question, StatusQuestion):
        raise invalid(*question)
    return question.receipt


def _progress(resource: ResourceStatus) -> dict[str, Any]:
    stage = words.STAGE.get(resource.state, words.DECIDED)
    return {
        "kind": resource.kind,
        "canonical": resource.address,
        "stage": stage,
        "outcome": _outcome(resource) if stage == words.DECIDED else None,
    }


def _outcome(resource: ResourceStatus) -> str:
    return words.outcome(resource.state, resource.outcome, is_temporary=resource.is_temporary)
