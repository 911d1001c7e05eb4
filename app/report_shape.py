"""A report as programs and files give it: its fields, their limits, and plain words for what is wrong with one. Stores nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

from flask_babel import gettext as _
from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from app import report_fields
from moderation import policy
from moderation.vocabulary import N_, Category

LANGUAGE = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$"
STRICT = ConfigDict(extra="forbid", strict=True)

CHOICES = {"how_known": report_fields.HOW_KNOWN, **report_fields.SEVERAL}
"""The fields that are answered by choosing, each with its choices."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where: a JSON pointer (RFC 6901) into what was sent."""

    pointer: str
    detail: str


def _details() -> type[BaseModel]:
    """Whatever the form asks, programs may answer: a new question there is a new field here."""
    fields = {name: (_answer(name), Field(default=None, description=label)) for name, label in report_fields.LABELS.items()}
    fields.pop("what")
    made: type[BaseModel] = create_model("Details", __config__=STRICT, __doc__=_ABOUT_DETAILS, **fields)  # type: ignore[call-overload]
    return made


_ABOUT_DETAILS = N_("What else is known. Leave out anything that is not safe to tell; nothing here is needed.")


def _answer(name: str) -> Any:  # noqa: ANN401 - a type that is made of the form's choices
    if name not in CHOICES:
        return Annotated[str, Field(max_length=policy.REPORT_TEXT_LIMIT)]
    one = Literal.__getitem__(tuple(CHOICES[name]))
    return Annotated[list[one], Field(max_length=len(CHOICES[name]))] if name in report_fields.SEVERAL else one  # type: ignore[valid-type]


Details = _details()


class GivenReport(BaseModel):
    """One report, its fields as a reporter would answer them."""

    model_config = STRICT

    what: Annotated[
        str,
        Field(
            min_length=1,
            max_length=policy.REPORT_TEXT_LIMIT,
            description=N_("What is reported: links, names, numbers or words, as many as belong together."),
        ),
    ]
    category: Annotated[Category, Field(strict=False, description=N_("What was seen. “unsure” is fine."))]
    danger_now: Annotated[bool, Field(description=N_("Someone may be in danger now. Read first; but call for help too."))] = False
    language: Annotated[str, Field(pattern=LANGUAGE, description=N_("The language it is written in, such as en or pt-BR."))] = ""
    details: Annotated[Details, Field(description=_ABOUT_DETAILS)] = Details()  # type: ignore[valid-type]

    @property
    def typed(self) -> dict[str, str]:
        """Every answer given, by the names of `report_fields.LABELS`, as the form would seal it."""
        given = {"what": self.what, **self.details.model_dump(exclude_none=True)}  # type: ignore[attr-defined]
        return {name: ",".join(dict.fromkeys(answer)) if isinstance(answer, list) else answer for name, answer in given.items() if answer}


Shape = TypeVar("Shape", bound=BaseModel)


def checked(given: object, shape: type[Shape]) -> Shape | tuple[Fault, ...]:
    """What was sent, in its shape, or everything that is wrong with it."""
    try:
        return shape.model_validate(given)
    except ValidationError as fault:
        return tuple(_faults(fault))


def _faults(fault: ValidationError) -> Iterator[Fault]:
    for each in fault.errors(include_url=False, include_input=False):
        values = {name: str(value) for name, value in each.get("ctx", {}).items()}
        yield Fault(pointer(each["loc"]), _(SENTENCES.get(each["type"], UNREADABLE), **values))


def pointer(steps: Sequence[str | int]) -> str:
    """A JSON pointer (RFC 6901)."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)


UNREADABLE = N_("This cannot be read.")
SENTENCES = {
    "missing": N_("This is missing."),
    "extra_forbidden": N_("There is no field of this name."),
    "string_type": N_("This must be text."),
    "string_too_short": N_("This is empty."),
    "string_too_long": N_("This is too long: %(max_length)s characters fit."),
    "string_pattern_mismatch": N_("This must be the code of a language, such as en or pt-BR."),
    "bool_type": N_("This must be true or false."),
    "enum": N_("Choose one of these: %(expected)s."),
    "literal_error": N_("Choose one of these: %(expected)s."),
    "list_type": N_("This must be a list."),
    "too_long": N_("This list is too long: %(max_length)s fit."),
    "model_type": N_("This must be an object with named fields."),
    "model_attributes_type": N_("This must be an object with named fields."),
}
"""What the checks find, by the names that pydantic has for it, in our words."""
