"""Demo people and cases: all of them through the verbs, all of them or none, and never in production."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import create_app, demo, keys
from app.demo.guard import DemoPeopleInProductionError, refuse_demo_people
from app.demo.people import reviewers
from app.demo.taking_through import take_through
from config import Settings
from moderation import publishing, reviewing
from moderation.errors import AlreadyListed
from moderation.models import Case, Listing, Report, Round
from moderation.states import State
from moderation.vocabulary import ComesBack, Outcome
from tests import builders
from tests.builders import NOON

pytestmark = pytest.mark.long

AT = NOON + timedelta(minutes=59)


@pytest.fixture(scope="module")
def settings(tmp_path_factory) -> Settings:
    """One folder for the file, so that the demo is played once."""
    return builders.settings(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def played(shared_database, settings) -> Iterator[Session]:
    """A session in which the demo was played, on the awkward side of an hour; rolled back at the end."""
    with shared_database.sessions() as session:
        held = keys.load(settings)
        demo.add_people(session, held, at=AT)
        demo.play(session, held, at=AT)
        yield session
        session.rollback()


def test_demo_cases_stand_in_every_state_and_language(played):
    states = Counter(played.scalars(select(Case.state)))
    assert 60 <= states.total() <= 75
    assert set(states) == set(State)
    assert set(played.scalars(select(Report.language))) == {"ar", "en", "es", "fr", "ru", "zh"}


def test_every_outcome_was_reached_in_some_demo_case(played):
    # What ran out, nobody decided.
    assert set(played.scalars(select(Round.outcome).where(Round.outcome.is_not(None)))) == set(Outcome)


def test_what_comes_back_by_itself_and_what_waits_for_a_second_look_is_there(played):
    waits = set(played.scalars(select(Case.due_for).where(Case.state.in_((State.RE_REVIEW, State.SUSPENDED)))))
    assert waits == {ComesBack.RE_REVIEW, ComesBack.EXPIRING, ComesBack.CHANGED}
    assert len(reviewing.to_review(played, by=reviewers(played)[0])) == 1
    assert played.scalars(select(Listing).where(Listing.temporary, Listing.ended_at.is_(None))).all() != []


def test_demo_listings_are_out_and_the_expired_one_is_not(played):
    newest = publishing.newest(played)
    living = played.scalar(select(func.count()).select_from(Listing).where(Listing.ended_at.is_(None)))
    assert newest.entries == living == len(list(publishing.entries(played, newest.number)))


def test_no_demo_report_says_when_to_the_minute(played):
    assert all(moment == moment.replace(minute=0, second=0) for moment in played.scalars(select(Report.received_at)))


class TestListingsFromAFile:
    def test_a_line_goes_through_every_seat_it_needs(self, session, settings, played):
        taken = take_through(played, keys.load(settings), "domain\thxxp://new-offer[.]test/page", at=AT)
        assert taken.listed
        assert played.scalars(select(Listing.third_id).where(Listing.target == "new-offer.test")).one() is not None

    def test_a_safeguard_refuses_and_is_named(self, session, settings, played):
        taken = take_through(played, keys.load(settings), "host\tgithub.io", at=AT)
        assert not taken.listed
        assert taken.text.startswith("RS08")

    def test_what_is_listed_already_is_told(self, session, settings, played):
        with pytest.raises(AlreadyListed):
            take_through(played, keys.load(settings), "domain\thttps://scam-compound.test/other", at=AT)

    @pytest.mark.parametrize("line", ["new-offer.test", "everything\tnew-offer.test", "domain\ta.test b.test", "domain\ta man in a bar"])
    def test_a_line_that_says_too_little_lists_nothing(self, session, settings, played, line):
        assert not take_through(played, keys.load(settings), line, at=AT).listed


def test_production_does_not_start_while_demo_people_exist(settings, database, database_url):
    with database.transaction() as session:
        demo.add_people(session, keys.load(settings), at=NOON)
    with pytest.raises(DemoPeopleInProductionError):
        create_app(replace(settings, environment="production"), database_url=database_url)


def test_production_starts_without_them_even_before_the_tables_are_made(settings, database, database_url, server):
    create_app(replace(settings, environment="production"), database_url=database_url)
    empty = server.create()
    try:
        create_app(replace(settings, environment="production"), database_url=empty).extensions["flagstone_database"].engine.dispose()
    finally:
        server.drop(empty)


def test_the_guard_looks_at_the_database_and_not_at_a_setting(database, settings):
    refuse_demo_people(database)
    with database.transaction() as session:
        demo.add_people(session, keys.load(settings), at=NOON)
    with pytest.raises(DemoPeopleInProductionError):
        refuse_demo_people(database)


def test_the_guard_leaves_no_connection_for_forked_workers_to_share(database):
    refuse_demo_people(database)
    assert database.engine.pool.checkedin() == 0
