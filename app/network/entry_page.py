"""One entry of the list as a network carries it, and the button that has somebody look at it. Decides nothing."""

import uuid
from collections.abc import Mapping
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock, errors, limits, listed_names
from app.audience import NETWORK, audience
from app.database import request_session, transaction
from app.network import network, tools_page
from app.network.frame import UNPROCESSABLE, done
from app.network.sessions import acting
from moderation import false_positives, policy
from moderation.errors import InvalidAnswer, NotFound, TooManyOpen
from moderation.vocabulary import N_, Scope

SCOPES = {
    Scope.PAGE: N_("This page only"),
    Scope.PATH: N_("This part of the site"),
    Scope.HOST: N_("This name, and every name below it"),
    Scope.DOMAIN: N_("The whole domain, and every name below it"),
}


@network.post("/entries")
@audience(NETWORK)
def look_up() -> ResponseReturnValue:
    """Find the entry that covers a name or an address, and go there: what is typed stands in no address."""
    limits.require(policy.ENTRY_LOOK_UPS, who=str(acting().reference))
    typed = request.form.get("look-up", "").replace("\x00", "")
    found = false_positives.entry(request_session(), acting().reference, None, listed_names.named(typed), at=clock.now())
    if found is None:
        fault = _("Nothing on the list covers this. Give an entry as it stands in the list, or its reference.")
        return tools_page.shown(typed={"look-up": typed}, faults={"look-up": fault}), UNPROCESSABLE
    return redirect(url_for("network.entry", reference=found.reference), 303)


@network.get("/entries/<uuid:reference>")
@audience(NETWORK)
def entry(reference: UUID) -> ResponseReturnValue:
    """What the entry says, and what this network said of it."""
    return _page(reference)


@network.post("/entries/<uuid:reference>/false-positive")
@audience(NETWORK)
def entry_is_wrong(reference: UUID) -> ResponseReturnValue:
    """Call it wrong."""
    limits.require(policy.FALSE_POSITIVES, who=str(acting().reference))
    typed = {name: request.form.get(name, "").replace("\x00", "") for name in ("why", "contact")}
    try:
        with transaction() as session:
            false_positives.ask(session, acting().reference, reference, None, **typed, reference=uuid.uuid4(), at=clock.now())
    except InvalidAnswer as refusal:
        return _page(reference, typed, refusal.faults), UNPROCESSABLE
    except TooManyOpen as refusal:
        return _page(reference, typed, {"why": errors.words(refusal)}), UNPROCESSABLE
    return done("network.tools", "told")


def _page(reference: UUID, typed: Mapping[str, str] | None = None, faults: Mapping[str, str] | None = None) -> str:
    found = false_positives.entry(request_session(), acting().reference, reference, None, at=clock.now())
    if found is None:
        raise NotFound(N_("There is no such entry on the list (any more)."))
    return render_template(
        "network/entry.html", entry=found, scopes=SCOPES, answers=tools_page.ANSWERS, typed=typed or {}, faults=faults or {}
    )
