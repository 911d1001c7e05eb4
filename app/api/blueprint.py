"""The blueprint that the API hangs on, apart so that each of its rooms can import it; and how its errors leave."""

from flask import Blueprint, Response, jsonify
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from structlog import get_logger

from app.api.problems import Problem, unavailable

log = get_logger(__name__)

api = Blueprint("api", __name__, url_prefix="/api", template_folder="templates")


@api.errorhandler(Problem)
def tell(problem: Problem) -> Response:
    """RFC 9457, with what is wrong field by field."""
    response = jsonify(problem.content)
    response.mimetype = "application/problem+json"
    response.status_code = problem.status.value
    response.headers.update(problem.headers)
    return response


@api.errorhandler(OperationalError)
@api.errorhandler(NoConnection)
def database_is_away(fault: Exception) -> Response:
    """Ours to mend; nothing was stored."""
    # The fault's own text may hold values of the report, so only its kind is logged.
    log.error("reports not saved", fault=type(fault).__name__)
    return tell(unavailable())
