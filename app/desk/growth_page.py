"""How fast the list grows, and the two keys that allow it to grow faster for a day. Decides nothing."""

import uuid
from collections.abc import Callable, Mapping
from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import clock
from app.audience import audience
from app.database import request_session
from app.desk import desk, forms
from app.desk.acts import tried
from app.desk.frame import UNPROCESSABLE, acting
from app.errors import STATUS
from moderation import growth, policy
from moderation.errors import InvalidAnswer, Refusal

KEY_HOLDERS = tuple(sorted(growth.KEY_ROLES))


@desk.get("/growth")
@audience(*KEY_HOLDERS)
def growth_page() -> ResponseReturnValue:
    """The last day's growth, its bound, and the permission that stands."""
    return _page()


@desk.post("/growth")
@audience(*KEY_HOLDERS)
def growth_ask() -> ResponseReturnValue:
    """Turn the first key."""
    typed = forms.read_growth(request.form)
    if typed.faults:
        return _page(typed.faults, status=UNPROCESSABLE)
    asked = tried(lambda session: growth.ask(session, typed.reason, typed.entries, reference=uuid.uuid4(), by=acting(), at=clock.now()))
    if isinstance(asked, InvalidAnswer):
        return _page(asked.faults, status=UNPROCESSABLE)
    if isinstance(asked, Refusal):
        return _page(refusal=asked)
    flash(_("Asked. Another senior or administrator must agree before anything changes."))
    return redirect(url_for("desk.growth_page"), 303)


@desk.post("/growth/<uuid:reference>/agree")
@audience(*KEY_HOLDERS)
def growth_agree(reference: UUID) -> ResponseReturnValue:
    """Turn the second key."""
    return _turned(growth.agree, reference, _("Agreed. It takes effect after the delay, and ends by itself."))


@desk.post("/growth/<uuid:reference>/take-back")
@audience(*KEY_HOLDERS)
def growth_take_back(reference: UUID) -> ResponseReturnValue:
    """End a permission at once."""
    return _turned(growth.take_back, reference, _("Taken back. The list grows no faster than before."))


def _turned(verb: Callable[..., None], reference: UUID, done: str) -> ResponseReturnValue:
    turned = tried(lambda session: verb(session, reference, by=acting(), at=clock.now()))
    if isinstance(turned, Refusal):
        return _page(refusal=turned)
    flash(done)
    return redirect(url_for("desk.growth_page"), 303)


def _page(faults: Mapping[str, str] | None = None, *, refusal: Refusal | None = None, status: int = 200) -> Response:
    session, now = request_session(), clock.now()
    response = make_response(
        render_template(
            "desk/growth.html",
            day=growth.of_the_day(session, at=now, in_full=True),
            standing=growth.standing(session, at=now),
            faults=faults or {},
            typed=request.form,
            refusal=refusal,
            policy=policy,
        )
    )
    response.status_code = STATUS[type(refusal)].value if refusal else status
    return response
