"""The real worker, by its queue: what the desk lists reaches the primary, what it frees leaves it, and a key that ends opens nothing."""

import subprocess
import sys

import pytest

from app import clock, instance, zone
from moderation import publishing, reviewing
from moderation.vocabulary import SYSTEM, Scope
from tests import builders
from tests.clients.starting import comes_to
from tests.zone.asking import REFUSED, takes
from tests.zone.lists import TEST_NAME
from tests.zone.zones import held_by


@pytest.fixture
def worker(primary, environment, settings_here):
    """A worker until the test ends."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    with (settings_here.data / "worker.log").open("wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    yield process
    process.kill()
    process.wait()


def names(settings):
    try:
        return held_by(settings)[1]
    except (zone.Trouble, ValueError):
        return set()


@pytest.mark.long
def test_the_worker_brings_what_is_listed_and_takes_away_what_is_freed_and_ends_keys(worker, database, settings_here):
    with database.transaction() as session:
        listed = builders.listed(session, "https://one.example.org/", Scope.HOST, at=clock.now())
        reference = builders.consumer(session).reference
        given = zone.give_key(session, reference, instance.keys(), by=SYSTEM, at=clock.now())
    assert comes_to(lambda: names(settings_here), {TEST_NAME, "one.example.org"}) == {TEST_NAME, "one.example.org"}
    assert comes_to(lambda: takes(settings_here, given) == REFUSED, False) is False
    with database.transaction() as session:
        reviewing.delist(session, listed.listing, "The owner took the offer down.", by=builders.person(session), at=clock.now())
        publishing.revoke_transfer_keys(session, reference, by=SYSTEM, at=clock.now())
    assert comes_to(lambda: names(settings_here), {TEST_NAME}) == {TEST_NAME}
    assert comes_to(lambda: takes(settings_here, given), REFUSED) == REFUSED
