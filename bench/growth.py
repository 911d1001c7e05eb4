"""What must not grow with what is stored: the queue's page, a case with very many reports, sealing the record, making a release."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select

from app import clock, release
from app.database import Database
from bench import filling
from bench.figures import Figure
from bench.place import Place
from bench.turns import Work, compare, timed
from config import Settings
from moderation import audit, people, publishing, queue, reviewing
from moderation.models import AuditRecord, Case, Listing
from moderation.queue import Filters
from moderation.states import State
from moderation.vocabulary import Actor

TITLE = "What must not grow with what is stored"
SHORT, LONG = 10_000, 100_000
OFTEN = 10_000
FEW_ROWS, MANY_ROWS = 20_000, 200_000
LIMIT = 1.5


def run(place: Place) -> Iterator[Figure]:
    """Each against the same with less stored."""
    short = filling.filled(place, "bench_short", cases=SHORT, entries=SHORT // 10)
    long = filling.filled(place, "bench_long", cases=LONG, entries=LONG)
    yield from _queue_page(long, short)
    yield from _case_page(long)
    yield from _sealing(long, short)
    yield from _release(place, long, short)
    place.drop(short)
    place.drop(long)


def _queue_page(long: Database, short: Database) -> Iterator[Figure]:
    for name, filters, limit in (
        ("first page", Filters(), LIMIT),
        ("tenth", Filters(page=10), LIMIT),
        ("slow lane", Filters(lane="slow"), LIMIT),
    ):
        seen = compare(_page(long, filters), _page(short, filters))
        told = f"{seen.milliseconds:.1f} against {seen.other_milliseconds:.1f} ms"
        yield Figure(name=f"queue, {name}, {LONG:,} cases against {SHORT:,}", value=seen.ratio, at_most=limit, seen=told)


def _page(database: Database, filters: Filters) -> Work:
    by = _someone(database)

    def work() -> None:
        with database.reading() as session:
            queue.page(session, filters, by=by, at=clock.now())
            queue.counts(session, by=by)

    return work


def _case_page(database: Database) -> Iterator[Figure]:
    by = _someone(database)
    with database.reading() as session:
        rows = session.execute(select(Case.id, Case.reference).where(Case.state == State.WAITING).order_by(Case.id).limit(2)).all()
    often, once = rows[0], rows[1]
    filling.report_often(database, often.id, OFTEN)
    for name, work in (("case page", _view), ("claim", _claim)):
        seen = compare(work(database, often.reference, by), work(database, once.reference, by))
        told = f"{seen.milliseconds:.1f} against {seen.other_milliseconds:.1f} ms"
        # The page shows fifty reports instead of one: that may cost, whatever lies behind them may not.
        limit = 2 * LIMIT if name == "case page" else LIMIT
        yield Figure(name=f"{name}, a case with {OFTEN:,} reports against 1", value=seen.ratio, at_most=limit, seen=told)


def _view(database: Database, reference: UUID, by: Actor) -> Work:
    def work() -> None:
        with database.reading() as session:
            reviewing.view(session, reference, by=by, at=clock.now())

    return work


def _claim(database: Database, reference: UUID, by: Actor) -> Work:
    def work() -> None:
        with database.sessions() as session:
            queue.claim(session, reference, by=by, at=clock.now())
            session.rollback()

    return work


def _sealing(many: Database, few: Database) -> Iterator[Figure]:
    """First the whole backlog, by the row; then a hundred new rows behind it."""
    each = {}
    for database, rows in ((few, FEW_ROWS), (many, MANY_ROWS)):
        filling.write_record(database, rows)
        with database.reading() as session:
            waiting = session.scalar(select(func.count()).select_from(AuditRecord)) or 0
        each[rows] = timed(_seal(database)) / waiting * 1e6
    told = f"{each[MANY_ROWS]:.0f} against {each[FEW_ROWS]:.0f} microseconds a row"
    yield Figure(name=f"sealing {MANY_ROWS:,} rows and more, by the row", value=each[MANY_ROWS] / each[FEW_ROWS], at_most=LIMIT, seen=told)
    seen = compare(_seal_more(many), _seal_more(few), turns=10)
    told = f"{seen.milliseconds:.1f} against {seen.other_milliseconds:.1f} ms"
    yield Figure(name="sealing 100 rows more, with ten times as many sealed", value=seen.ratio, at_most=LIMIT, seen=told)


def _seal(database: Database) -> Work:
    def work() -> None:
        with database.transaction() as session:
            audit.seal(session, at=clock.now())

    return work


def _seal_more(database: Database) -> Work:
    def work() -> None:
        filling.write_record(database, 100)
        _seal(database)()

    return work


def _release(place: Place, many: Database, few: Database) -> Iterator[Figure]:
    for database in (few, many):
        timed(make_release(database))
        filling.settle(database)
    seen = compare(change_and_release(many), change_and_release(few), turns=15)
    told = f"{seen.milliseconds:.1f} against {seen.other_milliseconds:.1f} ms"
    yield Figure(name=f"a release after one change, {LONG:,} listings against {SHORT // 10:,}", value=seen.ratio, at_most=LIMIT, seen=told)
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as other:
        shown = [_show_one_change(database, replace(place.settings, data=Path(on))) for database, on in ((many, folder), (few, other))]
        seen = compare(*shown, turns=15)
        told = f"{seen.milliseconds:.1f} against {seen.other_milliseconds:.1f} ms"
        yield Figure(name="the same, with the change live in the feed", value=seen.ratio, at_most=LIMIT, seen=told)
        settings = replace(place.settings, data=Path(folder))
        seconds = timed(lambda: release.write_newest(many, settings, clock.now()))
    yield Figure(name=f"writing every format of {LONG:,} listings anew", value=seconds, unit="s", seen="it grows with the list")


def make_release(database: Database) -> Work:
    """Make a release of what changed."""

    def work() -> None:
        with database.transaction() as session:
            publishing.release(session, at=clock.now())

    return work


def change_and_release(database: Database) -> Work:
    """Take one listing away, and make the release."""
    by = _someone(database)

    def work() -> None:
        with database.transaction() as session:
            newest = session.scalars(select(Listing.reference).where(Listing.ended_at.is_(None)).order_by(Listing.id).limit(1)).one()
            reviewing.delist(session, newest, "The page is gone, as the benchmark says.", by=by, at=clock.now())
            publishing.release(session, at=clock.now())

    return work


def _show_one_change(database: Database, settings: Settings) -> Work:
    release.write_changes(database, settings, clock.now())
    change = change_and_release(database)

    def work() -> None:
        change()
        release.write_changes(database, settings, clock.now())

    return work


def _someone(database: Database) -> Actor:
    """The senior of the demo people: she takes the third seat, so no made-up decision of hers is in the way of a waiting case."""
    with database.reading() as session:
        return people.actor_by_email(session, "senior@demo.example")
