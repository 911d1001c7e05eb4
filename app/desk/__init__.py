"""Where moderators work: queue, case, listings, audit record. Turns requests into verbs and results into pages; decides nothing."""

from flask import Blueprint

desk = Blueprint("desk", __name__, url_prefix="/desk", template_folder="templates")

from app.desk import asking, audit_page, case_page, deciding, frame, growth_page, listings_page, overview_page, queue_page  # noqa: E402, F401 - the routes need the blueprint
