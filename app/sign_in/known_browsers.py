"""Knows a browser again in which somebody signed in before, so that a flood of strangers' attempts does not close the door to them.

What it carries opens nothing: it is a number to count by, and holds for one e-mail alone, which it does not tell.
"""

import hashlib
import hmac
import secrets

from cryptography.fernet import InvalidToken
from flask import Response, request, url_for

from app import instance
from moderation import policy

COOKIE = "flagstone_known"
BOX = "known browser"
NUMBER_OCTETS = 16
LIMIT = 512
"""Characters of anything that could be one of ours."""


def number(email: str) -> str:
    """The browser's number, where somebody with this e-mail signed in in it; empty where not, or where that was long ago."""
    carried = request.cookies.get(COOKIE, "")
    if not carried or len(carried) > LIMIT:
        return ""
    try:
        found = instance.keys().box(BOX).decrypt(carried.encode(), ttl=int(policy.BROWSER_KNOWN.total_seconds()))
    except (InvalidToken, UnicodeEncodeError):
        return ""
    return found[:NUMBER_OCTETS].hex() if hmac.compare_digest(found[NUMBER_OCTETS:], _digest(email)) else ""


def remember(response: Response, email: str) -> Response:
    """Give the browser in which somebody just signed in a number, or let it keep its own a while longer."""
    kept = bytes.fromhex(number(email)) or secrets.token_bytes(NUMBER_OCTETS)
    response.set_cookie(
        COOKIE,
        instance.keys().box(BOX).encrypt(kept + _digest(email)).decode(),
        max_age=policy.BROWSER_KNOWN,
        path=url_for("sign_in.page"),
        httponly=True,
        secure=instance.settings().base_url.startswith("https://"),
        samesite="Strict",
    )
    return response


def _digest(email: str) -> bytes:
    return hmac.new(instance.keys().derive(BOX), email.strip().casefold().encode("utf-8", "replace"), hashlib.sha256).digest()
