"""Engineers of networks as tests meet them: a browser's client, with the real way in. Asserts nothing."""

import re
import uuid

from flask import Flask
from sqlalchemy import select

from app import clock, secrets_shown
from moderation import consumers
from moderation.models import Consumer
from moderation.vocabulary import SYSTEM
from tests import builders
from tests.web.visitors import Visitor, database_of

SECRET = re.compile(r'id="secret">([^<]+)<')


def new_consumer(app: Flask, *, address_formats=()) -> str:
    """A consumer that no other test knows; returns its name."""
    name = f"Network {uuid.uuid4().hex[:8]}"
    with database_of(app).transaction() as session:
        builders.consumer(session, name, address_formats=address_formats, at=clock.now())
    return name


def reference_of(app: Flask, name: str) -> uuid.UUID:
    with database_of(app).reading() as session:
        return session.scalars(select(Consumer.reference).where(Consumer.name == name)).one()


def invited(app: Flask, name: str) -> str:
    """An invitation to the consumer's pages."""
    invitation = secrets_shown.new()
    with database_of(app).transaction() as session:
        consumers.invite(session, reference_of(app, name), digest=secrets_shown.digest(invitation), by=SYSTEM, at=clock.now())
    return invitation


def engineer_of(app: Flask, name: str = "") -> Visitor:
    """Somebody of this consumer, or of a new one, signed in by an invitation, at their first page."""
    name = name or new_consumer(app)
    visitor = Visitor(app)
    visitor.post("/network/sign-in", {"key": invited(app, name)})
    visitor.key, visitor.name = secret_on(visitor), name
    visitor.get("/network/")
    return visitor


def secret_on(visitor: Visitor) -> str:
    """What the page shows once."""
    return SECRET.search(visitor.page)[1]
