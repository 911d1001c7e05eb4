"""From the database: a release that takes over what did not change is the one that is written whole; and when it is written whole."""

from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from app import demo, keys
from app.demo.filling import fill
from app.release import cutting, newest, shards
from app.release.assembly import Assembly, write_release
from moderation import formats, publishing
from moderation.vocabulary import Scope
from tests.builders import NOON
from tests.release.story import Story


@pytest.fixture
def story(database, settings, monkeypatch):
    for name, entries in (("LEAST", 2), ("ONE_IN", 2), ("MOST", 5)):
        monkeypatch.setattr(cutting, name, entries)
    return Story(database, settings)


@pytest.fixture
def written_down(monkeypatch):
    """How many entries each shard had that was written down since the list was emptied."""
    seen = []
    monkeypatch.setattr(Assembly, "add", lambda assembly, cut, add=Assembly.add: (seen.append(len(cut.entries)), add(assembly, cut))[1])
    return seen


@pytest.fixture
def listed(story):
    """Forty listings, half names and half pages, released."""
    with story.database.transaction() as session:
        demo.add_people(session, keys.load(story.settings), at=NOON)
    fill(story.database, keys.load(story.settings), cases=0, entries=40, at=NOON)
    story.release()
    with story.database.reading() as session:
        return [each.entry() for each in publishing.stored_between(session, None, None)]


def folder(story):
    return (story.settings.data / "feed" / "current").resolve()


def octets(there):
    return {file.name: file.read_bytes() for file in there.iterdir()}


def require_what_is_written_whole(story, tmp_path):
    with story.database.reading() as session:
        release = publishing.newest(session)
        header = newest.header_of(release, story.settings)
        whole = tmp_path / f"whole-{release.number}"
        whole.mkdir()
        write_release(whole, header, publishing.entries(session, release.number), formats.installed(), seal=release.seal_digest)
    assert octets(folder(story)) == octets(whole)


@pytest.mark.long
def test_it_is_the_same_after_a_removal_and_after_a_name_that_comes_above_others(story, listed, written_down, tmp_path):
    page = next(entry for entry in listed if not entry.scope.is_wide)
    below = next(entry for entry in listed if entry.scope is Scope.HOST)
    for change in (lambda: story.delist(page.reference), lambda: story.list(f"https://{below.host.removeprefix('www.')}/", Scope.DOMAIN)):
        written_down.clear()
        change()
        story.release()
        assert 0 < sum(written_down) < 25
        require_what_is_written_whole(story, tmp_path)


def test_the_order_of_places_is_the_order_of_the_database(story, listed):
    with story.database.reading() as session:
        read = [each.entry() for each in publishing.stored_between(session, None, None)]
        places = [publishing.place(entry) for entry in read]
        assert places == sorted(places)
        assert [each.entry() for each in publishing.stored_between(session, places[5], places[9])] == read[5:9]


SPOILED = {
    "no record": lambda there, record: (there / shards.FILE_NAME).unlink(),
    "other rules": lambda there, record: shards.write(there, replace(record, rules="other")),
    "another past": lambda there, record: shards.write(there, replace(record, made_at="2026-11-01T00:00:00+00:00")),
}


@pytest.mark.long
def test_without_a_record_or_under_other_rules_or_from_another_past_it_is_written_whole(story, listed, written_down):
    for number, spoil in enumerate(SPOILED.values()):
        spoil(folder(story), shards.read(folder(story)))
        written_down.clear()
        story.delist(listed[number].reference)
        story.release()
        assert sum(written_down) == len(listed) - 1 - number


@pytest.mark.long
def test_what_was_damaged_inside_is_told_and_written_whole(story, listed, tmp_path):
    file = folder(story) / "feed.csv"
    found = bytearray(file.read_bytes())
    found[-2] ^= 1
    file.write_bytes(found)
    story.delist(listed[0].reference)
    with capture_logs() as logs:
        story.release()
    assert [(line["event"], "feed.csv" in line["why"]) for line in logs] == [("release written anew", True)]
    require_what_is_written_whole(story, tmp_path)


@pytest.mark.long
def test_a_record_that_lacks_a_shard_is_found_out_by_the_number_of_entries(story, listed):
    there = folder(story)
    record = shards.read(there)
    shards.write(there, replace(record, shards=record.shards[:-1]))
    story.delist(listed[0].reference)
    with capture_logs() as logs:
        story.release()
    assert "entries came together" in logs[0]["why"]
