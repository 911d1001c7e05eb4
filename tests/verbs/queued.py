"""Cases in the queue, as tests make them and look for them."""

from datetime import timedelta

from moderation import queue
from moderation.queue import Filters
from tests import builders
from tests.builders import NOON

TOMORROW = NOON + timedelta(days=1)


def site(number: int) -> str:
    return f"https://site{number}.test/offer"


def shown(session, **filters) -> list[str]:
    return [row.canonical for row in queue.page(session, Filters(**filters), by=builders.person(session), at=NOON).rows]
