"""What the desk made of a case, as tests look at it. Asserts nothing."""

import re

from sqlalchemy import select

from moderation.models import Case, Listing
from tests.web.visitors import database_of


def state(app, case):
    with database_of(app).reading() as session:
        return session.scalar(select(Case.state).where(Case.reference == case))


def value_of(page, name):
    """What a field of the form holds."""
    area = re.search(rf'<textarea[^>]* name="{name}"[^>]*>\n?(.*?)</textarea>', page, re.S)
    line = re.search(rf'<input[^>]* name="{name}"[^>]* value="([^"]*)"', page)
    return area[1] if area else line[1] if line else None


def listing(app, case):
    with database_of(app).reading() as session:
        query = select(Listing.reference).join(Case, Case.id == Listing.case_id).where(Case.reference == case)
        return session.scalar(query.where(Listing.ended_at.is_(None)))
