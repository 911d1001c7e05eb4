"""Examples of the API's document: made up, and checked by tests against the types they show."""

from http import HTTPStatus
from typing import Any

Shown = dict[str, dict[str, Any]]

_ONE = {
    "what": "hxxps://jobs[.]example/offer/7\n@hotel_work_example",
    "category": "labour",
    "danger_now": False,
    "language": "en",
    "details": {"where_seen": "A chat group", "stages": ["recruiting"], "how_known": "told"},
}
_LITTLE = {"what": "hotel-jobs.example", "category": "unsure"}
_RECEIPT = "K7QX-2MPL-WDVA-6TNB-RJ3C-HZYE-GQ"
_RESOURCES = [{"kind": "web_page", "canonical": "https://jobs.example/offer/7"}]
_STORED = {"receipt": _RECEIPT, "resources": _RESOURCES}
_WRONG = {"pointer": "/category", "detail": "This is missing."}


def _shown(name: str, value: Any) -> Shown:  # noqa: ANN401 - any JSON
    return {name: {"value": value}}


REPORT = _shown("a report with details", _ONE) | _shown("the least", _LITTLE)
BATCH = _shown("a partner's batch", {"reports": [_ONE, _LITTLE]})
STORED = _shown("one report", _STORED)
BATCH_STORED = _shown("a batch", {"stored": 1, "refused": 0, "results": [{"index": 0, "status": 201, **_STORED}]})
BATCH_IN_PART = _shown(
    "a batch",
    {
        "stored": 1,
        "refused": 1,
        "results": [{"index": 0, "status": 201, **_STORED}, {"index": 1, "status": 422, "errors": [_WRONG]}],
    },
)
STATUS_QUESTION = _shown("a receipt", {"receipt": _RECEIPT})
STATUS = _shown(
    "a report that is decided",
    {"received_at": "2026-11-24T12:00:00+00:00", "resources": [{**_RESOURCES[0], "stage": "decided", "outcome": "listed"}]},
)


def problem(status: int) -> Shown:
    """What a refusal with this status looks like."""
    told = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": "What is wrong, in a sentence."}
    return _shown("a problem", told | ({"errors": [_WRONG]} if status == HTTPStatus.UNPROCESSABLE_ENTITY else {}))
