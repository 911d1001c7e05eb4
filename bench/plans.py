"""Shows that no act in daily use reads a whole large table: runs each on a filled database and asks PostgreSQL how it went about it."""

import hashlib
import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app import clock, sealing
from app.database import Database
from bench import filling
from bench.figures import Figure
from bench.place import Place
from moderation import audit, consumers, lookup, people, publishing, queue, reporting, resources, retention, reviewing
from moderation.models import Case, Listing, Report, ResourceRow
from moderation.queue import Filters
from moderation.states import State
from moderation.vocabulary import Actor, Category, Lane, Resource, Submission

TITLE = "Acts that read a whole large table"
CASES, ENTRIES, OFTEN, MARKS = 50_000, 20_000, 10_000, 200_000
LARGE_ROWS = 5_000
WHY = "The page is gone, as the benchmark says."

Act = Callable[[Session], object]


@dataclass(frozen=True, slots=True)
class Scan:
    """One reading of a whole table."""

    act: str
    table: str
    filtered: str

    def __str__(self) -> str:
        return f"{self.act} reads all of {self.table}{f' for {self.filtered}' if self.filtered else ''}"


def run(place: Place) -> Iterator[Figure]:
    """Count the scans, name each."""
    database = filling.filled(place, "bench_plans", cases=CASES, entries=ENTRIES)
    with database.transaction() as session:
        first = session.scalars(select(Case.id).where(Case.state == State.WAITING).order_by(Case.id).limit(1)).one()
        publishing.release(session, at=clock.now())
    filling.report_often(database, first, OFTEN)
    filling.mark(database, MARKS)
    acts = _acts(database, place)
    scans = [scan for name, act in acts.items() for scan in _scans(database, name, act)]
    yield Figure(name=f"whole readings in {len(acts)} acts", value=len(scans), at_most=0, seen="; ".join(map(str, scans)))
    place.drop(database)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Who acts, and on what, as found in the filled database."""

    by: Actor
    senior: Actor
    case: uuid.UUID
    """Of which there are thousands of reports."""
    host: str
    digest: bytes
    listing: uuid.UUID
    page: Resource
    """Listed."""
    at: datetime


def _subject(database: Database, place: Place) -> Subject:
    with database.reading() as session:
        often = session.execute(select(Case.reference, ResourceRow.host).join(ResourceRow).order_by(Case.id).limit(1)).one()
        address = session.scalars(select(Listing.target).where(Listing.scope == "page").limit(1)).one()
        (page,) = resources.parse(address, text_digest=lambda text: sealing.text_digest(place.keys, text))
        return Subject(
            by=people.actor_by_email(session, "moderator1@demo.example"),
            senior=people.actor_by_email(session, "senior@demo.example"),
            case=often.reference,
            host=str(often.host),
            digest=session.scalars(select(Report.receipt_digest).limit(1)).one(),
            listing=session.scalars(select(Listing.reference).where(Listing.ended_at.is_(None)).limit(1)).one(),
            page=page,
            at=clock.now(),
        )


def _acts(database: Database, place: Place) -> dict[str, Act]:
    """Every act in daily use, each to be undone."""
    one = _subject(database, place)
    return {**_of_reporters(one, place), **_of_moderators(one), **_of_the_queue(one), **_of_the_list(one), **_by_themselves(one)}


def _of_reporters(one: Subject, place: Place) -> dict[str, Act]:
    return {
        "taking a report": lambda s: reporting.receive(s, _submission(place), new_reference=uuid.uuid4, at=clock.to_the_hour(one.at)),
        "following a report": lambda s: reporting.status(s, one.digest),
        "asking whether it is listed": lambda s: lookup.covering(s, one.page, at=one.at),
    }


def _of_moderators(one: Subject) -> dict[str, Act]:
    return {
        "being signed in": lambda s: people.seen(s, bytes(32), at=one.at),
        "claiming the next case": lambda s: queue.next_case(s, State.WAITING, by=one.by, at=one.at),
        "claiming the next third seat": lambda s: queue.next_case(s, State.AWAITING_THIRD, by=one.senior, at=one.at),
        "claiming a case": lambda s: queue.claim(s, one.case, by=one.by, at=one.at),
        "opening a case": lambda s: reviewing.view(s, one.case, by=one.by, at=one.at),
        "looking for near cases": lambda s: _near(s, one.case, one.by),
        "looking through the listings": lambda s: reviewing.listings(s, page=3),
        "finding a listing": lambda s: reviewing.listings(s, page=1, text=str(one.page.host)),
        "delisting": lambda s: reviewing.delist(s, one.listing, WHY, by=one.by, at=one.at),
        "reading the record": lambda s: audit.newest(s, limit=50),
        "reading the record of a case": lambda s: audit.newest(s, limit=50, subject=f"case:{one.case}"),
    }


def _of_the_queue(one: Subject) -> dict[str, Act]:
    pages = {
        "the queue": Filters(),
        "the queue's tenth page": Filters(page=10),
        "the queue of one kind": Filters(kind="domain"),
        "the queue of one lane": Filters(lane="slow"),
        "the queue of one category": Filters(category="child"),
        "one host in the queue": Filters(text=one.host),
        "my cases": Filters(mine=True),
    }
    shown: dict[str, Act] = {name: (lambda s, page=page: queue.page(s, page, by=one.by, at=one.at)) for name, page in pages.items()}
    return shown | {"counting the queue": lambda s: queue.counts(s, by=one.by)}


def _of_the_list(one: Subject) -> dict[str, Act]:
    return {
        "making a release": lambda s: _delist_and_release(s, one.listing, one.by),
        "telling what a release changed": lambda s: _tell(s, _delist_and_release(s, one.listing, one.by)),
        "a consumer's token": lambda s: consumers.consumer_for(s, bytes(32), at=one.at),
    }


def _by_themselves(one: Subject) -> dict[str, Act]:
    return {
        "sealing the record": lambda s: audit.seal(s, at=one.at),
        "shredding what is old": lambda s: retention.run(s, at=one.at),
    }


def _submission(place: Place) -> Submission:
    sealed = sealing.seal({"what": "a benchmark"}, place.keys)
    known = "\n".join(f"https://known{number}.test/{number}" for number in range(10))
    return Submission(
        resources=resources.parse(known, text_digest=lambda text: sealing.text_digest(place.keys, text)),
        category=Category.LABOUR,
        danger_now=False,
        language="en",
        lane=Lane.STANDARD,
        sealed=sealed.text,
        wrapped_identity=sealed.wrapped_identity,
        receipt_digest=sealing.receipt_digest(uuid.uuid4().hex),
        reference=uuid.uuid4(),
    )


def _near(session: Session, case: uuid.UUID, by: Actor) -> None:
    often, rare = (hashlib.sha256(number).digest()[:12] for number in (b"0", b"7"))
    clues = reviewing.Clues(own=often, named={rare: ("domain", "known1.test")}, bands=())
    reviewing.near(session, reviewing.view(session, case, by=by, at=clock.now()), clues)


def _delist_and_release(session: Session, listing: uuid.UUID, by: Actor) -> int:
    reviewing.delist(session, listing, WHY, by=by, at=clock.now())
    return publishing.release(session, at=clock.now()) or 0


def _tell(session: Session, number: int) -> None:
    for change in publishing.changes(session, number):
        if change.old is not None:
            publishing.names_above(session, change.old, number)
    list(publishing.places_changed(session, number - 1, number))


def _scans(database: Database, name: str, act: Act) -> Iterator[Scan]:
    """Run the act, ask for the plan of each of its statements as they are run, and undo it."""
    statements: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, _context: object, executemany: bool) -> None:
        statements.append((statement, parameters[0] if executemany and not isinstance(parameters, dict) else parameters))

    with database.sessions() as session:
        event.listen(database.engine, "before_cursor_execute", note)
        try:
            act(session)
        finally:
            event.remove(database.engine, "before_cursor_execute", note)
        large = _large(session)
        for statement, parameters in statements:
            if statement.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")):
                plan = session.connection().exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar_one()
                yield from (Scan(name, *found) for found in _whole(_parsed(plan), large))
        session.rollback()


def _large(session: Session) -> frozenset[str]:
    named = f"SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > {LARGE_ROWS}"
    return frozenset(session.connection().exec_driver_sql(named).scalars())


def _parsed(plan: Any) -> dict[str, Any]:
    found = json.loads(plan) if isinstance(plan, str) else plan
    root: dict[str, Any] = found[0]["Plan"]
    return root


def _whole(node: dict[str, Any], large: frozenset[str]) -> Iterator[tuple[str, str]]:
    if node["Node Type"].endswith("Seq Scan") and node["Relation Name"] in large:
        yield node["Relation Name"], node.get("Filter", "")
    for below in node.get("Plans", ()):
        yield from _whole(below, large)
