"""Writes down what was pulled, seldom: the last pull of each token and file, and the serial that is carried since."""

import threading
import time
from collections import OrderedDict
from http import HTTPStatus

import structlog
from flask import Response, current_app, request
from sqlalchemy.exc import SQLAlchemyError

from app import clock
from app.database import database
from moderation import consumers, policy
from moderation.consumers import ConsumerSeen

log = structlog.get_logger(__name__)

EXTENSION = "flagstone_pulls"
REMEMBERED = 20_000
"""Tokens and files of which each process knows what it last wrote."""

HAS_IT = (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED)


class Noted:
    """What this process wrote down last, so that it asks the database no more often than it has something to write."""

    def __init__(self) -> None:
        self._noted: OrderedDict[tuple[int, str], tuple[int, float]] = OrderedDict()
        self._lock = threading.Lock()

    def is_news(self, token: int, file: str, serial: int) -> bool:
        """Whether this should be written now; whoever is told so writes it."""
        now = time.monotonic()
        with self._lock:
            before, until = self._noted.get((token, file), (0, 0.0))
            if before == serial and now < until:
                return False
            self._noted[token, file] = (serial, now + policy.PULL_NOTED.total_seconds())
            self._noted.move_to_end((token, file))
            while len(self._noted) > REMEMBERED:
                self._noted.popitem(last=False)
        return True


def noted(consumer: ConsumerSeen, file: str, response: Response, *, serial: int | None = None) -> Response:
    """The answer, after it is noted what its consumer carries from now on. `serial` where the answer's header has another one."""
    told = response.headers.get("X-Flagstone-Serial")
    carried = serial if serial is not None else int(told or 0)
    noted: Noted = current_app.extensions[EXTENSION]
    # A file that nobody took whole tells nothing of what is carried.
    if carried > 0 and request.method == "GET" and _is_whole(response) and noted.is_news(consumer.token, file, carried):
        _write(consumer.token, file, carried)
    return response


def _is_whole(response: Response) -> bool:
    if response.status_code == HTTPStatus.PARTIAL_CONTENT:
        octets, _, size = response.headers.get("Content-Range", "").rpartition("/")
        # A download that was broken off and goes on to the end.
        return size.isdigit() and octets.endswith(f"-{int(size) - 1}")
    return response.status_code in HAS_IT


def _write(token: int, file: str, serial: int) -> None:
    try:
        with database().transaction() as session:
            consumers.note(session, token, file, serial, at=clock.now())
    except SQLAlchemyError as fault:
        # The list goes out all the same; its own text may hold more than we log.
        log.warning("a pull could not be noted", fault=type(fault).__name__)
