"""`python -m bench [NAME ...] [--json FILE]`: runs benchmarks, prints each figure with its limit; status 1 when a promise is not kept."""

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

from bench import claim, deltas, feed, flood, growth, intake, memory, pages, place, plans, servers, stored
from bench.figures import Figure
from bench.place import Place

BENCHES: dict[str, ModuleType] = {
    module.__name__.rpartition(".")[2]: module
    for module in (intake, stored, flood, claim, memory, growth, pages, deltas, feed, plans, servers)
}
BY_CHOICE = ("servers",)
"""Not among those that run when none is named: it informs a decision, and promises nothing."""


def main(arguments: Sequence[str]) -> int:
    """Run what was asked for."""
    chosen = _read(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped; everything that was started is ended."))
    started = time.monotonic()
    with place.prepared(is_quick=chosen.quick) as here:
        print(_machine(here), flush=True)
        figures = [figure for name in chosen.names for figure in _told(BENCHES[name], here)]
    if chosen.json:
        chosen.json.write_text("".join(f"{json.dumps(figure.record())}\n" for figure in figures))
    missed = [figure.name for figure in figures if not figure.is_kept]
    took = f"{time.monotonic() - started:.0f} s"
    print(f"\nNot kept ({took}): {', '.join(missed)}." if missed else f"\nEvery promise is kept ({took}).")
    return 1 if missed else 0


def _machine(here: Place) -> str:
    processors, load = len(os.sched_getaffinity(0)), os.getloadavg()[0]
    told = f"{processors} processors; one forced write to this disk takes {place.sync_milliseconds(here.settings.data):.1f} ms."
    if load < processors:
        return told
    return f"{told}\nThis machine is busy (load {load:.1f}): whatever waits for disk and database, intake first, looks worse than it is."


def _read(arguments: Sequence[str]) -> argparse.Namespace:
    described = "\n".join(f"  {name:8} {module.TITLE}" for name, module in BENCHES.items())
    parser = argparse.ArgumentParser(prog="bench", description=described, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="which to run; all but 'servers' where none is named")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write one JSON line a figure")
    parser.add_argument("--quick", action="store_true", help="where a benchmark has a smaller size, use that: it promises less")
    chosen = parser.parse_args(arguments)
    if unknown := [name for name in chosen.names if name not in BENCHES]:
        parser.error(f"no benchmark is called {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    chosen.names = chosen.names or [name for name in BENCHES if name not in BY_CHOICE]
    return chosen


def _told(module: ModuleType, here: Place) -> Iterator[Figure]:
    print(f"\n{module.TITLE}", flush=True)
    started = time.monotonic()
    for figure in module.run(here):
        print(figure.line(), flush=True)
        yield figure
    print(f"       took {time.monotonic() - started:.0f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
