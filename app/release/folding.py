"""Joins what several releases did into what one release would have done. Sees lines only; reads and writes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

Line = dict[str, Any]

NAMED_BY = ("reference", "kind", "scope", "target", "host")
"""What a line says of an entry that leaves: enough to find it in any file."""

ORDER = {"remove": 0, "change": 1, "add": 2}


@dataclass(slots=True)
class _Place:
    """One place on the list: what stood there before the first of the releases, and what stands there now."""

    before: Line | None
    now: Line | None
    because: str = ""


def fold(lines: Iterable[Line]) -> list[Line]:
    """One line for each place that differs at the end, from the lines of releases in their order.

    What came and went is nothing, what changed twice changed once. Removals come first, then changes, then additions.
    """
    places: dict[str, _Place] = {}
    for line in lines:
        _take_in(places, line)
    folded = (_line_of(place) for place in places.values())
    return sorted((line for line in folded if line is not None), key=_in_order)


def named(fields: Line) -> Line:
    """What is said of an entry that leaves."""
    return {name: fields[name] for name in NAMED_BY}


def _take_in(places: dict[str, _Place], line: Line) -> None:
    reference = line["reference"]
    if line["type"] == "add":
        place = places.setdefault(reference, _Place(before=None, now=None))
        place.now = line
    elif line["type"] == "change":
        old = line["replaces"]
        place = places.pop(old["reference"]) if old["reference"] in places else _Place(before=old, now=None)
        place.now, place.because = line, line["because"]
        places[reference] = place
    else:
        place = places.setdefault(reference, _Place(before=named(line), now=None))
        place.now, place.because = None, line["because"]


def _line_of(place: _Place) -> Line | None:
    if place.now is None:
        return None if place.before is None else {"type": "remove", **place.before, "because": place.because}
    entry = {name: value for name, value in place.now.items() if name not in ("type", "replaces", "because")}
    if place.before is None:
        return {"type": "add", **entry}
    return {"type": "change", **entry, "replaces": place.before, "because": place.because}


def _in_order(line: Line) -> tuple[int, str, str, str]:
    # Targets are ASCII in a release, so this is the order of their octets, as in the files.
    return ORDER[line["type"]], line["target"], line["scope"], line["reference"]
