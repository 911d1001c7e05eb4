"""What is held back from the list, and the two keys that let it go. Decides nothing."""

from collections.abc import Mapping

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.audience import audience
from app.database import request_session
from app.desk import desk, forms
from app.desk.acts import tried
from app.desk.frame import UNPROCESSABLE, acting
from app.desk.growth_page import KEY_HOLDERS
from app.errors import STATUS
from moderation import policy, publishing
from moderation.errors import InvalidAnswer, Refusal
from moderation.publishing import Turned
from moderation.vocabulary import REVIEWING_ROLES


@desk.get("/held")
@audience(*KEY_HOLDERS)
def held_page() -> ResponseReturnValue:
    """Every entry that waits, with its reason and since when."""
    return _page()


@desk.post("/held")
@audience(*KEY_HOLDERS)
def held_let_go() -> ResponseReturnValue:
    """Turn this person's key for what they ticked."""
    typed = forms.read_letting_go(request.form)
    turned = tried(lambda session: publishing.let_go(session, typed.listings, typed.why, by=acting(), at=clock.now()))
    if isinstance(turned, InvalidAnswer):
        return _page(turned.faults, status=UNPROCESSABLE)
    if isinstance(turned, Refusal):
        return _page(refusal=turned)
    _say(turned)
    return redirect(url_for("desk.held_page"), 303)


def _say(turned: Turned) -> None:
    if turned.first:
        flash(_("First keys turned: %(number)s. Another senior or administrator must turn the second.", number=turned.first))
    if turned.gone:
        flash(_("Entries that go out: %(number)s. The feed has them within seconds.", number=turned.gone))


def _page(faults: Mapping[str, str] | None = None, *, refusal: Refusal | None = None, status: int = 200) -> Response:
    session, now = request_session(), clock.now()
    response = make_response(
        render_template(
            "desk/held.html",
            held=publishing.held(session, at=now),
            count=publishing.held_count(session),
            alarms=publishing.alarms(session, at=now),
            faults=faults or {},
            ticked=request.form.getlist("held"),
            typed=request.form,
            refusal=refusal,
            may_review=acting().role in REVIEWING_ROLES,
            policy=policy,
        )
    )
    response.status_code = STATUS[type(refusal)].value if refusal else status
    return response
