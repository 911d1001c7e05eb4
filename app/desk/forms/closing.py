"""Reads conclusions other than a listing: why a case is not for the list, or why a listing ends."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _

from app.desk.forms.reader import Reader
from moderation.vocabulary import REJECTIONS, Outcome


@dataclass(frozen=True, slots=True)
class Closing:
    """An outcome other than listing, with its note."""

    outcome: Outcome
    note: str
    version: int
    sent_none_of_the_reports: bool
    faults: Mapping[str, str] = field(default_factory=dict)


def read_closing(form: Mapping[str, str]) -> Closing:
    """One person's conclusion that this is not for the list."""
    read = Reader(form)
    if not form.get("outcome"):
        read.faults["outcome"] = _("Choose why this is not for the list.")
    return Closing(
        outcome=read.choice("outcome", REJECTIONS, Outcome.REJECT_SCOPE),
        note=read.text("note", needed=_("Write in a sentence why, so that whoever sees this resource again understands.")),
        version=read.version(),
        sent_none_of_the_reports=read.declared(),
        faults=read.faults,
    )


def read_delisting(form: Mapping[str, str]) -> tuple[str, Mapping[str, str]]:
    """Why a listing ends, and the faults."""
    read = Reader(form)
    because = read.text("because", needed=_("Write a sentence that says why it comes off the list; the owner may read it."))
    return because, read.faults
