"""Taking a report, against an empty POST of the same server that only renders the same page; and what the difference is spent on."""

from collections.abc import Iterator

from bench import filling, reports, spending
from bench.figures import Figure, median
from bench.load import connected, send
from bench.place import Place
from bench.stored import require_all_kept, stored

TITLE = "Taking a report, against an empty POST that renders the same page"
TURNS, REQUESTS = 25, 160
"""Many short turns, so that what disturbs the machine disturbs both."""


def run(place: Place) -> Iterator[Figure]:
    """Compare answers a second, in turns."""
    database = filling.filled(place, "bench_intake", cases=1_000)
    with place.serving(database) as server, connected(server.port, workers=server.workers) as connections:
        send(connections, [reports.EMPTY] * 100 + reports.prepared(200, place.keys))
        before, taken, empty = stored(database), [], []
        for _ in range(TURNS):
            letters = reports.prepared(REQUESTS, place.keys)
            empty.append(send(connections, [reports.EMPTY] * REQUESTS).rate)
            taken.append(send(connections, letters).rate)
        require_all_kept(database, before, TURNS * REQUESTS)
    ratios = [one / other for one, other in zip(taken, empty, strict=True)]
    seen = f"{median(taken):.0f} reports a second, {median(empty):.0f} empty answers; turns {min(ratios):.2f} to {max(ratios):.2f}"
    yield Figure(name="intake against an empty POST", value=median(ratios), at_least=0.3, seen=seen)
    yield from spending.figures(place, database)
    place.drop(database)
