"""The audit record, newest first, for auditors and administrators. Reads only."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.audience import audience
from app.database import request_session
from app.desk import desk, forms
from moderation import audit as records
from moderation.vocabulary import Role

PAGE_SIZE = 50


@desk.get("/audit")
@audience(Role.AUDITOR, Role.ADMIN)
def audit() -> ResponseReturnValue:
    """One page of the record, of everything or of one subject."""
    page, subject = forms.page_number(request.args), forms.sought(request.args, "subject")
    rows = records.newest(request_session(), limit=PAGE_SIZE + 1, offset=(page - 1) * PAGE_SIZE, subject=subject)
    return render_template("desk/audit.html", rows=rows[:PAGE_SIZE], has_next=len(rows) > PAGE_SIZE, page=page, subject=subject)
