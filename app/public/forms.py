"""The forms of the public pages: what each field asks, and what can be wrong with an answer. Stores nothing."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any
from uuid import UUID

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    Field,
    Form,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)

from app import report_fields
from moderation import policy
from moderation.vocabulary import Category

CATEGORIES = {
    Category.SEXUAL: _l("Someone being sold or forced into sexual services"),
    Category.LABOUR: _l("A job offer that looks false, or work people cannot leave"),
    Category.CHILD: _l("A child who may be harmed or sold"),
    Category.MOVED: _l("People being recruited, moved or held"),
    Category.UNSURE: _l("Not sure, but it worries me"),
}


def not_too_long(_form: Form, field: Field) -> None:
    """Say how much there is and how much fits, so that people can cut or send the rest in a second report."""
    length, limit = len((field.data or "").replace("\r\n", "\n")), policy.REPORT_TEXT_LIMIT
    if length <= limit:
        return
    raise ValidationError(
        _(
            "This is %(length)s characters long; %(limit)s fit here. Shorten it, or send the rest in a second report.",
            length=format_decimal(length),
            limit=format_decimal(limit),
        )
    )


class ReportForm(Form):  # type: ignore[misc]
    """Two required answers; the rest is up to the reporter."""

    what = TextAreaField(_l("What do you want to report?"), [not_too_long])
    category = RadioField(_l("What did you see?"), choices=list(Category), validate_choice=False)
    danger_now = BooleanField(_l("Someone may be in danger now"))
    where_seen = StringField(_l("Where did you see it?"), [not_too_long])
    when_seen = StringField(_l("When did you see it?"), [not_too_long])
    how_known = SelectField(_l("How do you know about it?"), choices=["", *report_fields.HOW_KNOWN], validate_choice=False)
    forms = SelectMultipleField(_l("What are people used for?"), choices=list(report_fields.FORMS), validate_choice=False)
    stages = SelectMultipleField(_l("What seems to be happening?"), choices=list(report_fields.STAGES), validate_choice=False)
    seen_language = StringField(_l("Which language is it in?"), [not_too_long])
    more = TextAreaField(_l("Anything else we should know?"), [not_too_long])
    contact = StringField(_l("How could we reach you?"), [not_too_long])
    subject = StringField(_l("Leave this field empty"))
    token = HiddenField()
    scripted = HiddenField()
    work = HiddenField()

    OPTIONAL = ("forms", "stages", "where_seen", "when_seen", "seen_language", "how_known", "more", "contact")

    def validate_category(self, field: Field) -> None:
        """One of the five."""
        if field.data not in tuple(Category):
            raise ValidationError(_("Choose what you saw. “Not sure” is fine."))

    @cached_property
    def typed(self) -> dict[str, str]:
        """Everything typed, by field, for sealing: only answers that were given. Read once, since a form that came in does not change."""
        answers: dict[str, Any] = {name: self[name].data for name in ("what", *self.OPTIONAL)}
        # Only a forged form can hold other choices than ours, and it could hold a megabyte of them.
        for name, choices in report_fields.SEVERAL.items():
            answers[name] = ",".join(choice for choice in choices if choice in (answers[name] or ()))
        answers["how_known"] = answers["how_known"] if answers["how_known"] in report_fields.HOW_KNOWN else ""
        return {name: text for name, text in answers.items() if text}

    @property
    def routes(self) -> tuple[str, ...]:
        """Where else this reporter should turn, most pressing first: names in `public/_routes.html`."""
        about_child = self.category.data == Category.CHILD
        asked = {"danger": self.danger_now.data, "images": "child_images" in (self.forms.data or ()), "child": about_child}
        return tuple(route for route, needed in asked.items() if needed)

    @property
    def has_more(self) -> bool:
        """Whether the optional part must be open: something is in it, or something in it is wrong."""
        return any(self[name].data or self[name].errors for name in self.OPTIONAL)


class StatusForm(Form):  # type: ignore[misc]
    """The receipt's code."""

    code = StringField(_l("Your code"), [not_too_long])

    def validate_code(self, field: Field) -> None:
        """Something must be there to look up."""
        if not (field.data or "").strip():
            raise ValidationError(_("Type the code from your receipt."))


def not_too_much(_form: Form, field: Field) -> None:
    """Say how much there is and how much fits."""
    length, limit = len((field.data or "").replace("\r\n", "\n")), policy.MESSAGE_LIMIT
    if length <= limit:
        return
    raise ValidationError(
        _(
            "This is %(length)s characters long; %(limit)s fit here. Shorten it, or send it in parts.",
            length=format_decimal(length),
            limit=format_decimal(limit),
        )
    )


def needed(_form: Form, field: Field) -> None:
    """Something must be there to send."""
    if not (field.data or "").strip():
        raise ValidationError(_("Write something first, or leave it as it is: you do not have to."))


def reference_in(text: str | None) -> UUID | None:
    """A reference as a form carries it; None where it carries none."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


class AnswersForm(Form):  # type: ignore[misc]
    """Answers to the questions that wait, in one form: what is typed below one is not lost when another is sent.

    The code travels along, since nothing else remembers it.
    """

    BEGINS = "answer-"

    code = HiddenField()

    @classmethod
    def to(cls, questions: Iterable[UUID], sent: MultiDict[str, str] | None = None, **given: str) -> "AnswersForm":
        """The form with a field for each of these questions."""
        fields = {f"{cls.BEGINS}{one}": TextAreaField(_l("Your answer"), [not_too_much]) for one in questions}
        made: AnswersForm = type("AnswersFormOfTheseQuestions", (cls,), fields)(sent, **given)
        return made

    @classmethod
    def sent(cls, sent: MultiDict[str, str]) -> "AnswersForm":
        """What a page sent, whatever it was asked; no more than can wait for an answer."""
        named = (reference_in(name.removeprefix(cls.BEGINS)) for name in sent if name.startswith(cls.BEGINS))
        return cls.to([one for one in named if one][: policy.OPEN_QUESTIONS_PER_REPORT], sent)

    @property
    def answers(self) -> dict[UUID, Field]:
        """The field of each question, in their order."""
        return {UUID(field.name.removeprefix(self.BEGINS)): field for field in self if field.name.startswith(self.BEGINS)}

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - as the library has it
        """No answer is needed, but one must be there to send."""
        is_good: bool = super().validate(extra_validators)
        fields = list(self.answers.values())
        if fields and not any((field.data or "").strip() for field in fields):
            fields[0].errors = (_("Write something first, or leave it as it is: you do not have to."),)
            return False
        return is_good


class AddForm(Form):  # type: ignore[misc]
    """Something to add to a report. `once` makes the same form sent twice one addition."""

    code = HiddenField()
    once = HiddenField()
    more = TextAreaField(_l("What do you want to add?"), [needed, not_too_much])


class CheckForm(Form):  # type: ignore[misc]
    """One address."""

    address = StringField(_l("Address"), [not_too_long])

    def validate_address(self, field: Field) -> None:
        """Something must be there to look up."""
        if not (field.data or "").strip():
            raise ValidationError(_("Type one address, such as example.org/page."))
