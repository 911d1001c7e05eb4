"""What nginx may say again by itself for the rest of a second: that a file did not change, or which file it is to send.

It says so to the same token from the same address alone. The answer must come from a look at the token itself, and is good until the
second ends in which that look began: a token that is revoked dies within a second (deploy/nginx/flagstone.conf).
"""

import time
from http import HTTPStatus

from flask import Response, g, request

from app import instance

ASKED_BY = "X-Flagstone-May-Say-Again"
"""nginx sets it where it keeps answers, to what it would keep, and takes it out of what clients send."""

UNCHANGED, FILE = "unchanged", "file"

HAND_OVER = "X-Accel-Redirect"
FILE_NAMED = "X-Flagstone-File"
"""HAND_OVER under a name that nginx does not act upon before it has kept the answer."""

KEPT_UNTIL = "X-Accel-Expires"


def is_asked() -> bool:
    """Whether nginx would keep the answer. Without nginx in front nobody does."""
    return ASKED_BY in request.headers and bool(instance.settings().accel)


def begin() -> None:
    """Note the second in which the look begins."""
    g.asked_at = int(time.time())


def mark_repeatable() -> None:
    """Mark this answer as one that nginx may say again: it depends on If-None-Match and the rest of nginx's key, and on nothing else."""
    g.is_repeatable = bool(request.if_none_match)


def until(response: Response) -> Response:
    """The answer, with word of how long nginx may keep it."""
    if not is_asked():
        return response
    wanted = request.headers[ASKED_BY]
    may_keep = wanted == UNCHANGED and response.status_code == HTTPStatus.NOT_MODIFIED and g.get("is_repeatable", False)
    if wanted == FILE and HAND_OVER in response.headers:
        response.headers[FILE_NAMED] = response.headers.pop(HAND_OVER)
        may_keep = True
    response.headers[KEPT_UNTIL] = f"@{g.asked_at}" if may_keep else "0"
    return response
