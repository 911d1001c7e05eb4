"""Claiming the next case: with a long queue as fast as with a short one, alone and in company, and while a backup holds an old snapshot."""

import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from app import clock
from app.database import Database
from bench import filling, people
from bench.figures import Figure, median, percentile
from bench.place import Place
from moderation import queue
from moderation.states import State
from moderation.vocabulary import Actor, Role

TITLE = "Claiming the next case at 1,000,000 waiting cases against 10,000 (100,000 against 1,000 with --quick)"
SIZES, QUICK_SIZES = (10_000, 1_000_000), (1_000, 100_000)
CLAIMS, TURNS = 160, 5
"""Claims in a turn, and turns: what is compared takes turns, so that what disturbs the machine disturbs both."""
COMPANY = 4
GONE = 10_000
CROWD = 64

_TAKE_THE_FIRST = """
UPDATE "case" SET holder_id = :holder, held_since = :until, lease_until = :until, was_held = true WHERE id IN (
    SELECT id FROM "case" WHERE state = 'waiting' AND holder_id IS NULL ORDER BY priority DESC, queued_at, id LIMIT :rows)
"""
_LAY_ON_A_PILE = """
UPDATE "case" SET holder_id = (SELECT id FROM person WHERE role = 'senior' ORDER BY id LIMIT 1) WHERE reference = :case
"""
"""Nobody holds more than a few cases at once: what was claimed goes to somebody who claims nothing, so that the queue stays as it was."""
_DECIDE_WHAT_IS_HELD = """
UPDATE "case" SET holder_id = NULL, lease_until = NULL, state = 'rejected', closed_at = now(), version = version + 1
WHERE holder_id IS NOT NULL
"""


def run(place: Place) -> Iterator[Figure]:
    """Compare the slowest twentieth of claims."""
    short, long = QUICK_SIZES if place.is_quick else SIZES
    queues = {waiting: filling.filled(place, f"bench_claim_{waiting}", cases=waiting) for waiting in (short, long)}
    actors = {waiting: people.moderators(database, CROWD) for waiting, database in queues.items()}
    for database in queues.values():
        people.moderators(database, 1, Role.SENIOR)
    for claimers, words in ((1, "alone"), (COMPANY, f"with {COMPANY} claimers at once")):
        yield _compared(queues, actors, claimers, words)
    yield _crowd(queues[long], actors[long])
    yield _behind_a_snapshot(queues[long], actors[long])
    for database in queues.values():
        place.drop(database)


def _compared(queues: dict[int, Database], actors: dict[int, list[Actor]], claimers: int, words: str) -> Figure:
    short, long = queues
    taken: dict[int, list[float]] = {short: [], long: []}
    ratios = []
    for _ in range(TURNS):
        turn = {waiting: _claim(database, actors[waiting][:claimers]) for waiting, database in queues.items()}
        ratios.append(percentile(turn[long], 95) / percentile(turn[short], 95))
        for waiting, database in queues.items():
            taken[waiting] += turn[waiting]
            _hand_all_back(database)
    seen = "; ".join(f"{size:,}: {_told(times)}" for size, times in taken.items())
    return Figure(name=f"claim, {words}, p95 ratio", value=median(ratios), at_most=1.5, seen=seen)


def _crowd(database: Database, actors: list[Actor]) -> Figure:
    """Everyone at once: how often two got the same case."""
    got: list[uuid.UUID | None] = []
    times = _claim(database, actors, each=5, got=got)
    _hand_all_back(database)
    return Figure(name=f"cases that two of {CROWD} claimers at once got both", value=len(got) - len(set(got)), at_most=0, seen=_told(times))


def _behind_a_snapshot(database: Database, actors: list[Actor]) -> Figure:
    """Against the same queue before: the entries of what is gone stay in the index for as long as the snapshot is held."""
    usual, slowed, ratios = list[float](), list[float](), list[float]()
    for _ in range(TURNS):
        before = _claim(database, actors[:1])
        with _held_snapshot(database):
            _take_away(database, actors[-1], GONE)
            behind = _claim(database, actors[:1])
        usual, slowed, ratios = usual + before, slowed + behind, [*ratios, percentile(behind, 95) / percentile(before, 95)]
        _hand_all_back(database)
    seen = f"{_told(slowed)}, against {_told(usual)}; slowest {max(slowed) * 1000:.1f} ms"
    return Figure(name=f"claim, a snapshot held and {GONE:,} dead rows at the head, p95 ratio", value=median(ratios), at_most=2, seen=seen)


@contextmanager
def _held_snapshot(database: Database) -> Iterator[None]:
    with database.engine.connect().execution_options(isolation_level="REPEATABLE READ") as backup:
        backup.execute(text('SELECT 1 FROM "case" LIMIT 1'))
        yield


def _take_away(database: Database, by: Actor, rows: int) -> None:
    """Take the head of the queue away, behind the backs of the rules and their notes: the worst that may be."""
    with database.engine.begin() as connection:
        connection.execute(text("DELETE FROM queue_mark"))
        connection.execute(text(_TAKE_THE_FIRST), {"holder": by.person_id, "until": clock.now(), "rows": rows})
        connection.execute(text(_DECIDE_WHAT_IS_HELD))


def _claim(database: Database, actors: list[Actor], *, each: int = 0, got: list[uuid.UUID | None] | None = None) -> list[float]:
    """Claim cases, shared out over the actors; seconds of each, commit included."""
    taken: list[float] = []
    each = each or CLAIMS // len(actors)
    found: list[uuid.UUID | None] = [] if got is None else got

    def work(by: Actor) -> None:
        for _ in range(each):
            started = time.perf_counter()
            with database.transaction() as session:
                case = queue.next_case(session, State.WAITING, by=by, at=clock.now(), draw=uuid.uuid4())
            taken.append(time.perf_counter() - started)
            if case is None:
                raise AssertionError("The queue ran dry, so these figures would mean nothing.")
            found.append(case)
            with database.engine.begin() as connection:
                connection.execute(text(_LAY_ON_A_PILE), {"case": case})

    threads = [threading.Thread(target=work, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(taken) != each * len(actors):
        raise AssertionError("Not every claim got a case.")
    return taken


def _hand_all_back(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text('UPDATE "case" SET holder_id = NULL, lease_until = NULL, was_held = false WHERE holder_id IS NOT NULL'))
        connection.execute(text("DELETE FROM queue_mark"))
    filling.settle(database, '"case"')


def _told(times: list[float]) -> str:
    return f"median {median(times) * 1000:.1f} ms, p95 {percentile(times, 95) * 1000:.1f} ms"
