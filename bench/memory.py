"""What a server's worker takes of the memory after a thousand requests of every sort."""

import re
from collections.abc import Iterator
from pathlib import Path

from bench import filling, reports
from bench.figures import Figure
from bench.load import connected, get, send
from bench.place import Place

TITLE = "Memory of each server worker after 1,000 requests"
PAGES = ("/en/", "/en/report", "/en/check", "/en/about", "/en/privacy", "/en/help", "/en/status", "/healthz")
REQUESTS = 1_000
"""For each worker."""


def run(place: Place) -> Iterator[Figure]:
    """Half reports, half pages; what processes share is counted once, in parts (PSS)."""
    database = filling.filled(place, "bench_memory", cases=1_000)
    with place.serving(database) as server, connected(server.port, workers=server.workers) as connections:
        half = REQUESTS * server.workers // 2
        pages = [get(PAGES[number % len(PAGES)]) for number in range(half)]
        send(connections, [one for pair in zip(reports.prepared(half, place.keys), pages, strict=True) for one in pair])
        sizes = [pss_megabytes(worker.pid) for worker in server.process.children()]
        parent = pss_megabytes(server.process.pid)
    seen = f"workers {', '.join(f'{size:.0f}' for size in sizes)} MB, and {parent:.0f} MB for the process that started them"
    yield Figure(name="largest worker, PSS", value=max(sizes), unit="MB", at_most=120, seen=seen)
    place.drop(database)


def pss_megabytes(pid: int) -> float:
    """What a process takes of the memory, its part of what it shares included."""
    found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    if found is None:
        raise AssertionError("This kernel does not tell how much memory a process takes.")
    return int(found[1]) / 1024
