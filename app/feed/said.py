"""What nginx may say again by itself for the rest of a second: that a file did not change, to the same token from the same address.

So the answer must come from a look at the token itself, and is good until the second ends in which that look began: a token that is revoked
dies within a second (deploy/nginx/flagstone.conf).
"""

import time
from http import HTTPStatus

from flask import Response, g, request

from app import instance

ASKED_BY = "X-Flagstone-May-Say-Again"
"""nginx sets it where it keeps answers, and takes it out of what clients send."""

KEPT_UNTIL = "X-Accel-Expires"


def is_asked() -> bool:
    """Whether nginx would keep the answer. Without nginx in front nobody does."""
    return ASKED_BY in request.headers and bool(instance.settings().accel)


def begin() -> None:
    """Note the second in which the look begins."""
    g.asked_at = int(time.time())


def until(response: Response) -> Response:
    """The answer, with word of how long nginx may keep it."""
    if is_asked():
        unchanged = response.status_code == HTTPStatus.NOT_MODIFIED
        response.headers[KEPT_UNTIL] = f"@{g.asked_at}" if unchanged else "0"
    return response
