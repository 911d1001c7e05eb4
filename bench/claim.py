"""Claiming the next case: with a long queue as fast as with a short one, alone and in company."""

import threading
import time
from collections.abc import Iterator

from sqlalchemy import text

from app import clock
from app.database import Database
from bench import filling, people
from bench.figures import Figure, median, percentile
from bench.place import Place
from moderation import queue
from moderation.states import State
from moderation.vocabulary import Actor

TITLE = "Claiming the next case at 100,000 waiting cases against 1,000"
SHORT, LONG = 1_000, 100_000
CLAIMS, TURNS = 160, 5
"""Claims in a turn, and turns: the two queues take turns, so that what disturbs the machine disturbs both."""
COMPANY = 4


def run(place: Place) -> Iterator[Figure]:
    """Compare the slowest twentieth of claims."""
    queues = {waiting: filling.filled(place, f"bench_claim_{waiting}", cases=waiting) for waiting in (SHORT, LONG)}
    actors = {waiting: people.moderators(database, COMPANY) for waiting, database in queues.items()}
    for claimers, words in ((1, "alone"), (COMPANY, f"with {COMPANY} claimers at once")):
        taken: dict[int, list[float]] = {SHORT: [], LONG: []}
        ratios = []
        for _ in range(TURNS):
            turn = {waiting: _claim(database, actors[waiting][:claimers]) for waiting, database in queues.items()}
            ratios.append(percentile(turn[LONG], 95) / percentile(turn[SHORT], 95))
            for waiting, database in queues.items():
                taken[waiting] += turn[waiting]
                _hand_all_back(database)
        seen = "; ".join(f"{size:,}: {_told(times)}" for size, times in taken.items())
        yield Figure(name=f"claim, {words}, p95 ratio", value=median(ratios), at_most=1.5, seen=seen)
    for database in queues.values():
        place.drop(database)


def _claim(database: Database, actors: list[Actor]) -> list[float]:
    """Claim CLAIMS cases, shared out over the actors; seconds of each, commit included."""
    taken: list[float] = []

    def work(by: Actor) -> None:
        for _ in range(CLAIMS // len(actors)):
            started = time.perf_counter()
            with database.transaction() as session:
                found = queue.next_case(session, State.WAITING, by=by, at=clock.now())
            taken.append(time.perf_counter() - started)
            if found is None:
                raise AssertionError("The queue ran dry, so these figures would mean nothing.")

    threads = [threading.Thread(target=work, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(taken) != CLAIMS // len(actors) * len(actors):
        raise AssertionError("Not every claim got a case.")
    return taken


def _hand_all_back(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text('UPDATE "case" SET holder_id = NULL, lease_until = NULL WHERE holder_id IS NOT NULL'))
    filling.settle(database, '"case"')


def _told(times: list[float]) -> str:
    return f"median {median(times) * 1000:.1f} ms, p95 {percentile(times, 95) * 1000:.1f} ms"
