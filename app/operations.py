"""For who runs this machine: is it alive, is it ready. Shows nothing of any case."""

from flask import Blueprint, Flask, Response, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app import instance, schema
from app.audience import OPERATOR, PUBLIC, audience
from app.database import database
from moderation import facts

operations = Blueprint("operations", __name__)


def init_app(app: Flask) -> None:
    """Register the two health addresses, and let everyone have the static files."""
    app.register_blueprint(operations)
    app.view_functions["static"] = audience(PUBLIC)(app.view_functions["static"])


@operations.get("/healthz")
@audience(OPERATOR)
def healthz() -> Response:
    """The process answers; nothing else is asked."""
    return jsonify(status="ok")


@operations.get("/readyz")
@audience(OPERATOR)
def readyz() -> tuple[Response, int]:
    """The database answers, and has the schema and the lists that this code needs."""
    try:
        with database().engine.connect() as connection:
            connection.execute(text("SELECT 1"))
            current = schema.is_current(connection)
            loaded = current and facts.lists_are_loaded(Session(connection))
    except SQLAlchemyError:
        return jsonify(status="not ready", reason="The database does not answer."), 503
    if current and not loaded:
        return jsonify(status="not ready", reason="The lists of known hosts are missing: run flask hosts load."), 503
    if not current:
        return jsonify(status="not ready", reason="The database has not the newest schema: run flask db upgrade."), 503
    return jsonify(status="ready", surfaces=instance.settings().surfaces), 200
