"""Who pulls: finds a consumer by the token in a request, in every way that clients send one. Keeps no token and logs none."""

import hashlib
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator

from flask import request

from app import clock
from app.database import request_session
from moderation import publishing
from moderation.publishing import ConsumerSeen

TOKEN_LIMIT = 512
"""Characters of anything that could be a token; longer ones are not looked up."""

SIGN_IN = ('Bearer realm="feed"', 'Basic realm="feed", charset="UTF-8"')
"""What an answer to a request without a token offers; `Token` is understood too, but is no registered scheme."""


def consumer_in_header() -> ConsumerSeen | None:
    """The consumer whose token stands in the Authorization header; None without a valid one."""
    seen = (consumer_with(token) for token in _offered(request.headers.get("Authorization", "")))
    return next((consumer for consumer in seen if consumer), None)


def consumer_with(token: str) -> ConsumerSeen | None:
    """The consumer of a token, None where it is unknown, expired, revoked, or its consumer is disabled."""
    if not token or len(token) > TOKEN_LIMIT:
        return None
    return publishing.consumer_for(request_session(), hashlib.sha256(token.encode()).digest(), at=clock.now())


def _offered(header: str) -> Iterator[str]:
    scheme, _, rest = header.strip().partition(" ")
    if scheme.lower() in ("bearer", "token"):
        yield rest.strip()
    elif scheme.lower() == "basic":
        # Some clients have one field for a token and put it in either place; the password is the usual one.
        user, _, password = _decoded(rest.strip()).partition(":")
        yield from (password, user)


def _decoded(text: str) -> str:
    try:
        return b64decode(text, validate=True).decode()
    except (NotBase64, UnicodeDecodeError):
        return ""
