"""Where moderators work: queue, case, listings, audit record. Turns requests into verbs and results into pages; decides nothing."""

from flask import Blueprint

desk = Blueprint("desk", __name__, url_prefix="/desk", template_folder="templates")

from app.desk import (  # noqa: E402 - the routes need the blueprint
    afterwards,  # noqa: F401
    asking,  # noqa: F401
    audit_page,  # noqa: F401
    case_page,  # noqa: F401
    consumers_page,  # noqa: F401
    deciding,  # noqa: F401
    frame,  # noqa: F401
    growth_page,  # noqa: F401
    held_page,  # noqa: F401
    listings_page,  # noqa: F401
    overview_page,  # noqa: F401
    queue_page,  # noqa: F401
    sealed_page,  # noqa: F401
    shortcuts_page,  # noqa: F401
    teamwork,  # noqa: F401
)
