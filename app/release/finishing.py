"""Writes shards down and packs them: in this process, or where the list is long in several beside it. Touches no disk."""

import gc
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Protocol

from app import lifeline
from app.release import rendering, report
from app.release.cutting import Cut
from app.release.packing import CODINGS
from app.release.rendering import Rendered
from app.release.shards import Shard
from moderation import formats
from moderation.formats import Format
from moderation.vocabulary import Header

PROCESSORS: Final = min(4, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
"""How many threads pack, and how many processes write a long list down."""

LONG: Final = 100_000
"""Entries from which on processes beside this one are worth their start: one takes some two seconds of a processor, and 120 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A shard in every format: what is known of it but for its pieces, and the octets that each file gets of it."""

    shard: Shard
    octets: Mapping[str, bytes]


class Finisher(Protocol):
    """Who writes shards down. `ahead` is how many may be on their way at once."""

    ahead: int

    def start(self, cut: Cut, /) -> Callable[[], Finished]:
        """Begin with a shard; what is returned waits for it."""


class Here:
    """This process writes down, and threads pack: packing lets others work."""

    ahead = 2

    def __init__(self, header: Header, forms: Sequence[Format], pool: Executor) -> None:
        self._header = header
        self._forms = forms
        self._pool = pool

    def start(self, cut: Cut) -> Callable[[], Finished]:
        """Write it down now."""
        rendered = rendering.render(cut, self._header, self._forms)
        packed = {
            f"{name}{coding.suffix}": self._pool.submit(coding.piece, body.octets)
            for name, body in rendered.bodies.items()
            if body.lines
            for coding in CODINGS.values()
        }
        return lambda: _finished(rendered, {name: each.result() for name, each in packed.items()})


class HelpLostError(Exception):
    """Processes beside this one could not begin, or one was ended from outside."""


class Beside:
    """Processes beside this one write down and pack. They end with it, however it ends.

    Raises:
        HelpLostError: from its beginning, from `start`, and from what that returns.
    """

    def __init__(self, header: Header, forms: Sequence[Format]) -> None:
        self._header = header
        self._names = tuple(form.FILE_NAME for form in forms)
        self.ahead = 4 * PROCESSORS
        # Not forked: threads of this process may hold locks just then. One more than there are processors: one often waits to hand over.
        spawning = multiprocessing.get_context("spawn")
        with _told_as_lost():
            self._pool = ProcessPoolExecutor(PROCESSORS + 1, mp_context=spawning, initializer=_begin, initargs=(os.getpid(),))

    def __enter__(self) -> "Beside":
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def start(self, cut: Cut) -> Callable[[], Finished]:
        """Let the next process that is free write it down."""
        with _told_as_lost():
            on_its_way = self._pool.submit(_finish, cut, self._header, self._names)

        def finished() -> Finished:
            with _told_as_lost():
                return on_its_way.result()

        return finished


@contextmanager
def _told_as_lost() -> Iterator[None]:
    # A NotImplementedError is how the library says that this system has no semaphores to share with other processes.
    try:
        yield
    except (BrokenProcessPool, MemoryError, NotImplementedError, OSError) as fault:
        raise HelpLostError(str(fault) or type(fault).__name__) from fault


def _begin(writer: int) -> None:
    if lifeline.KERNEL_ENDS_ORPHANS:
        lifeline.end_with_parent(signal.SIGTERM)
    # It may have ended while this process was still loading.
    if os.getppid() != writer:
        os._exit(1)
    # What is made here holds nothing in rings, and the process is short of life: looking for rings took a tenth of its time.
    gc.disable()


def _finish(cut: Cut, header: Header, names: tuple[str, ...]) -> Finished:
    rendered = rendering.render(cut, header, [form for form in formats.installed() if form.FILE_NAME in names])
    bodies = {name: body.octets for name, body in rendered.bodies.items() if body.lines}
    packed = {f"{name}{coding.suffix}": coding.piece(body) for name, body in bodies.items() for coding in CODINGS.values()}
    return _finished(rendered, packed)


def _finished(rendered: Rendered, packed: Mapping[str, bytes]) -> Finished:
    findings, no_room = rendered.findings, dict[str, dict[str, int]]()
    for (name, scope), count in findings.no_room.items():
        no_room.setdefault(name, {})[str(scope)] = count
    shard = Shard(
        begins=rendered.cut.begins,
        entries=len(rendered.cut.entries),
        lines={name: body.lines for name, body in rendered.bodies.items()},
        pieces={},
        named=findings.named,
        no_room=no_room,
        covered=dict(findings.covered),
    )
    plain = {name: body.octets for name, body in rendered.bodies.items()}
    octets = {**plain, **packed, report.FILE_NAME: bytes(findings.lines)}
    return Finished(shard=shard, octets={name: each for name, each in octets.items() if each})
