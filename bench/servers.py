"""gunicorn against granian, where an answer is light and where the database decides. Informs a decision; promises nothing."""

import hashlib
import sys
import uuid
from collections.abc import Callable, Iterator
from importlib.util import find_spec

from app import clock, release
from app.database import Database
from app.run import THREADS
from bench import filling, reports
from bench.figures import Figure, median
from bench.load import Connection, connected, get, send
from bench.memory import pss_megabytes
from bench.place import Place, Server
from moderation import consumers, publishing
from moderation.vocabulary import SYSTEM

TITLE = "gunicorn against granian (install granian first)"
TURNS = 15
Letters = Callable[[], list[bytes]]
TOKEN = "a token of the benchmark"


def run(place: Place) -> Iterator[Figure]:
    """Answers a second of granian, by those of gunicorn, in turns."""
    if find_spec("granian") is None:
        raise SystemExit("granian is not installed here; it is no part of Flagstone, so: .venv/bin/python -m uv pip install granian")
    database = filling.filled(place, "bench_servers", cases=1_000, entries=1_000)
    tag = publish(place, database)
    with place.serving(database) as gunicorn, place.serving(database, _granian()) as granian:
        servers = (gunicorn, granian)
        with connected(gunicorn.port, workers=2) as to_gunicorn, connected(granian.port, workers=2) as to_granian:
            both = (to_gunicorn, to_granian)
            headers = {"Authorization": f"Bearer {TOKEN}", "If-None-Match": tag}
            yield _compared("healthz", both, lambda: [get("/healthz")] * 200)
            yield _compared("feed, unchanged (304)", both, lambda: [get("/feed/v1/rpz.zone", headers)] * 200, expected=304)
            yield _compared("feed, the file", both, lambda: [get("/feed/v1/rpz.zone", {"Authorization": f"Bearer {TOKEN}"})] * 80)
            yield _compared("the report page", both, lambda: [get("/en/report")] * 80)
            yield _compared("taking a report", both, lambda: reports.prepared(80, place.keys))
        for name, server in zip(("gunicorn", "granian"), servers, strict=True):
            yield Figure(name=f"memory of a worker, {name}", value=_worker_megabytes(server), unit="MB")
    place.drop(database)


def _granian() -> list[str]:
    options = {"--interface": "wsgi", "--host": "127.0.0.1", "--port": "{port}", "--workers": "2", "--blocking-threads": str(THREADS)}
    words = [word for option in options.items() for word in option]
    return [sys.executable, "-m", "granian", "--no-ws", "--log-level", "error", *words, "wsgi:app"]


def publish(place: Place, database: Database) -> str:
    """Let a consumer in, and put a release on the disk; returns the ETag of its zone."""
    with database.transaction() as session:
        digest = hashlib.sha256(TOKEN.encode()).digest()
        consumers.add_consumer(session, "bench", token_digest=digest, reference=uuid.uuid4(), address_formats=(), by=SYSTEM, at=clock.now())
        publishing.release(session, at=clock.now())
    release.write_newest(database, place.settings, clock.now())
    packed = place.settings.data / "feed" / "current" / "rpz.zone.gz"
    return f'"{hashlib.sha256(packed.read_bytes()).hexdigest()}"'


def _compared(name: str, both: tuple[list[Connection], list[Connection]], letters: Letters, *, expected: int = 200) -> Figure:
    rates: tuple[list[float], list[float]] = ([], [])
    for turn in range(TURNS + 1):
        for connections, found in zip(both, rates, strict=True):
            rate = send(connections, letters(), expected=expected).rate
            if turn:
                found.append(rate)
    ratio = median([other / one for one, other in zip(*rates, strict=True)])
    return Figure(name=f"{name}, granian by gunicorn", value=ratio, seen=f"{median(rates[1]):.0f} against {median(rates[0]):.0f} a second")


def _worker_megabytes(server: Server) -> float:
    return max(pss_megabytes(child.pid) for child in server.process.children(recursive=True))
