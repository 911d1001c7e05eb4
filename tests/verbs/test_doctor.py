"""`flask doctor`: each thing that is wrong is named with what to do, and a sound instance is left in peace."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from app import clock, doctor, jobs
from app.database import EXTENSION, Database
from app.release.deltas import Deltas
from app.release.shelf import Shelf
from moderation import reviewing
from moderation.models import HeldEntry, KnownHostRow, Listing
from moderation.vocabulary import EmergencyReason, HeldBecause
from tests import builders

pytestmark = pytest.mark.long

LATER = timedelta(minutes=6)


@pytest.fixture
def database(app):
    return app.extensions[EXTENSION]


@pytest.fixture
def sound(app, database):
    """An instance with one listing on the disk and a worker that is alive."""
    with database.transaction() as session:
        builders.listed(session, at=clock.now())
        session.execute(text("INSERT INTO procrastinate_workers DEFAULT VALUES"))
    with app.app_context():
        jobs.make_release()
        jobs.write_release()
    with database.transaction() as session:
        session.execute(text("DELETE FROM procrastinate_jobs"))


def run(app):
    outcome = app.test_cli_runner().invoke(args=["doctor"])
    return outcome.exit_code, outcome.output


def test_a_sound_instance_is_left_in_peace(app, sound):
    assert run(app) == (0, "Nothing is wrong.\n")


def test_a_fresh_one_says_how_to_begin(app):
    status, said = run(app)
    assert status == 1
    assert "There is no release yet.\n    Run flask publish" in said
    assert "No worker is running" in said


def test_each_held_entry_is_named_with_its_reason(app, sound, database):
    with database.transaction() as session:
        listed = builders.listed(session, "https://held.test/offer", at=clock.now())
        row = session.scalars(select(Listing).where(Listing.reference == listed.listing)).one()
        reason, numbers = "%(most)s may go out.", {"most": 25}
        session.add(HeldEntry(listing_id=row.id, because=HeldBecause.GROWTH, reason=reason, numbers=numbers, held_at=clock.now()))
        session.execute(text("DELETE FROM procrastinate_jobs"))
    status, said = run(app)
    assert (status, "1 entries are held back" in said, "page https://held.test/offer: 25 may go out." in said) == (1, True, True)


def test_an_empty_list_is_told(app, sound, database):
    with database.transaction() as session:
        listing = session.scalars(select(Listing.reference)).one()
        reviewing.delist_now(session, listing, EmergencyReason.WRONG_TARGET, "", by=builders.person(session), at=clock.now())
    with app.app_context():
        jobs.make_release()
        jobs.write_release()
    assert "The list is empty" in run(app)[1]


def examined(database, settings, *, later=timedelta()):
    with database.reading() as session:
        return " ".join(trouble.what for trouble in doctor.examine(session, settings, clock.now() + later))


def test_a_disk_ahead_of_the_database_is_told(sound, database, settings):
    Shelf(settings.data).folder(9).mkdir()
    Shelf(settings.data).point_to(9)
    assert "Release 9 is on the disk, but the newest in the database is 1" in examined(database, settings)


def test_a_stale_release_is_told(sound, database, settings):
    assert "is stale since" in examined(database, settings, later=timedelta(hours=25))


def test_a_release_that_is_not_on_the_disk_is_told_and_so_are_its_changes(sound, database, settings):
    (settings.data / "feed" / "current").unlink()
    (Deltas(settings.data).folder / "chain.json").unlink()
    said = examined(database, settings, later=LATER)
    assert "Release 1 is not on the disk" in said
    assert "The changes of release 1 are not on the disk" in said


def test_jobs_that_nobody_runs_and_a_worker_that_is_dead_are_told(sound, database, settings):
    with database.transaction() as session:
        builders.listed(session, "https://other.test/offer", at=clock.now())
    said = examined(database, settings, later=LATER)
    assert "1 jobs wait longer than 5 minutes" in said
    assert "No worker is running" in said


def test_a_job_that_was_given_up_is_told(sound, database, settings):
    with database.transaction() as session:
        builders.listed(session, "https://other.test/offer", at=clock.now())
    with database.transaction() as session:
        session.execute(text("UPDATE procrastinate_jobs SET status = 'doing'"))
        session.execute(text("UPDATE procrastinate_jobs SET status = 'failed'"))
    assert "1 jobs failed for good" in examined(database, settings)


def test_missing_lists_are_told(sound, database, settings):
    with database.transaction() as session:
        session.query(KnownHostRow).delete()
    assert "lists of known hosts are missing" in examined(database, settings)


def test_a_database_of_another_version_is_told_first(sound, database, settings):
    with database.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert examined(database, settings) == "The database has not the newest schema."


def test_a_database_that_does_not_answer_is_told(settings):
    nowhere = Database("postgresql+psycopg://nobody@127.0.0.1:1/nothing?connect_timeout=2")
    assert "does not answer" in examined(nowhere, settings)
