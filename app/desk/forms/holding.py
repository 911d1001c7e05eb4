"""Reads which held entries somebody ticked, and why they may go out."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from werkzeug.datastructures import MultiDict

from app.desk.forms.reader import Reader, reference


@dataclass(frozen=True, slots=True)
class LettingGoTyped:
    """Listings that were ticked, and a reason; whether they will do is for the rules."""

    listings: Sequence[UUID]
    why: str


def read_letting_go(form: MultiDict[str, str]) -> LettingGoTyped:
    """What was ticked; a value that is no reference is nothing that this page offered."""
    ticked = (reference({"held": value}, "held") for value in form.getlist("held"))
    return LettingGoTyped([found for found in ticked if found is not None], Reader(form).text("why"))
