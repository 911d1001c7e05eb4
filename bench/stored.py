"""Taking a report where a million are stored, against a thousand: what is kept must not slow down what comes."""

from collections.abc import Iterator

from sqlalchemy import func, select

from app.database import Database
from bench import filling, reports
from bench.figures import Figure, median
from bench.load import connected, send
from bench.place import Place
from moderation.models import Report

TITLE = "Taking a report with 1,000,000 stored, against 1,000"
FEW, MANY = 1_000, 1_000_000
TURNS, REQUESTS = 21, 160


def run(place: Place) -> Iterator[Figure]:
    """Compare reports a second, in turns, on two servers side by side."""
    few, many = filling.filled(place, "bench_few", cases=FEW), filling.filled(place, "bench_many", cases=MANY)
    with (
        place.serving(few) as one,
        place.serving(many) as other,
        connected(one.port, workers=one.workers) as to_few,
        connected(other.port, workers=other.workers) as to_many,
    ):
        rates: tuple[list[float], list[float]] = ([], [])
        for connections in (to_few, to_many):
            send(connections, reports.prepared(300, place.keys))
        before = (stored(few), stored(many))
        for _ in range(TURNS):
            for connections, found in zip((to_few, to_many), rates, strict=True):
                found.append(send(connections, reports.prepared(REQUESTS, place.keys)).rate)
        for database, kept in zip((few, many), before, strict=True):
            require_all_kept(database, kept, TURNS * REQUESTS)
    ratios = [great / small for small, great in zip(*rates, strict=True)]
    seen = f"{median(rates[1]):.0f} against {median(rates[0]):.0f} reports a second; turns {min(ratios):.2f} to {max(ratios):.2f}"
    yield Figure(name="intake at 1,000,000 stored reports against 1,000", value=median(ratios), at_least=0.8, seen=seen)
    place.drop(few)
    place.drop(many)


def stored(database: Database) -> int:
    """How many reports there are."""
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Report)) or 0


def require_all_kept(database: Database, before: int, sent: int) -> None:
    """A report that was thanked for and is not there would make every figure worthless.

    Raises:
        AssertionError
    """
    if stored(database) - before != sent:
        raise AssertionError(f"{sent} reports were acknowledged, but {stored(database) - before} are stored.")
