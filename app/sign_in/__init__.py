"""The way to the desk: sign-in, sessions and credentials. Decides nothing; the rules are in moderation/people.py."""

from flask import Blueprint

sign_in = Blueprint("sign_in", __name__, template_folder="templates")

from app.sign_in import routes  # noqa: E402, F401 - the routes need the blueprint
