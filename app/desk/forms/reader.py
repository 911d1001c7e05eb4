"""Reads the fields of a form one by one. Judges only their form, never their content."""

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from flask_babel import gettext as _

from moderation import policy

Choice = TypeVar("Choice", bound=str)

ANSWER_LIMIT = policy.FACTS_LIMIT
"""Characters in any one answer: as much as the facts of a statement of reasons may have."""

DAYS_AT_MOST = 9_999
"""What a form can carry; what a listing may last is in moderation/policy/, and a safeguard says it."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Reader:
    """Reads fields one by one and collects the faults, so that all of them are told at once."""

    def __init__(self, form: Mapping[str, str]) -> None:
        self._form = form
        self.faults: dict[str, str] = {}

    def text(self, name: str, *, needed: str = "", limit: int = ANSWER_LIMIT) -> str:
        value = _CONTROL.sub("", self._form.get(name, "").replace("\r\n", "\n")).strip()
        if len(value) > limit:
            self.faults[name] = _("This has %(length)s characters; %(limit)s is the most. Shorten it.", length=len(value), limit=limit)
            return value[:limit]
        if needed and not value:
            self.faults[name] = needed
        return value

    def ticked(self, name: str) -> bool:
        return bool(self._form.get(name))

    def declared(self) -> bool:
        """Every seat declares its independence; without it nothing is worth checking."""
        if not self.ticked("sent_none_of_the_reports"):
            self.faults["sent_none_of_the_reports"] = _(
                "Tick this if it is true. If you did send one of the reports, hand the case back instead."
            )
        return self.ticked("sent_none_of_the_reports")

    def choice(self, name: str, choices: tuple[Choice, ...], default: Choice) -> Choice:
        value = self._form.get(name, "")
        if value and value not in choices:
            self.faults[name] = _("Choose one of the answers shown.")
        return next((choice for choice in choices if choice == value), default)

    def choice_or_none(self, name: str, choices: Iterable[Choice]) -> Choice | None:
        value = self._form.get(name, "")
        found = next((choice for choice in choices if choice == value), None)
        if value and found is None:
            self.faults[name] = _("Choose one of the answers shown.")
        return found

    def days(self, name: str) -> timedelta | None:
        found = self.whole(name, fault=_("Write the days as a whole number, such as 90."))
        return None if found is None else timedelta(days=found)

    def whole(self, name: str, *, fault: str = "") -> int | None:
        value = self._form.get(name, "").strip()
        if not value:
            return None
        # By length first: Python refuses to read thousands of digits, and that would lose what was written.
        if not value.isdecimal() or len(value) > len(str(DAYS_AT_MOST)):
            self.faults[name] = fault or _("Write a whole number, such as 20.")
            return None
        return int(value)

    def version(self) -> int:
        value = self._form.get("version", "")
        # A version that no case ever has: the rule then says that the page is out of date.
        return int(value) if value.isdecimal() and len(value) < 10 else 0


def reference(form: Mapping[str, str], name: str) -> UUID | None:
    """A reference as a form carries it, None where it carries none."""
    try:
        return UUID(form.get(name, ""))
    except ValueError:
        return None
