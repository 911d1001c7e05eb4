"""Listings whose second look is due, as tests make them."""

from datetime import datetime, timedelta

from sqlalchemy import select

from moderation import reviewing
from moderation.models import Case, Listing
from moderation.vocabulary import Scope
from tests import builders
from tests.builders import NOON

OFFER = "https://www.jobs.test/offer/7"
DAY = timedelta(days=1)
WHY = "The offer is still the same, and people still answer it."


def listed(session, scope: Scope = Scope.PAGE, **changes) -> tuple[Case, Listing]:
    decided = builders.listed(session, OFFER, scope, **changes)
    listing = session.scalars(select(Listing).where(Listing.reference == decided.listing)).one()
    return session.get_one(Case, listing.case_id), listing


def expiring(session) -> tuple[Case, Listing]:
    """A listing a week before its end."""
    found, listing = listed(session, expires_after=20 * DAY, review_after=20 * DAY)
    reviewing.bring_back(session, at=NOON + 13 * DAY)
    return found, listing


def kept(session, found: Case, by, *, at: datetime, after: timedelta | None = 30 * DAY, note: str = WHY):
    builders.claimed(session, found, by, at=at)
    return reviewing.keep(session, found.reference, note, after, by=by, at=at, version=found.version, sent_none_of_the_reports=True)
