"""Who sends, under which key, and what stands in the body. Refuses what cannot be read; checks no report."""

from http import HTTPStatus
from typing import Any

import orjson
from flask import request
from flask_babel import gettext as _

from app.api.problems import Problem
from app.partner_tokens import partner_with
from app.report_shape import Fault
from moderation import policy
from moderation.partners import PartnerSeen, Right

JSON = "application/json"
BEARER = 'Bearer realm="reports"'


def sender() -> PartnerSeen | None:
    """The partner whose token stands in the Authorization header; None for a request without one.

    Raises:
        Problem: a token is there, but not good, or not good for this.
    """
    header = request.headers.get("Authorization", "").strip()
    if not header:
        return None
    scheme, _space, token = header.partition(" ")
    partner = partner_with(token.strip()) if scheme.lower() == "bearer" else None
    if partner is None:
        detail = _("This token is not known, or its time is over. Without the Authorization header you send as anyone may.")
        raise Problem(HTTPStatus.UNAUTHORIZED, detail, headers={"WWW-Authenticate": BEARER})
    if Right.REPORTS not in partner.rights:
        raise Problem(HTTPStatus.FORBIDDEN, _("This token is not for sending reports."))
    return partner


def idempotency_key() -> str:
    """The key under which this request may be sent again; empty where it has none.

    Raises:
        Problem: it is too short, too long, or holds something else than visible ASCII.
    """
    key = request.headers.get("Idempotency-Key", "")
    if "Idempotency-Key" not in request.headers:
        return ""
    fits = policy.REQUEST_KEY_LEAST <= len(key) <= policy.REQUEST_KEY_MOST
    if not fits or not all("!" <= sign <= "~" for sign in key):
        detail = _(
            "The Idempotency-Key must have %(least)s to %(most)s letters, digits or signs, drawn at random, such as a UUID.",
            least=policy.REQUEST_KEY_LEAST,
            most=policy.REQUEST_KEY_MOST,
        )
        raise Problem(HTTPStatus.BAD_REQUEST, detail)
    return key


def body(*, limit_octets: int) -> tuple[bytes, Any]:
    """The body as it came, and as JSON.

    Raises:
        Problem: it is no JSON, or says that it is something else. A longer one is 413, by the framework.
    """
    if request.mimetype != JSON or request.headers.get("Content-Encoding", "identity") != "identity":
        detail = _("Send the body as JSON, uncompressed, with Content-Type: application/json.")
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail, headers={"Accept": JSON})
    request.max_content_length = limit_octets
    raw = request.get_data(cache=False)
    try:
        return raw, orjson.loads(raw)
    except orjson.JSONDecodeError as fault:
        # Its text says what JSON it expected, and never quotes the body.
        told = Fault("", _("At line %(line)s, column %(column)s.", line=fault.lineno, column=fault.colno))
        raise Problem(HTTPStatus.BAD_REQUEST, _("The body is not JSON (RFC 8259, in UTF-8)."), faults=(told,)) from None
