"""Up, down and up again, with and without data; and the tables are those that the models describe."""

import subprocess
import sys

import pytest
from alembic import command
from sqlalchemy import select

from app import schema
from app.database import Database
from moderation import audit, publishing, queue, reviewing
from moderation.models import Base, KnownHostRow, Listing
from moderation.vocabulary import LOADED_MARK, Role, Scope, TakeoverReason
from tests import builders
from tests.builders import NOON
from tests.house.sources import CHECKOUT
from tests.migrations.conftest import shape
from tests.migrations.revisions import CHAIN


def a_whole_story(database: Database) -> None:
    """Something in every table that verbs write."""
    with database.transaction() as session:
        decided = builders.listed(session, "https://www.jobs.test/offer/7", Scope.HOST)
        builders.listed(session, "https://other.test/offer")
        refused, moderator = builders.case(session, "https://third.test/offer"), builders.person(session)
        builders.propose(session, refused, moderator, builders.answers(builders.target("https://third.test/offer"), lifeline=""))
        reviewing.record_notice(session, refused.reference, "the host", "ticket 7", NOON, by=moderator, at=NOON)
        reviewing.write_note(session, refused.reference, "The host answers by telephone.", by=moderator, at=NOON)
        reviewing.stand_aside(session, builders.case(session, "https://agency.test/").reference, "", by=moderator, at=NOON)
        held = builders.claimed(session, builders.case(session, "https://held.test/"), moderator)
        queue.take_over(session, held.reference, TakeoverReason.AWAY, by=builders.person(session, Role.SENIOR), at=NOON)
        publishing.release(session, at=NOON)
        reviewing.delist(session, decided.listing, "The owner took the offer down.", by=moderator, at=NOON)
        publishing.release(session, at=NOON)
        audit.seal(session, at=NOON)


def test_the_migrated_tables_are_those_of_the_models(database_url):
    # Alembic's own comparison; it asks nothing about CHECKs, which the next test does.
    command.check(schema.configuration(database_url))


@pytest.mark.parametrize("kind", ["columns", "constraints", "indexes"])
def test_migrations_and_models_make_the_same_tables_to_the_letter(database_url, bare, bare_url, kind):
    Base.metadata.create_all(bare)
    assert shape(database_url, ours_alone=True)[kind] == shape(bare_url)[kind]


@pytest.mark.long
def test_each_revision_takes_back_exactly_what_it_did(bare_url):
    config = schema.configuration(bare_url)
    for revision in CHAIN:
        before = shape(bare_url)
        command.upgrade(config, revision.revision)
        after = shape(bare_url)
        command.downgrade(config, "-1")
        assert shape(bare_url) == before, f"{revision.revision} leaves something behind"
        command.upgrade(config, revision.revision)
        assert shape(bare_url) == after


@pytest.mark.long
def test_a_database_full_of_what_is_written_once_goes_down_and_up_again(database, database_url):
    a_whole_story(database)
    whole = shape(database_url)
    database.engine.dispose()
    command.downgrade(schema.configuration(database_url), "base")
    assert all(rows == [] for rows in shape(database_url).values())
    schema.upgrade(database_url)
    assert shape(database_url) == whole
    with database.reading() as session:
        assert session.scalars(select(Listing)).all() == []
    with database.transaction() as session:
        # Without the packaged lists of known hosts no whole name is listed.
        session.add(KnownHostRow(host=LOADED_MARK.host, host_class=LOADED_MARK.host_class, source=LOADED_MARK.source))
    a_whole_story(database)


def test_upgrading_what_is_new_already_changes_nothing(database_url):
    before = shape(database_url)
    schema.upgrade(database_url)
    assert shape(database_url) == before


def test_an_instance_knows_whether_its_database_is_current(bare, bare_url):
    with bare.connect() as connection:
        assert not schema.is_current(connection)
    schema.upgrade(bare_url)
    with bare.connect() as connection:
        assert schema.is_current(connection)


@pytest.mark.long
def test_two_processes_that_start_at_once_migrate_one_after_the_other(bare_url):
    program = "import sys; from app import schema; schema.upgrade(sys.argv[1])"
    started = [
        subprocess.Popen([sys.executable, "-c", program, bare_url], cwd=CHECKOUT, stderr=subprocess.PIPE, text=True) for _ in range(2)
    ]
    faults = [process.communicate(timeout=60)[1] for process in started]
    assert [process.returncode for process in started] == [0, 0], faults
