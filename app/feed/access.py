"""Who pulls: finds a consumer by the token in a request, in every way that clients send one. Keeps no token and logs none."""

import threading
import time
from base64 import b64decode
from binascii import Error as NotBase64
from collections import OrderedDict
from collections.abc import Iterator

from flask import current_app, request

from app import clock
from app.database import request_session
from app.feed import said
from app.secrets_shown import LIMIT, digest
from moderation import consumers, policy
from moderation.consumers import ConsumerSeen

SIGN_IN = ('Bearer realm="feed"', 'Basic realm="feed", charset="UTF-8"')
"""What an answer to a request without a token offers; `Token` is understood too, but is no registered scheme."""

EXTENSION = "flagstone_authorised"
REMEMBERED = 10_000
"""Tokens that each process remembers for a moment."""


class Authorised:
    """Tokens that were good a moment ago, by their digests. What opened nothing is never remembered: a new token works at once."""

    def __init__(self) -> None:
        self._until: OrderedDict[bytes, tuple[float, ConsumerSeen]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, token: bytes) -> ConsumerSeen | None:
        """The consumer, where this was asked less than the moment ago."""
        until, consumer = self._until.get(token, (0.0, None))
        return consumer if time.monotonic() < until else None

    def put(self, token: bytes, consumer: ConsumerSeen, *, since: float) -> None:
        """Remember it. `since` is when it was asked for: what was revoked while the answer came must not count from now."""
        with self._lock:
            self._until[token] = (since + policy.AUTHORISATION_HELD.total_seconds(), consumer)
            self._until.move_to_end(token)
            while len(self._until) > REMEMBERED:
                self._until.popitem(last=False)


def consumer_in_header() -> ConsumerSeen | None:
    """The consumer whose token stands in the Authorization header; None without a valid one."""
    seen = (consumer_with(token) for token in _offered(request.headers.get("Authorization", "")))
    return next((consumer for consumer in seen if consumer), None)


def consumer_with(token: str) -> ConsumerSeen | None:
    """The consumer of a token, None where it is unknown, expired, revoked, or its consumer is disabled."""
    if not token or len(token) > LIMIT:
        return None
    stored, since = digest(token), time.monotonic()
    authorised: Authorised = current_app.extensions[EXTENSION]
    # What nginx remembers begins with a look of its own: two memories, one behind the other, would keep a revoked token for longer.
    known = None if said.is_asked() else authorised.get(stored)
    if known is None:
        known = consumers.consumer_for(request_session(), stored, at=clock.now())
        if known is not None:
            authorised.put(stored, known, since=since)
    return known


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
