"""What the feed costs on a long list: one change until it is live, in the changes and in every format; a release written whole; memory."""

import gc
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from app import clock, release
from app.database import Database
from bench import filling, front
from bench.figures import Figure, median
from bench.growth import change_and_release, make_release
from bench.place import Place
from bench.turns import timed
from config import Settings

TITLE = "What the feed costs on a long list"
LISTED, QUICK = 1_000_000, 100_000
TURNS = 7
WATCHED_EACH = 0.02
"""Seconds between two looks at the memory."""


def run(place: Place) -> Iterator[Figure]:
    """First the whole list once, then one change after another."""
    listed = QUICK if place.is_quick else LISTED
    database = filling.filled(place, "bench_feed", cases=0, entries=listed)
    make_release(database)()
    filling.settle(database)
    release.write_changes(database, place.settings, clock.now())
    yield from _whole(database, place.settings, listed)
    yield from _one_change(database, place.settings, listed)
    yield from front.run(place, database)
    place.drop(database)


def _whole(database: Database, settings: Settings, listed: int) -> Iterator[Figure]:
    with _peak() as peak:
        seconds = timed(lambda: release.write_newest(database, settings, clock.now()))
    written = sum(file.stat().st_size for file in (settings.data / "feed" / "current").iterdir())
    seen = f"{written / 1e6:,.0f} MB in all files"
    yield Figure(
        name=f"every format of {listed:,} listings written whole", value=seconds, unit="s", at_most=60 * listed / LISTED, seen=seen
    )
    yield Figure(name="memory meanwhile, with all that the process has loaded", value=peak[0], unit="MB")


def _one_change(database: Database, settings: Settings, listed: int) -> Iterator[Figure]:
    change = change_and_release(database)
    live, every, settled = [], [], []
    with _peak() as peak:
        for _ in range(TURNS):
            change()
            live.append(timed(lambda: release.write_changes(database, settings, clock.now())))
            with _until_served(settings) as served:
                settled.append(timed(lambda: release.write_newest(database, settings, clock.now())))
            every.append(served[0])
    named = f"after one change of {listed:,}"
    yield Figure(name=f"{named}, the change in the feed of changes", value=median(live), unit="s", at_most=0.05, seen=_spread(live))
    yield Figure(name=f"{named}, every format", value=median(every), unit="s", at_most=2, seen=_spread(every))
    yield Figure(name="the same, until the disk has all of it", value=median(settled), unit="s", seen=_spread(settled))
    yield Figure(name="memory meanwhile", value=peak[0], unit="MB", at_most=300)


@contextmanager
def _until_served(settings: Settings) -> Iterator[list[float]]:
    """Seconds from the beginning of the block until another release than before is served; known at its end."""
    before, started, found = release.current_number(settings), time.perf_counter(), [float("inf")]
    ended = threading.Event()

    def watch() -> None:
        while release.current_number(settings) == before:
            if ended.wait(WATCHED_EACH / 4):
                return
        found[0] = time.perf_counter() - started

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield found
    finally:
        # It looks once more where nobody waits for the disk: whatever came in the block is seen.
        watcher.join(WATCHED_EACH)
        ended.set()
        watcher.join()


def _spread(values: list[float]) -> str:
    return f"from {min(values):.3f} to {max(values):.3f} in {len(values)} turns"


@contextmanager
def _peak() -> Iterator[list[float]]:
    """The most memory (RSS, in MB) that this process has in the block; known at its end."""
    found, ended = [0.0], threading.Event()
    process = psutil.Process(os.getpid())

    def watch() -> None:
        while not ended.wait(WATCHED_EACH):
            found[0] = max(found[0], process.memory_info().rss / 1e6)

    gc.collect()
    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield found
    finally:
        ended.set()
        watcher.join()
