"""Reads why, and by how much, the list should be allowed to grow faster for a day."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _

from app.desk.forms.reader import Reader


@dataclass(frozen=True, slots=True)
class GrowthTyped:
    """The first of two keys."""

    reason: str
    entries: int | None
    faults: Mapping[str, str] = field(default_factory=dict)


def read_growth(form: Mapping[str, str]) -> GrowthTyped:
    """A reason and a number; whether they will do is for the rules."""
    read = Reader(form)
    reason = read.text("reason")
    entries = read.whole("entries", fault=_("Write the listings of a day as a whole number, such as 60."))
    return GrowthTyped(reason, entries, read.faults)
