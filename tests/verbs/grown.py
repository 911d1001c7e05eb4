"""A list that grew in a day. Asserts nothing."""

import uuid
from datetime import timedelta

from sqlalchemy import select

from moderation.models import Listing
from tests.builders import NOON


def listed_today(session, number, *, at=NOON):
    """So many listings of this day, copied from one that went through its seats."""
    first = session.scalars(select(Listing).order_by(Listing.id).limit(1)).one()
    told = {column.name: getattr(first, column.name) for column in Listing.__table__.columns if column.name != "id"}
    for each in range(number):
        made = {"reference": uuid.uuid4(), "target": f"https://made{each}.test/{at.isoformat()}", "starts_at": at}
        session.add(Listing(**{**told, **made, "expires_at": at + timedelta(days=9), "review_at": at + timedelta(days=9)}))
    session.flush()
