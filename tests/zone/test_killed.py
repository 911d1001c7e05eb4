"""Publisher and primary are killed at random points, again and again: the zone ends as the list is, and its serial never went back."""

import random
import subprocess
import sys
from contextlib import suppress
from threading import Event, Thread

import pytest

from app import jobs, zone
from app.zone.primary import Primary
from config import CHECKOUT
from moderation.publishing import holding_back
from tests.zone.lists import TEST_NAME, delist, list_many
from tests.zone.zones import held_by

ROUNDS = 6
LONGEST = 1.2
"""Seconds until the publisher is killed, at most: it has made and brought several releases by then."""

PUBLISHER = """
from app import create_app, jobs
from moderation.publishing import holding_back

holding_back.hold_back = lambda session, **_: 0
with create_app().app_context():
    print("ready", flush=True)
    while True:
        jobs.make_release()
        jobs.feed_zone()
        jobs.write_release()
        jobs.feed_zone()
"""


def watched(settings, serials, ended):
    """Note every serial that anybody could have seen."""
    while not ended.is_set():
        with suppress(zone.Trouble):
            found = Primary(settings).soa()
            if found is not None:
                serials.append(int(found.split()[2]))
        ended.wait(0.02)


def killed_at_random(environment, log, chance, change):
    """Run a publisher, change the list under its hands, and kill it some time later."""
    with log.open("ab") as output:
        process = subprocess.Popen([sys.executable, "-c", PUBLISHER], cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, stderr=output)
    assert process.stdout.readline() == b"ready\n", log.read_text()
    change()
    with suppress(subprocess.TimeoutExpired):
        process.wait(chance.uniform(0.0, LONGEST))
    assert process.poll() is None, log.read_text()
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.mark.long
def test_whatever_is_killed_the_zone_becomes_the_list(primary, publish, database, settings_here, environment, monkeypatch):
    monkeypatch.setattr(holding_back, "hold_back", lambda session, **_: 0)
    publish("always.example.org")
    expected, serials, ended = {TEST_NAME, "always.example.org"}, [], Event()
    seed = random.randrange(1 << 32)
    chance = random.Random(seed)
    watcher = Thread(target=watched, args=(settings_here, serials, ended))
    watcher.start()
    try:
        for number in range(ROUNDS):
            # Every third change is too long for one update, and every fourth time the primary dies too.
            names = [f"host-{number}-{count}.example.org" for count in range(2200 if number % 3 == 1 else 3)]
            gone = {name for name in expected if chance.random() < 0.3} - {TEST_NAME, "always.example.org"}

            def change(names=names, gone=gone):
                list_many(database, names)
                delist(database, *gone)

            killed_at_random(environment, settings_here.data / "publisher.log", chance, change)
            expected = expected - gone | set(names)
            if number % 4 == 3:
                primary.kill()
                primary.start()
    finally:
        ended.set()
        watcher.join()
    list_many(database, ["last.example.org"])
    jobs.take_keys()
    serial = publish()
    assert held_by(settings_here) == (serial, expected | {"last.example.org"}), seed
    assert serials == sorted(serials), seed
    assert len(set(serials)) > 1, seed
