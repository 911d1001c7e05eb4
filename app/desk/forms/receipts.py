"""Reads a hotline's receipt as a moderator writes it down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _

from app.desk.forms.messages import moment
from app.desk.forms.reader import Reader, reference

NAMES = {"their_reference": "receipt_reference", "came_at": "receipt_at"}
"""What the page calls the fields."""


@dataclass(frozen=True, slots=True)
class ReceiptTyped:
    """Which referral a hotline answered, under which number, and when."""

    referral: UUID | None
    their_reference: str
    came_at: datetime | None
    faults: Mapping[str, str] = field(default_factory=dict)


def read_receipt(form: Mapping[str, str], *, now: datetime) -> ReceiptTyped:
    """A receipt as written down; what is missing is for the rules to say, but for what cannot be read at all."""
    read = Reader(form)
    referral = reference(form, "receipt_of")
    if referral is None:
        read.faults["receipt_of"] = _("Choose which referral they answered.")
    typed = form.get("receipt_at", "").strip()
    came_at = moment(typed, now=now)
    if typed and came_at is None:
        read.faults["receipt_at"] = _("Write the day, such as 2026-11-24.")
    return ReceiptTyped(referral, read.text("receipt_reference"), came_at, read.faults)


def receipt_as_shown(faults: Mapping[str, str]) -> Mapping[str, str]:
    """What a rule found wrong, by the names that the page has for the fields."""
    return {NAMES.get(name, name): fault for name, fault in faults.items()}
