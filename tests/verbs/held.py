"""Lists of which something is held back, as tests make them and look at them."""

import uuid
from datetime import timedelta

from sqlalchemy import select

from moderation import publishing
from moderation.models import Listing
from moderation.vocabulary import Role, Scope
from tests import builders
from tests.builders import NOON

WHY = "A network of recruiters was found; each page was looked at."


def more(session, number, *, at=NOON, of="made", like="https://first.test/offer"):
    """So many listings that came past the desk's own limit, copied from one that went through its seats."""
    one = session.scalars(select(Listing).where(Listing.target == like)).one()
    told = {column.name: getattr(one, column.name) for column in Listing.__table__.columns if column.name not in ("id", "released_in")}
    for each in range(number):
        made = {"reference": uuid.uuid4(), "target": f"https://{of}{each}.test/{at:%d%H%M}", "host": f"{of}{each}.test", "starts_at": at}
        session.add(Listing(**{**told, **made, "expires_at": at + timedelta(days=9), "review_at": at + timedelta(days=9)}))
    session.flush()


def wide(session, name, **changes):
    """A host listing that no safeguard saw."""
    one = session.scalars(select(Listing).where(Listing.scope == Scope.HOST).limit(1)).one()
    told = {column.name: getattr(one, column.name) for column in Listing.__table__.columns if column.name not in ("id", "released_in")}
    row = Listing(**{**told, "reference": uuid.uuid4(), "target": name, "host": name, "domain": None, **changes})
    session.add(row)
    session.flush()
    return row


def entries(session):
    number = publishing.newest(session).number
    return {entry.target for entry in publishing.entries(session, number)}


def keys(session):
    return builders.person(session, Role.SENIOR), builders.person(session, Role.ADMIN)


def held(session, *, at=NOON):
    return publishing.held(session, at=at)
