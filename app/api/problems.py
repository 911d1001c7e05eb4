"""What the API refuses, as problem details (RFC 9457). Decides nothing."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from flask_babel import gettext as _

from app.report_shape import Fault

RETRY_AFTER_SECONDS = 60


class Problem(Exception):
    """Ends a request with this answer. `faults` say where in the body, each with a JSON pointer."""

    def __init__(self, status: HTTPStatus, detail: str, *, faults: Sequence[Fault] = (), headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.faults, self.headers = status, detail, tuple(faults), dict(headers or {})

    @property
    def content(self) -> dict[str, Any]:
        """The body of the answer."""
        told = {"type": "about:blank", "title": self.status.phrase, "status": self.status.value, "detail": self.detail}
        return told | ({"errors": as_errors(self.faults)} if self.faults else {})


def as_errors(faults: Sequence[Fault]) -> list[dict[str, str]]:
    """Each fault as the API shows it."""
    return [{"pointer": each.pointer, "detail": each.detail} for each in faults]


def invalid(*faults: Fault) -> Problem:
    """The body was understood, but something in it is wrong."""
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, _("Something in this request is wrong; nothing was stored."), faults=faults)


def unavailable() -> Problem:
    """A fault of ours that will pass."""
    detail = _("We could not save this just now. Nothing was stored. Please send it again, with the same Idempotency-Key.")
    return Problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})
