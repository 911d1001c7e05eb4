"""Pages of the desk, as a browser gets them, before a long queue and a short one: hooks, queries, templates; without the network."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock, create_app
from app.database import Database
from bench import filling
from bench.figures import Figure
from bench.place import Place
from bench.turns import Work, compare
from moderation.models import Case, ResourceRow
from moderation.states import State

TITLE = "The desk's pages at 1,000,000 cases against 10,000 (100,000 against 1,000 with --quick)"
SIZES, QUICK_SIZES = (10_000, 1_000_000), (1_000, 100_000)
LIMIT = 2
TURNS = 15
SENIOR, ADMIN = "senior@demo.example", "admin@demo.example"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')

PAGES = {
    "queue": "/desk/queue",
    "queue, tenth page": "/desk/queue?page=10",
    "queue, slow lane": "/desk/queue?lane=slow",
    "queue, the rarest category": "/desk/queue?category=child",
    "queue, one kind": "/desk/queue?kind=web_page",
    "queue, listed": "/desk/queue?state=listed",
    "queue, searched by name": "/desk/queue?text={host}",
    "queue, searched by reference": "/desk/queue?text={waiting}",
    "queue, searched for a number not there": "/desk/queue?text=%2B44+20+7946+0958",
    "case that waits": "/desk/cases/{waiting}",
    "case that is listed": "/desk/cases/{listed}",
    "overview": "/desk/overview",
    "overview, decided cases": "/desk/overview/cases/decided?day={day}",
    "listings": "/desk/listings",
    "held entries": "/desk/held",
    "growth": "/desk/growth",
    "record": "/desk/audit",
}
ADMINS = ("record",)
"""Addresses; what stands in braces is filled in from each database."""


def run(place: Place) -> Iterator[Figure]:
    """Each page against the same page with less behind it."""
    short, long = QUICK_SIZES if place.is_quick else SIZES
    databases = [filling.filled(place, f"bench_pages_{cases}", cases=cases * 3 // 4, entries=cases // 4) for cases in (long, short)]
    desks = [Desk(place, database) for database in databases]
    for name, address in PAGES.items():
        seen = compare(*(desk.opening(address, by=ADMIN if name in ADMINS else SENIOR) for desk in desks), turns=TURNS)
        told = f"{seen.milliseconds:.1f} against {seen.other_milliseconds:.1f} ms"
        yield Figure(name=f"{name}, {long:,} cases against {short:,}", value=seen.ratio, at_most=LIMIT, seen=told)
    for database in databases:
        place.drop(database)


class Desk:
    """The desk of this database, and people signed in at it."""

    def __init__(self, place: Place, database: Database) -> None:
        self._app: Flask = create_app(replace(place.settings, environment="demo"), database_url=database.url)
        self._given = _given(database)
        self._browsers = {email: self._signed_in(email) for email in (SENIOR, ADMIN)}

    def opening(self, address: str, *, by: str) -> Work:
        """Open this page."""
        filled, browser = address.format(**self._given), self._browsers[by]

        def work() -> None:
            answer = browser.get(filled)
            if answer.status_code != HTTPStatus.OK:
                raise RuntimeError(f"{filled} was answered with {answer.status_code}.")

        return work

    def _signed_in(self, email: str) -> FlaskClient:
        browser = self._app.test_client()
        token = TOKEN.search(browser.get("/desk/sign-in").text)
        browser.post("/desk/sign-in/demo", data={"email": email, "csrf_token": token[1] if token else ""})
        return browser


def _given(database: Database) -> dict[str, str]:
    with database.reading() as session:
        cases = {
            state: session.execute(
                select(Case.reference, ResourceRow.host).join(ResourceRow).where(Case.state == state).order_by(Case.id).limit(1)
            ).one()
            for state in (State.WAITING, State.LISTED)
        }
    waiting, listed = cases[State.WAITING], cases[State.LISTED]
    day = (clock.now() - timedelta(days=5)).date().isoformat()
    return {"waiting": str(waiting.reference), "host": str(waiting.host), "listed": str(listed.reference), "day": day}
