"""Where networks ask for the list: what they get, what they promise, and the form. Says nothing of who asked before."""

import re
import uuid
from http import HTTPStatus
from typing import Any, ClassVar

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, Form, SelectMultipleField, StringField, TextAreaField, ValidationError

from app import clock, instance
from app.database import transaction
from app.limits import limited
from app.public.blueprint import page
from moderation import consumers, formats, policy
from moderation.consumers import Asked
from moderation.vocabulary import likeness


def _short(_form: Form, field: Field) -> None:
    _fits(field, policy.APPLICATION_LINE)


def _fits(field: Field, limit: int) -> None:
    length = len((field.data or "").replace("\r\n", "\n"))
    if length > limit:
        told = {"field": field.label.text, "length": format_decimal(length), "limit": format_decimal(limit)}
        raise ValidationError(_("“%(field)s” has %(length)s characters; %(limit)s is the most. Shorten it.", **told))


class SignUpForm(Form):  # type: ignore[misc]
    """What a network says of itself."""

    organisation = StringField(_l("Your organisation"), [_short])
    contact_name = StringField(_l("Who answers for it"), [_short])
    contact_email = StringField(_l("Their e-mail address at work"), [_short])
    territory = StringField(_l("Where do you serve people?"), [_short])
    software = StringField(_l("Which software will use the list?"), [_short])
    formats = SelectMultipleField(_l("Which formats?"), choices=[], validate_choice=False)
    purpose = TextAreaField(_l("What will you use it for?"))
    accepted = BooleanField(_l("We accept these terms."))
    subject = StringField(_l("Leave this field empty"))

    NEEDED: ClassVar = {
        "organisation": _l("Say which organisation you are."),
        "contact_name": _l("Say who answers for it."),
        "contact_email": _l("Give their e-mail address at work."),
        "territory": _l("Say where you serve people."),
        "software": _l("Say which software will use the list."),
        "purpose": _l("Say what you will use the list for."),
    }
    """What is said where it is missing: in the list at the top each stands without its field."""

    def validate_contact_email(self, field: Field) -> None:
        """Something that a letter could be sent to; whether it arrives only a letter can tell."""
        name, _at, host = (field.data or "").strip().rpartition("@")
        if field.data and not (name and "." in host.strip(".") and not any(sign.isspace() for sign in f"{name}{host}")):
            raise ValidationError(_("Write an e-mail address, such as noc@network.example."))

    def validate_formats(self, field: Field) -> None:
        """One at least, of those there are."""
        if not set(field.data or ()) & set(consumers.choices()):
            raise ValidationError(_("Choose at least one format. You can change it later."))

    def validate_purpose(self, field: Field) -> None:
        """Some sentences."""
        _fits(field, policy.APPLICATION_PURPOSE)

    def validate_accepted(self, field: Field) -> None:
        """The list is licensed."""
        if not field.data:
            raise ValidationError(_("The list can only be given to networks that accept the terms."))

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - as the library has it
        """What is missing is said beside each field, together with what is wrong."""
        is_good: bool = super().validate(extra_validators)
        for name, said in self.NEEDED.items():
            if not likeness(_clean(self[name].data)):
                self[name].errors = (str(said),)
                is_good = False
        return is_good

    @property
    def asked(self) -> Asked:
        """The answers, as the rules take them."""
        chosen = tuple(choice for choice in consumers.choices() if choice in (self.formats.data or ()))
        return Asked(**{name: _clean(self[name].data) for name in self.NEEDED}, formats=chosen)


_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def _clean(text: str | None) -> str:
    # What nobody sees could make an administrator read another name or address than the one that is there.
    return _UNSEEN.sub("", text or "").replace("\r\n", "\n").strip()


@page("/networks", "networks", methods=("GET", "POST"))
@limited(policy.APPLICATIONS)
def networks() -> ResponseReturnValue:
    """What the list is to a network, and the form by which it asks for it."""
    form = SignUpForm(request.form if request.method == "POST" else None)
    if request.method != "POST":
        return _shown(form)
    if not form.validate():
        return _shown(form), HTTPStatus.UNPROCESSABLE_ENTITY
    reference = uuid.uuid4()
    # What fills in the field that nobody sees is told the same, and kept nowhere.
    if not form.subject.data:
        with transaction() as session:
            consumers.apply(session, form.asked, reference=reference, at=clock.now())
    contact = instance.settings().contact
    return render_template("public/networks_sent.html", number=consumers.number_of(reference), form=form, contact=contact)


def _shown(form: SignUpForm) -> str:
    labels = {form.FILE_NAME: form.LABEL for form in formats.installed()}
    return render_template(
        "public/networks.html",
        form=form,
        choices=consumers.choices(),
        labels=labels,
        limit=policy.APPLICATION_PURPOSE,
        kept=policy.APPLICATION_KEPT,
    )
