"""A decision form that cannot be read as it was sent: its page again, with that and with all else that is wrong. Decides nothing."""

from collections.abc import Callable, Mapping
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app.desk import case_page
from app.desk.acts import tried
from app.desk.attempts import Attempt
from app.desk.frame import UNPROCESSABLE
from app.errors import STATUS, words
from moderation.errors import Refusal


def all_at_once(
    reference: UUID, form: str, faults: Mapping[str, str], others: Callable[[Session], Mapping[str, str]] | None = None
) -> ResponseReturnValue:
    """The page with what cannot be read in the form, and with what the rules lack in the rest of it: `others`, by the page's names.

    Whoever may not send the form at all is told that, and nothing else.
    """
    found = tried(others) if others is not None else {}
    if isinstance(found, Refusal):
        refused = Attempt(form=form, typed=request.form, faults={}, refusal=words(found))
        return case_page.shown(reference, attempt=refused, status=STATUS[type(found)].value)
    attempt = Attempt(form=form, typed=request.form, faults={**found, **faults})
    return case_page.shown(reference, attempt=attempt, status=UNPROCESSABLE)
