"""Two or more at once, on connections of their own: threads that start together, and a look at who waits for whom."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from sqlalchemy import text

from app.database import Database

PATIENCE_SECONDS = 20


def all_at_once(acts: Sequence[Callable[[], object]]) -> list[object]:
    """Run every act in a thread of its own, begun at the same moment; returns what each gave, in order."""
    gate = threading.Barrier(len(acts))

    def one(act: Callable[[], object]) -> object:
        gate.wait(PATIENCE_SECONDS)
        return act()

    with ThreadPoolExecutor(len(acts)) as threads:
        return [future.result(PATIENCE_SECONDS) for future in [threads.submit(one, act) for act in acts]]


def begun(act: Callable[[], object]) -> Future:
    """Start an act in a thread of its own."""
    threads = ThreadPoolExecutor(1)
    future = threads.submit(act)
    threads.shutdown(wait=False)
    return future


def until_somebody_waits(database: Database, *, connections: int = 1) -> None:
    """Return once so many connections to this database wait for a lock."""
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
    ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends:
        with database.engine.connect() as connection:
            if connection.scalar(waiting) >= connections:
                return
        time.sleep(0.02)
    raise AssertionError("Nobody waited.")
