"""A database that was set back: the zone keeps what networks carry, says so, and goes on once the list has passed its serial."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import text

from app import clock, jobs, zone
from app.zone.held import held
from app.zone.naming import Mark, soa
from app.zone.primary import Primary
from moderation.vocabulary import Scope
from tests import builders
from tests.zone.lists import TEST_NAME
from tests.zone.zones import held_by

pytestmark = pytest.mark.long


def fed(database, settings):
    """What one visit to the primary came to."""
    return zone.feed(database, settings).step


@pytest.fixture
def set_back(database):
    """Restore a backup in which nothing after this release had happened; what is on the disk stays as it is."""

    def set_back(number):
        with database.transaction() as session:
            newest = session.execute(text("SELECT max(published_at) FROM release")).scalar_one()
            # A backup takes longer than that to restore; releases of one test follow one another within a second.
            while clock.now() <= newest + timedelta(seconds=1):
                time.sleep(0.05)
            # Of what a restored backup would lack, this is all that a release is made of.
            for table in ("release", "change_log", "listing"):
                session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
            session.execute(text("DELETE FROM change_log WHERE release_number > :number"), {"number": number})
            session.execute(text("UPDATE listing SET withdrawn_in = NULL WHERE withdrawn_in > :number"), {"number": number})
            session.execute(text("DELETE FROM listing WHERE released_in > :number"), {"number": number})
            session.execute(text("DELETE FROM release WHERE number > :number"), {"number": number})
            for table in ("release", "change_log", "listing"):
                session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER ALL"))

    return set_back


@pytest.fixture
def released(app, database):
    """Make a release with this name in it, and try to bring it to the disk and to the primary, as a worker's minute does."""

    def released(name):
        with database.transaction() as session:
            builders.listed(session, f"https://{name}/", Scope.HOST, at=clock.now())
        jobs.make_release()
        jobs.feed_zone()

    return released


def said_by(app, *command):
    """What a command says of the zone, and that it is not content."""
    ran = app.test_cli_runner().invoke(args=[*command])
    assert ran.exit_code == 1, ran.output
    return ran.output


def above(app, number):
    """What an operator does who wants the list to go on."""
    ran = app.test_cli_runner().invoke(args=["publish", "--above", str(number)])
    assert ran.exit_code == 0, ran.output
    jobs.feed_zone()


def test_an_older_database_changes_nothing_at_the_primary_and_is_told(app, primary, publish, database, settings_here, set_back):
    publish("one.example.org")
    publish("two.example.org")
    set_back(1)
    with pytest.raises(zone.Trouble, match="older database"):
        fed(database, settings_here)
    assert held_by(settings_here) == (2, {TEST_NAME, "one.example.org", "two.example.org"})
    for command in (("dns", "check"), ("doctor",)):
        assert "The zone was brought to release 2, and the newest release is 1" in said_by(app, *command)


def test_another_release_of_the_same_number_is_not_taken_for_the_one_in_the_zone(
    app, primary, publish, database, settings_here, set_back, released
):
    publish("one.example.org")
    publish("two.example.org")
    set_back(1)
    released("another.example.org")
    assert held_by(settings_here) == (2, {TEST_NAME, "one.example.org", "two.example.org"})
    for command in (("dns", "check"), ("doctor",)):
        assert "The zone was brought to release 2, and the database has another release of that number" in said_by(app, *command)
    assert "Release 2 on the disk is another than the database's" in said_by(app, "doctor")


def test_past_that_number_the_zone_becomes_the_list_with_all_that_differs(
    app, primary, publish, database, settings_here, set_back, released
):
    publish("one.example.org")
    publish("two.example.org")
    set_back(1)
    released("another.example.org")
    above(app, 2)
    assert held_by(settings_here) == (3, {TEST_NAME, "one.example.org", "another.example.org"})
    assert app.test_cli_runner().invoke(args=["dns", "check"]).exit_code == 0
    publish("four.example.org")
    assert held_by(settings_here) == (4, {TEST_NAME, "one.example.org", "another.example.org", "four.example.org"})


def test_a_change_since_another_release_of_that_number_is_not_put_on_top_of_the_zone(
    app, primary, publish, database, settings_here, set_back, released
):
    """Files and changes of the disk came back with the database, as from a backup of all of it; only the name server did not."""
    publish("one.example.org")
    publish("two.example.org")
    set_back(1)
    for folder in ("changes", "releases"):
        (settings_here.data / "feed" / folder).rename(settings_here.data / f"lost {folder}")
    (settings_here.data / "feed" / "current").unlink()
    released("another.example.org")
    released("three.example.org")
    jobs.write_release()
    jobs.feed_zone()
    assert held_by(settings_here) == (3, {TEST_NAME, "one.example.org", "another.example.org", "three.example.org"})


def test_a_zone_that_was_lost_too_does_not_come_back_with_an_older_serial(
    app, primary, publish, database, settings_here, set_back, released
):
    publish("one.example.org")
    publish("two.example.org")
    publish("three.example.org")
    set_back(1)
    for folder in ("changes", "releases"):
        (settings_here.data / "feed" / folder).rename(settings_here.data / f"lost {folder}")
    (settings_here.data / "feed" / "current").unlink()
    primary.lose_zone()
    released("another.example.org")
    jobs.write_release()
    jobs.feed_zone()
    assert Primary(settings_here).soa() is None
    assert "The zone was brought to release 3, and the newest release is 2" in said_by(app, "dns", "check")
    above(app, 3)
    assert held_by(settings_here) == (4, {TEST_NAME, "one.example.org", "another.example.org"})


def test_a_zone_of_an_older_version_goes_on(primary, publish, database, settings_here):
    """Its SOA does not say when the release came out, and nothing is noted beside it."""
    publish("one.example.org")
    (settings_here.dns_folder / ".held").unlink()
    asked = Primary(settings_here)
    old = asked.update(asked.soa(), soa(settings_here, Mark(2, None)), gone=set(), come={"two.example.org"})
    assert asked.send(old) == "NOERROR"
    with database.transaction() as session:
        builders.listed(session, "https://two.example.org/", Scope.HOST, at=clock.now())
    jobs.make_release()
    jobs.write_release()
    assert fed(database, settings_here) is zone.Step.NOTHING
    publish("three.example.org")
    assert held_by(settings_here) == (3, {TEST_NAME, "one.example.org", "two.example.org", "three.example.org"})
    assert held(settings_here).serial == 3


def test_a_slip_of_the_finger_uses_up_no_serials(app, primary, publish):
    publish("one.example.org")
    ran = app.test_cli_runner().invoke(args=["publish", "--above", "2026112701"])
    assert (ran.exit_code, "flask doctor" in ran.output) == (1, True)
