"""What every page of the desk shares: who acts, the navigation, and the words templates may use."""

from typing import Any

from flask import g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.audience import audience
from app.desk import desk, words
from moderation.growth import KEY_ROLES
from moderation.queue import points_of
from moderation.vocabulary import REVIEWING_ROLES, Actor, Role

EVERYONE = tuple(Role)
REVIEWERS = tuple(sorted(REVIEWING_ROLES))
UNPROCESSABLE = 422
"""What a form is answered with that could be read and not be taken."""


def acting() -> Actor:
    """Who is signed in. The guard has looked them up before any page of the desk runs."""
    actor: Actor = g.actor
    return actor


@desk.get("/")
@audience(*EVERYONE)
def home() -> ResponseReturnValue:
    """Each role's own first page."""
    links = navigation(acting())
    if not links:
        return render_template("desk/nothing.html")
    return redirect(links[0][1], 303)


def navigation(actor: Actor) -> tuple[tuple[str, str], ...]:
    """Label and address of each page that this role may open."""
    links: tuple[tuple[str, str], ...] = ()
    if actor.role in REVIEWING_ROLES:
        links = (
            (_("Queue"), url_for("desk.queue")),
            (_("My cases"), url_for("desk.queue", mine=1)),
            (_("Second review"), url_for("desk.queue", state="proposed")),
            (_("Third review"), url_for("desk.queue", state="awaiting_third")),
        )
    if actor.role in (Role.AUDITOR, Role.ADMIN):
        links += ((_("Audit record"), url_for("desk.audit")),)
    if actor.role in (*REVIEWING_ROLES, Role.AUDITOR, Role.ADMIN):
        links += ((_("Listings"), url_for("desk.listings")),)
    if actor.role in (Role.SENIOR, Role.AUDITOR, Role.ADMIN):
        links += ((_("Overview"), url_for("desk.overview_page")),)
    if actor.role is Role.ADMIN:
        links += ((_("Networks"), url_for("desk.consumers_page")),)
    if actor.role in KEY_ROLES:
        links += ((_("Growth"), url_for("desk.growth_page")), (_("Held back"), url_for("desk.held_page")))
    return links


@desk.context_processor
def _shared() -> dict[str, Any]:
    actor: Actor | None = g.get("actor")
    return {
        "acting": actor,
        "navigation": navigation(actor) if actor else (),
        "label": words.label,
        "imitates": words.imitates,
        "taken_over": words.taken_over,
        "comes_back": words.comes_back,
        "why_back": words.why_back,
        "row_due": words.row_due,
        "waits_until": words.waits_until,
        "why_near": words.why_near,
        "said": words.said,
        "safeguard": words.safeguard,
        "age": words.age,
        "minutes_left": words.minutes_left,
        "readable": words.readable,
        "visible": words.visible,
        "urgency": words.urgency,
        "urgency_reasons": words.urgency_reasons,
        "points_of": points_of,
        "now": clock.now(),
    }
