"""What was sent with a receipt's code while the database is away: given back whole, to be sent once more. Stores nothing."""

from collections.abc import Sequence

import structlog
from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from werkzeug.datastructures import MultiDict
from wtforms import Field

log = structlog.get_logger(__name__)

AWAY = (OperationalError, NoConnection)


def shown(sent: MultiDict[str, str], fault: Exception, *, typed: Sequence[Field] = ()) -> ResponseReturnValue:
    """All that was sent; `typed` are the fields that a person wrote in. The page that it came from needs the database."""
    # The fault's own text may hold what was written, so only its kind is logged.
    log.error("message not saved", fault=type(fault).__name__)
    names = {field.name for field in typed}
    kept = [(name, value) for name, value in sent.items(multi=True) if name not in names]
    return render_template("public/not_saved.html", kept=kept, typed=typed), 503
