"""Reads what colleagues tell each other about a case."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from flask_babel import gettext as _

from app.desk.forms.reader import Reader, reference
from moderation import policy
from moderation.vocabulary import TakeoverReason


@dataclass(frozen=True, slots=True)
class NoteTyped:
    """A note between moderators."""

    text: str
    faults: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HandOverTyped:
    """Whom a case is given to."""

    to: UUID | None
    faults: Mapping[str, str] = field(default_factory=dict)


def read_note(form: Mapping[str, str]) -> NoteTyped:
    """A note, and what is wrong with it."""
    read = Reader(form)
    return NoteTyped(read.text("note_text", needed=_("Write the note first."), limit=policy.CASE_NOTE_LIMIT), read.faults)


def read_hand_over(form: Mapping[str, str]) -> HandOverTyped:
    """A colleague out of those that the page names."""
    to = reference(form, "colleague")
    return HandOverTyped(to, {} if to else {"colleague": _("Choose a colleague.")})


def read_standing_aside(form: Mapping[str, str]) -> str:
    """Why, where somebody says it: nobody has to."""
    return Reader(form).text("because_aside", limit=policy.CASE_NOTE_LIMIT)


def read_taking_over(form: Mapping[str, str]) -> TakeoverReason | None:
    """Why, out of the reasons that the page names; None where none is chosen."""
    chosen = form.get("because_taken", "")
    return TakeoverReason(chosen) if chosen in tuple(TakeoverReason) else None
