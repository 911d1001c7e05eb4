"""`python -m deploy.tour`: plays the story with its own resources, or with those of the file that TOUR_FILE names."""

import os
import signal
import sys
import traceback
from pathlib import Path

from deploy.tour import cases
from deploy.tour.instance import fresh_instance
from deploy.tour.story import Story
from deploy.tour.telling import Telling, Unexpected, utf8_output
from moderation import policy

OWN = (
    ("hxxps://offers[.]harbour-jobs[.]example/visa?utm_source=chat", "host"),
    ("https://offers.harbour-jobs.example/visa", "host"),
    ("see www.city-board.example/ads?id=4711&fbclid=x", "page"),
)
"""A host that two people report in different spellings, and one page of a board that is otherwise lawful."""

INTERRUPTED = 130


def main() -> int:
    """Return 0 when every step ended as it must, 1 when one did not, 2 when there is nothing to play."""
    utf8_output()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    tell = Telling()
    try:
        return _play(tell, os.environ.get("TOUR_FILE", "").strip())
    except Unexpected:
        tell.line(f"\nThe tour failed at step {tell.steps}. Everything that it started is ended.")
        return 1
    except Exception:
        tell.line(f"\nThe tour itself failed at step {tell.steps}. Everything that it started is ended.\n{traceback.format_exc()}")
        return 1
    except KeyboardInterrupt:
        tell.line("\nStopped. Everything that the tour started is ended.")
        return INTERRUPTED


def _stop(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _play(tell: Telling, file: str) -> int:
    try:
        lines = cases.lines_of(Path(file)) if file else [line for line, _ in OWN]
    except OSError as fault:
        tell.line(f"TOUR_FILE={file} cannot be read: {fault.strerror}.")
        return 2
    if not lines:
        tell.line(f"TOUR_FILE={file} holds no resource: write one on each line.")
        return 2
    with fresh_instance(tell) as instance:
        reports = cases.read(instance, lines, longest=policy.REPORT_TEXT_LIMIT)
        if not file:
            _wish(reports)
        Story(instance, tell, reports).play()
    tell.line(f"\nThe tour is complete: {tell.steps} steps in {tell.seconds:.0f} s, each as it must be.")
    return 0


def _wish(reports: list[cases.Report]) -> None:
    for report, (_, scope) in zip(reports, OWN, strict=True):
        for case in report.cases:
            case.wished = scope


if __name__ == "__main__":
    sys.exit(main())
