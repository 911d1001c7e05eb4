"""Tells what taking a report is spent on, by timing its parts in one process, one report after the other."""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event

from app import create_app, sealing
from app.database import Database
from bench import reports
from bench.empty import PATH, add_routes
from bench.figures import Figure
from bench.place import Place
from moderation import resources

REPORTS = 300


class Watch:
    """Adds up the time that is spent under each name."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.times: Counter[str] = Counter()

    def around(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, timed."""

        def timed(*given: Any, **named: Any) -> Any:
            started = time.perf_counter()
            try:
                return work(*given, **named)
            finally:
                self.add(name, time.perf_counter() - started)

        return timed

    def add(self, name: str, seconds: float) -> None:
        """One more time."""
        self.seconds[name] += seconds
        self.times[name] += 1

    def on(self, engine: Engine) -> None:
        """Watch statements and commits."""
        engine.dialect.do_commit = self.around("commit", engine.dialect.do_commit)  # type: ignore[method-assign]
        engine.dialect.do_rollback = self.around("rollback", engine.dialect.do_rollback)  # type: ignore[method-assign]
        engine.dialect.do_ping = self.around("ping", engine.dialect.do_ping)  # type: ignore[method-assign]

        @event.listens_for(engine, "before_cursor_execute")
        def begin(_c: Any, _u: Any, _s: Any, _p: Any, context: Any, _m: Any) -> None:
            context.bench_started = time.perf_counter()

        @event.listens_for(engine, "after_cursor_execute")
        def end(_c: Any, _u: Any, _s: Any, _p: Any, context: Any, _m: Any) -> None:
            self.add("statements", time.perf_counter() - context.bench_started)


def figures(place: Place, database: Database) -> Iterator[Figure]:
    """Milliseconds a report, whole and by part."""
    app = create_app(place.settings, database_url=database.url)
    add_routes(app)
    _send(app, reports.prepared(50, place.keys), "/en/report")
    watch = Watch()
    watch.on(app.extensions["flagstone_database"].engine)
    kept = sealing.seal, resources.parse
    sealing.seal, resources.parse = watch.around("sealing", sealing.seal), watch.around("reading what is reported", resources.parse)
    try:
        whole = _send(app, reports.prepared(REPORTS, place.keys), "/en/report")
    finally:
        sealing.seal, resources.parse = kept
    page = _send(app, [reports.EMPTY] * REPORTS, PATH)
    watch.add("the page, headers and routing (as an empty POST)", page * REPORTS)
    parts = {name: seconds / REPORTS * 1000 for name, seconds in watch.seconds.items()}
    yield Figure(name="one report, alone in one process", value=whole * 1000, unit="ms", seen=f"an empty POST {page * 1000:.2f} ms")
    for name, milliseconds in sorted(parts.items(), key=lambda part: -part[1]):
        yield Figure(name=f"  of it {name}", value=milliseconds, unit="ms", seen=f"{watch.times[name] / REPORTS:.1f} a report")
    yield Figure(name="  of it the rest (form, session, Python)", value=whole * 1000 - sum(parts.values()), unit="ms")
    app.extensions["flagstone_database"].engine.dispose()


def _send(app: Flask, letters: list[bytes], path: str) -> float:
    """Seconds a request, in the application itself, without a server."""
    client, bodies = app.test_client(), [letter.partition(b"\r\n\r\n")[2] for letter in letters]
    started = time.perf_counter()
    for body in bodies:
        answer = client.post(path, data=body, content_type="application/x-www-form-urlencoded", headers={"Accept-Encoding": "gzip"})
        if answer.status_code != HTTPStatus.OK:
            raise AssertionError(f"{path} answered {answer.status}")
    return (time.perf_counter() - started) / len(bodies)
