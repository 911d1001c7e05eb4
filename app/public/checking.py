"""Is it listed, and why: one exact address by POST. No search, no browsing, and no address in any log."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from app import clock, instance, languages, sealing
from app.database import request_session
from app.limits import limited
from app.public.blueprint import page
from app.public.forms import CheckForm
from moderation import lookup, policy, resources
from moderation.errors import NothingReported, TooManyResources
from moderation.vocabulary import N_, Resource, Scope

SCOPES = {
    Scope.PAGE: N_("This page only"),
    Scope.PATH: N_("This part of the site"),
    Scope.HOST: N_("This name, and every name below it"),
    Scope.DOMAIN: N_("The whole domain, and every name below it"),
}


@page("/check", "check", methods=("GET", "POST"))
@limited(policy.CHECKS)
def check() -> ResponseReturnValue:
    """Ask for an address; with one, say whether it is listed, how widely, why, until when, and whom to write to."""
    contact = instance.settings().contact
    form = CheckForm(request.form if request.method == "POST" else None)
    if request.method != "POST":
        return render_template("public/check.html", form=form, contact=contact)
    form.validate()
    resource = _resource(form)
    if resource is None:
        return render_template("public/check.html", form=form, contact=contact), 422
    listing = lookup.covering(request_session(), resource, at=clock.now())
    names = [_country(code) for code in listing.territories] if listing else []
    countries = languages.joined(names)
    return render_template("public/checked.html", resource=resource, listing=listing, scopes=SCOPES, countries=countries, contact=contact)


def _country(code: str) -> str:
    """The country's name in the page's language."""
    return str(get_locale().territories.get(code, code))


def _resource(form: CheckForm) -> Resource | None:
    """The one address that was typed; what is wrong with it is said at the field."""
    if form.address.errors:
        return None
    keys = instance.keys()
    try:
        found = resources.parse(form.address.data, text_digest=lambda text: sealing.text_digest(keys, text))
    except (NothingReported, TooManyResources):
        found = ()
    if len(found) == 1 and found[0].host:
        return found[0]
    form.address.errors = (_("Type one address, as it stands in the address bar, such as example.org/page."),)
    return None
