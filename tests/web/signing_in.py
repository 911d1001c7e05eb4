"""Noor at the door of the desk: with the page open, and what she does there."""

import itertools

from app import clock
from app.sign_in import credentials
from tests.web.visitors import PASSWORD, SECRET, Visitor, add

_numbers = itertools.count(1)


def at_the_door(app):
    """Another Noor each time, before her sign-in, with the page open."""
    visitor = Visitor(app)
    visitor.email = f"noor{next(_numbers)}@desk.example"
    add(app, email=visitor.email)
    visitor.get("/desk/sign-in")
    return visitor


def code():
    return credentials.current_code(SECRET, clock.now())


def enter(visitor, *, email=None, password=PASSWORD, code_typed=None, **more):
    visitor.get("/desk/sign-in")
    return visitor.post("/desk/sign-in", {"email": email or visitor.email, "password": password, "code": code_typed or code(), **more})


def is_signed_in(visitor):
    return visitor.get("/desk/queue").status_code == 200
