"""Is it listed, and why: for one exact address, the narrowest listing that covers it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from moderation import lookup, resources, reviewing
from moderation.models import Listing
from moderation.vocabulary import Scope, Target
from tests import builders
from tests.builders import NOON

OFFER = "https://www.jobs.test/offer/7"


def found(session, text: str, *, at=NOON) -> lookup.ListingSeen | None:
    (resource,) = resources.parse(text, text_digest=builders.digest_of_text)
    return lookup.covering(session, resource, at=at)


@pytest.mark.parametrize(
    "same", [OFFER, "http://www.jobs.test/offer/7", "HXXPS://www[.]JOBS.test/offer/7#here", f"{OFFER}?utm_source=mail"]
)
def test_a_listed_page_is_found_by_any_way_of_writing_it(session, same):
    builders.listed(session, OFFER)
    assert found(session, same).target == OFFER


@pytest.mark.parametrize(
    "other",
    [
        "https://www.jobs.test/offer/8",
        "https://www.jobs.test/offer/",
        "https://www.jobs.test/offer/7/more",
        "https://www.jobs.test/offer/7?id=2",
        "https://jobs.test/offer/7",
        "www.jobs.test",
    ],
)
def test_a_page_listing_covers_no_other_page(session, other):
    builders.listed(session, OFFER)
    assert found(session, other) is None


def test_a_path_listing_covers_what_lies_below_it_and_nothing_beside(session):
    builders.listed(session, OFFER, Scope.PATH)
    listing = session.scalars(select(Listing)).one()
    assert listing.target == "https://www.jobs.test/offer/"
    assert found(session, "https://www.jobs.test/offer/8/deep") is not None
    assert found(session, "https://www.jobs.test/offers/8") is None
    assert found(session, "https://www.jobs.test/") is None


def test_a_host_listing_covers_every_name_below_and_not_the_name_above(session):
    builders.listed(session, OFFER, Scope.HOST)
    for covered in ("www.jobs.test", OFFER, "https://a.b.www.jobs.test/x"):
        assert found(session, covered).target == "www.jobs.test"
    for free in ("jobs.test", "https://jobs.test/offer/7", "https://mail.jobs.test/", "https://wwww.jobs.test/"):
        assert found(session, free) is None


def test_a_domain_listing_covers_every_name_of_it_and_no_neighbour(session):
    builders.listed(session, OFFER, Scope.DOMAIN)
    assert found(session, "https://any.name.jobs.test/page").target == "jobs.test"
    assert found(session, "https://myjobs.test/") is None


def test_of_several_listings_the_narrowest_that_covers_answers(session):
    # Each from a case of its own, for a resource has one open case at most.
    builders.listed(session, "https://jobs.test/home", Scope.DOMAIN)
    builders.listed(session, "https://www.jobs.test/home", Scope.HOST)
    builders.listed(session, "https://www.jobs.test/offer/1", Scope.PATH)
    builders.listed(session, OFFER, Scope.PAGE)
    assert found(session, OFFER).scope == Scope.PAGE
    assert found(session, "https://www.jobs.test/offer/8").scope == Scope.PATH
    assert found(session, "https://www.jobs.test/").scope == Scope.HOST
    assert found(session, "https://jobs.test/").scope == Scope.DOMAIN


def test_of_two_paths_the_longer_answers(session):
    for page, path in (("https://jobs.test/a/b/1", "https://jobs.test/a/"), ("https://jobs.test/a/b/2", "https://jobs.test/a/b/")):
        case, given = builders.case(session, page), builders.answers(Target(Scope.PATH, path))
        builders.propose(session, case, builders.person(session), given)
        builders.confirm(session, case, builders.person(session), given)
    assert found(session, "https://jobs.test/a/b/third").target == "https://jobs.test/a/b/"
    assert found(session, "https://jobs.test/a/c").target == "https://jobs.test/a/"


def test_what_has_ended_is_not_listed(session):
    decided = builders.listed(session, OFFER)
    reviewing.delist(session, decided.listing, "The owner took the offer down.", by=builders.person(session), at=NOON)
    assert found(session, OFFER) is None


def test_what_has_expired_is_not_listed_even_before_the_job_has_ended_it(session):
    builders.listed(session, OFFER, expires_after=timedelta(days=10), review_after=timedelta(days=5))
    assert found(session, OFFER, at=NOON + timedelta(days=10) - timedelta(seconds=1)) is not None
    assert found(session, OFFER, at=NOON + timedelta(days=10)) is None


def test_the_answer_has_reasons_and_dates(session):
    decided = builders.listed(session, OFFER)
    seen, given = found(session, OFFER), builders.answers(builders.target(OFFER))
    assert (seen.reference, seen.statement, seen.provision) == (decided.listing, given.statement, given.provision)
    assert (seen.starts_at, seen.expires_at) == (NOON, NOON + given.expires_after)


def test_a_free_text_is_never_listed(session):
    builders.listed(session, OFFER)
    assert found(session, "somebody I met") is None
