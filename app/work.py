"""Proof of work (ALTCHA) for forms that are shown while many reports come in: sets it, and takes each solution once. Refuses nobody."""

import base64
import json
from datetime import timedelta

import altcha

from app import clock
from app.counters import Counters
from moderation import policy

ALGORITHM = "PBKDF2/SHA-256"
ONE_IN_256 = "00"
"""What a derived key begins with when an attempt succeeds, in hexadecimal digits."""

LONGEST = 2_000
"""Characters of a solution as our page sends it; a longer one is not read."""


def challenge(counters: Counters) -> str:
    """A fresh piece of work, as JSON for the page. Setting it costs us next to nothing."""
    made = altcha.create_challenge(
        ALGORITHM,
        policy.WORK_ROUNDS,
        key_prefix=ONE_IN_256,
        expires_at=clock.now() + policy.WORK_LIFETIME,
        hmac_secret=counters.signing_key(),
    )
    return json.dumps(made.to_dict(), separators=(",", ":"))


def is_done(sent: str, counters: Counters) -> bool:
    """Whether this is the solution of a piece of ours, still timely, and sent for the first time. A second sending is no solution."""
    payload = _read(sent)
    if payload is None:
        return False
    at = int(clock.now().timestamp())
    # Before anything costly: age and signature are the library's first checks, and it derives a key only after them.
    name = f"work {payload.challenge.parameters.nonce}".encode()
    if counters.is_spent(name, at=at) or not altcha.verify_solution(payload, counters.signing_key()).verified:
        return False
    # The nonce is signed, so one piece of work has one name however its solution is written.
    return counters.spend(name, until=at + int((policy.WORK_LIFETIME + timedelta(minutes=1)).total_seconds()), at=at)


def _read(sent: str) -> altcha.Payload | None:
    if not 0 < len(sent) <= LONGEST:
        return None
    try:
        return altcha.Payload.from_dict(json.loads(base64.b64decode(sent)))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
