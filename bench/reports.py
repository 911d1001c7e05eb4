"""Prepares reports as a browser would send them: fresh forms, most of them on new resources, the rest on ones known already."""

import itertools
import secrets
from datetime import timedelta
from urllib.parse import urlencode

from app import clock
from app.keys import Keys
from app.public import form_tokens
from bench import empty, load

DUPLICATES_IN_TEN = 3
KNOWN = tuple(f"https://hot{number}.test/offer/{number}" for number in range(20))
TOLD = "They promised hotel work and took my papers at the door. " * 5
EMPTY = load.post(empty.PATH, b"what=nothing&" * 37)
"""As long as a report, and read by nobody."""
_numbers = itertools.count(1)


def prepared(count: int, keys: Keys) -> list[bytes]:
    """Requests that each store one report. Three in ten name a resource that others name too, half of those the same one."""
    return [load.post("/en/report", urlencode(_form(keys)).encode()) for _ in range(count)]


def form(what: str, keys: Keys) -> dict[str, str]:
    """A filled-in form that was shown a minute ago."""
    token = form_tokens.issue(keys, at=clock.now() - timedelta(minutes=1))
    return {"what": what, "category": "labour", "how_known": "happened", "more": TOLD, "token": token, "subject": ""}


def _form(keys: Keys) -> dict[str, str]:
    return form(_resource(next(_numbers)), keys)


def _resource(number: int) -> str:
    if number % 10 >= DUPLICATES_IN_TEN:
        return f"https://{secrets.token_hex(6)}.test/offer/{number}?page={number % 7}"
    return KNOWN[0] if number % 2 else KNOWN[number // 10 % len(KNOWN)]
