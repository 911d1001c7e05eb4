"""Times two works in turns, so that what disturbs the machine disturbs both. Knows nothing of what they do."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from bench.figures import median

Work = Callable[[], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Median times of both, and the median of the ratios turn by turn."""

    ratio: float
    milliseconds: float
    other_milliseconds: float


def compare(work: Work, other: Work, *, turns: int = 40) -> Compared:
    """How much longer `work` takes than `other`; each is run once before it counts."""
    taken: list[tuple[float, float]] = []
    for turn in range(turns + 1):
        pair = (timed(work), timed(other))
        if turn:
            taken.append(pair)
    return Compared(
        ratio=median([one / another for one, another in taken]),
        milliseconds=median([one for one, _ in taken]) * 1000,
        other_milliseconds=median([another for _, another in taken]) * 1000,
    )


def timed(work: Work) -> float:
    """Seconds that it takes once."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
