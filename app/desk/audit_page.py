"""The audit record, newest first, for auditors and administrators. Reads only."""

import re
from collections.abc import Collection
from functools import partial
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.audience import audience
from app.database import request_session
from app.desk import desk, forms
from moderation import audit as records
from moderation import listings, policy
from moderation.vocabulary import Role, Window

_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)[:.\d]*(?:\+00:00|Z)")


@desk.get("/audit")
@audience(Role.AUDITOR, Role.ADMIN)
def audit() -> ResponseReturnValue:
    """One page of the record, of everything or of one subject."""
    page, subject = forms.page_number(request.args), forms.sought(request.args, "subject")
    window = Window(page, policy.RECORD_SHOWN)
    rows, has_next = window.cut(records.newest(request_session(), limit=window.many, offset=window.start, subject=subject))
    sealed = listings.sealed_since(request_session(), {str(row.detail["target"]) for row in rows if "target" in row.detail})
    told = partial(_told, sealed=sealed)
    return render_template("desk/audit.html", rows=rows, has_next=has_next, page=page, subject=subject, told=told)


def _told(value: Any, *, sealed: Collection[str] = ()) -> str:  # noqa: ANN401 - whatever an act wrote down
    """A detail as a person reads it: a time to the minute, yes or no, several with commas; no address that was `sealed` since."""
    if isinstance(value, str) and value in sealed:
        return str(_("The address is sealed"))
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, list):
        return ", ".join(_told(each) for each in value)
    moment = _MOMENT.fullmatch(value) if isinstance(value, str) else None
    return f"{moment[1]} {moment[2]} UTC" if moment else str(value)
