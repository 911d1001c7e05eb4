"""The keys of the desk: a page that lists them, and the switch that is kept with the person. Listens to none; shortcuts.js does."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.audience import audience
from app.database import transaction
from app.desk import desk
from app.desk.frame import EVERYONE, acting
from moderation import people
from moderation.vocabulary import N_

KEYS = (
    ("j", N_("next case in the queue")),
    ("k", N_("the case before")),
    ("x", N_("select the case, or no longer")),
    ("c", N_("claim the case; it does nothing else")),
    ("Enter", N_("open the case")),
    ("r", N_("refresh the queue, or go back to it")),
    ("1", N_("in a case: what people told us")),
    ("2", N_("in a case: what is known")),
    ("3", N_("in a case: other cases, or notices")),
    ("4", N_("in a case: the decision")),
    ("/", N_("search")),
    ("?", N_("show these keys")),
)
"""Each key with what it does. None proposes, confirms, rejects, delists or publishes."""


@desk.get("/shortcuts")
@audience(*EVERYONE)
def shortcuts() -> ResponseReturnValue:
    """The keys, and whether they do anything for this person."""
    return render_template("desk/shortcuts.html", on=acting().shortcuts)


@desk.post("/shortcuts")
@audience(*EVERYONE)
def switch_shortcuts() -> ResponseReturnValue:
    """Switch them on or off, for every sign-in to come."""
    on = request.form.get("on") == "1"
    with transaction() as session:
        people.switch_shortcuts(session, on=on, by=acting())
    flash(_("Keys are on.") if on else _("Keys are off. Everything works without them."))
    return redirect(url_for("desk.shortcuts"), 303)


@desk.app_template_global("desk_keys")
def desk_keys() -> tuple[tuple[str, str], ...]:
    """The keys with their words, for the page and the dialog."""
    return tuple((key, _(words)) for key, words in KEYS)
