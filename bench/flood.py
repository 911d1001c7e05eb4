"""Very many reports of few resources, through the one door: what the queue holds then, and whether memory stays as it was."""

import multiprocessing
import os
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection

from sqlalchemy import func, select

from app import clock, intake, sealing
from app.database import Database
from app.keys import Keys
from bench.figures import Figure
from bench.memory import pss_megabytes
from bench.place import Place
from moderation.models import Case, CaseReport, Report
from moderation.states import State
from moderation.vocabulary import Category, Lane

TITLE = "100,000 reports on 1,000 resources, through app.intake in two processes (--quick: 10,000)"
REPORTS, QUICK_REPORTS, RESOURCES, PROCESSES = 100_000, 10_000, 1_000, 2
WARM_PART = 10
"""Memory is looked at after this part of the reports, and at the end."""
SPELLINGS = (
    "https://flood{0}.test/offer/{0}",
    "HTTP://Flood{0}.TEST/offer/{0}#top",
    "flood{0}[.]test/offer/{0}",
    "hxxps://flood{0}.test/offer/{0}?utm_source=x",
)
STORY = "Report {0}: they promised work in a hotel, took our papers at the door and said we owe them for the journey, see {1} as well."


@dataclass(frozen=True, slots=True)
class Taken:
    """What one process saw: memory in MB after the first part and at the end, and what went wrong."""

    warm: float
    end: float
    faults: tuple[str, ...]


def run(place: Place) -> Iterator[Figure]:
    """Count what is stored, compare memory."""
    many = QUICK_REPORTS if place.is_quick else REPORTS
    database = place.database("bench_flood")
    taken = _all_taken(database.url, place.keys, many)
    with database.reading() as session:
        cases = session.scalar(select(func.count()).select_from(Case)) or 0
        waiting = session.scalar(select(func.count()).select_from(Case).where(Case.state == State.WAITING)) or 0
        stored = session.scalar(select(func.count()).select_from(Report)) or 0
        joined = session.scalar(select(func.count()).select_from(CaseReport)) or 0
    missing = abs(many - stored) + abs(many - joined) + sum(len(one.faults) for one in taken)
    faults = "; ".join(sorted({fault for one in taken for fault in one.faults})[:3])
    yield Figure(name="cases in the queue", value=waiting, at_least=RESOURCES, at_most=RESOURCES, seen=f"{cases} cases in all")
    yield Figure(name="errors, and reports not stored or not joined", value=missing, at_most=0, seen=faults or f"{stored} reports stored")
    warm, end = (sum(getattr(one, part) for one in taken) for part in ("warm", "end"))
    seen = f"{end:.0f} MB of {PROCESSES} processes at the end, {warm:.0f} MB after the first {many // WARM_PART}"
    yield Figure(name="memory (PSS) at the end against the beginning", value=end / warm, at_most=1.2, seen=seen)
    place.drop(database)


def _all_taken(url: str, keys: Keys, many: int) -> list[Taken]:
    """Share the reports out among processes that begin together; each names every resource, so that they meet at each case."""
    share = many // PROCESSES
    begun = multiprocessing.get_context("spawn")
    pipes, workers = [], []
    for number in range(PROCESSES):
        mine, theirs = begun.Pipe(duplex=False)
        worker = begun.Process(target=_take, args=(theirs, url, keys, range(number * share, (number + 1) * share)), daemon=True)
        worker.start()
        theirs.close()
        pipes.append(mine)
        workers.append(worker)
    taken = [pipe.recv() for pipe in pipes]
    for worker in workers:
        worker.join()
    return taken


def _take(told: Connection, url: str, keys: Keys, numbers: range) -> None:
    database, faults, warm = Database(url), [], 0.0
    for done, number in enumerate(numbers):
        if done == len(numbers) // WARM_PART:
            warm = pss_megabytes(os.getpid())
        try:
            with database.transaction() as session:
                intake.take(session, _arrival(number, keys), keys, at=clock.now())
        except Exception as fault:
            faults.append("".join(traceback.format_exception_only(fault)).strip()[:200])
    told.send(Taken(warm, pss_megabytes(os.getpid()), tuple(faults)))
    database.engine.dispose()


def _arrival(number: int, keys: Keys) -> intake.Arrival:
    # The spelling changes with each round through the resources, not with the resource.
    which, spelling = number % RESOURCES, SPELLINGS[number // RESOURCES % len(SPELLINGS)]
    what = spelling.format(which)
    return intake.Arrival(
        typed={"what": what, "more": STORY.format(number, f"https://other{number % 50}.test/")},
        resources=intake.read(what, keys),
        category=tuple(Category)[number % len(Category)],
        danger_now=number % 97 == 0,
        language="en",
        lane=Lane.STANDARD,
        code=sealing.new_receipt(),
    )
