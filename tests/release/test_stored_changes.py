"""The changes in an object store: whoever follows them from any serial carries what the newest full state says, whatever is killed."""

import gzip
import signal
import subprocess
import sys
from datetime import timedelta

import obstore
import orjson
import pytest
from sqlalchemy import text

from app import clock
from app.release import StoreError, store_current, write_changes, write_newest
from config import CHECKOUT
from moderation import policy
from tests.release.stores import PUTS_AND_DIES, Reader


class Follower(Reader):
    """Somebody who took the full state once, and follows the changes by `changes.json` alone, as docs/formats.md says."""

    def __init__(self, url):
        super().__init__(url)
        self.serial, self.carried_now, self.full_states = 0, {}, 0

    def take_full_state(self):
        index = orjson.loads(self.read("index.json"))
        (there,) = [form["address"] for form in index["formats"] if form["file"] == "feed.jsonl"]
        _, *lines = map(orjson.loads, self.read(there).splitlines())
        self.serial, self.carried_now = index["serial"], {line["reference"]: line for line in lines}
        self.full_states += 1

    def follow(self):
        shown = orjson.loads(self.read("changes.json"))
        if not shown["oldest"] <= self.serial <= shown["serial"]:
            self.take_full_state()
        for since in range(self.serial, shown["serial"]):
            name = shown["piece"].format_map({"from": since, "to": since + 1})
            octets = self.read(name)
            assert gzip.decompress(self.read(f"{name}.gz")) == octets
            head, *lines = map(orjson.loads, octets.splitlines())
            assert (head["from"], head["to"], head["lines"]) == (since, since + 1, len(lines))
            for line in lines:
                self.carried_now.pop(line.get("replaces", line)["reference"], None)
            for line in lines:
                if line["type"] != "remove":
                    self.carried_now[line["reference"]] = line
            self.serial = since + 1
        return self.serial

    @property
    def targets(self):
        return {line["target"] for line in self.carried_now.values()}


def listed_now(url):
    """What the full state that is there says."""
    full = Reader(url).carried()[1]["feed.jsonl"]
    return {orjson.loads(line)["target"] for line in full.splitlines()[1:]}


def put(story, url, *, at=None):
    return store_current(story.settings, url, at=at or clock.now())


@pytest.mark.long
def test_whoever_follows_the_changes_carries_what_the_full_state_says(story, url):
    gone = story.list("https://one.test/a")
    story.release()
    put(story, url)
    follower = Follower(url)
    follower.follow()
    for text_ in ("https://two.test/a", "https://three.test/a"):
        story.list(text_)
        story.release()
    story.delist(gone)
    serial = story.release()
    stored = put(story, url)
    assert (follower.follow(), follower.targets) == (serial, listed_now(url))
    assert "https://one.test/a" not in follower.targets
    assert (follower.full_states, stored.changes_since) == (1, 1)


@pytest.mark.long
def test_what_is_there_already_is_not_sent_again(story, url):
    for number in range(3):
        story.list(f"https://wrong{number}.test/a")
        story.release()
    put(story, url)
    before = Reader(url).names()
    put(story, url)
    assert Reader(url).names() == before
    assert len([name for name in before if name.startswith("c/")]) == 2 * 2


@pytest.mark.long
def test_each_object_says_what_it_is_and_how_long_it_may_be_kept(story, at_s3):
    for number in range(2):
        story.list(f"https://wrong{number}.test/a")
        story.release()
    put(story, at_s3)
    reader = Reader(at_s3)
    said = {}
    for name in reader.names():
        attributes = obstore.get(reader.store, name).attributes
        said[name.rpartition("/")[2]] = (attributes["Content-Type"], attributes["Cache-Control"])
    assert said["changes.json"] == ("application/json", "no-cache")
    assert said["1-2.jsonl"] == ("application/x-ndjson", "max-age=1209600, immutable")
    assert said["1-2.jsonl.gz"] == ("application/gzip", "max-age=1209600, immutable")


@pytest.mark.long
@pytest.mark.parametrize("last", [1, 3, 5, 6])
def test_killed_at_any_point_nobody_is_led_to_what_is_not_there(story, url, last):
    """Two releases have two pieces each, then comes what leads to them; behind that the files of the newest."""
    story.list("https://one.test/a")
    story.release()
    put(story, url)
    follower = Follower(url)
    follower.follow()
    for number in range(2):
        story.list(f"https://wrong{number}.test/a")
        story.release()
    command = [sys.executable, "-c", PUTS_AND_DIES, str(story.settings.data), url, str(last)]
    assert subprocess.run(command, cwd=CHECKOUT, check=False, timeout=120).returncode == -signal.SIGKILL
    assert follower.follow() == (1 if last <= 5 else 3)
    put(story, url)
    assert (follower.follow(), follower.targets, follower.full_states) == (3, listed_now(url), 1)


@pytest.mark.long
def test_pieces_go_when_no_index_led_to_them_any_more_and_nothing_but_ours_goes(story, url):
    for number in range(3):
        story.list(f"https://wrong{number}.test/a")
        story.release()
    put(story, url)
    others = ("c/notes.txt", "c/1-1/readme", "c/1-1/1-2.jsonl.br")
    for name in others:
        obstore.put(Reader(url).store, name, b"not ours")
    story.at += policy.CHANGES_KEPT + timedelta(minutes=5)
    story.list("https://new.test/a")
    serial = story.release()

    def pieces():
        return sorted(name.rpartition("/")[2] for name in Reader(url).names() if name.startswith("c/") and name not in others)

    put(story, url)
    assert orjson.loads(Reader(url).read("changes.json"))["oldest"] == serial
    # Who read the index of before still finds what it named.
    assert pieces() == ["1-2.jsonl", "1-2.jsonl.gz", "2-3.jsonl", "2-3.jsonl.gz"]
    put(story, url)
    assert pieces() == []
    assert {*others} <= Reader(url).names().keys()


@pytest.mark.long
def test_whoever_is_too_far_behind_takes_the_full_state(story, url):
    story.list("https://one.test/a")
    story.release()
    put(story, url)
    follower = Follower(url)
    follower.follow()
    story.at += policy.CHANGES_KEPT + timedelta(minutes=5)
    story.list("https://new.test/a")
    serial = story.release()
    put(story, url)
    assert (follower.follow(), follower.targets, follower.full_states) == (serial, listed_now(url), 2)


def another_life(story):
    """The database and the disk of another life: as if both came back from a backup of before, and took another way since."""
    for name in ("changes", "releases", "current"):
        (story.settings.data / "feed" / name).rename(story.settings.data / f"former {name}")
    with story.database.transaction() as session:
        session.execute(text("ALTER TABLE release DISABLE TRIGGER ALL"))
        session.execute(text("UPDATE release SET published_at = published_at + interval '7 seconds'"))
        session.execute(text("ALTER TABLE release ENABLE TRIGGER ALL"))


@pytest.mark.long
def test_a_database_that_was_set_back_puts_nothing_on_top_of_what_consumers_carry(story, url):
    for number in range(2):
        story.list(f"https://wrong{number}.test/a")
        story.release()
    put(story, url)
    follower = Follower(url)
    follower.follow()
    another_life(story)
    write_changes(story.database, story.settings, story.at)
    write_newest(story.database, story.settings, story.at)
    with pytest.raises(StoreError, match="Another release 2"):
        put(story, url)
    assert follower.follow() == 2
    story.list("https://another.test/a")
    serial = story.release()
    put(story, url)
    assert (follower.follow(), follower.targets, follower.full_states) == (serial, listed_now(url), 2)
    story.list("https://later.test/a")
    story.release()
    put(story, url)
    assert (follower.follow(), follower.targets, follower.full_states) == (serial + 1, listed_now(url), 2)


OURS = {
    "serial": 1,
    "published_at": "2026-01-01T00:00:00Z",
    "list_name": "list.example",
    "oldest": 1,
    "valid_until": "2026-01-02T00:00:00Z",
    "piece": "c/1-1/{from}-{to}.jsonl",
}
FOREIGN = {
    "another page's": {"name": "a website"},
    "a list": [1],
    "a piece without a folder": OURS | {"piece": "changes.jsonl"},
    "a piece that is no text": OURS | {"piece": 7},
    "a piece in another folder": OURS | {"piece": "c/../{from}-{to}.jsonl"},
    "a serial that is no number": OURS | {"serial": "1"},
    "none before the oldest": OURS | {"oldest": 2},
    "a time that is none": OURS | {"published_at": None},
}


@pytest.mark.long
@pytest.mark.parametrize("foreign", FOREIGN)
def test_an_index_of_somebody_else_is_told_and_not_overwritten(story, tmp_path, foreign):
    url, told = f"file://{tmp_path}/there", orjson.dumps(FOREIGN[foreign])
    story.list("https://one.test/a")
    story.release()
    obstore.put(Reader(url).store, "changes.json", told)
    with pytest.raises(StoreError, match="not ours"):
        put(story, url)
    assert Reader(url).read("changes.json") == told


@pytest.mark.long
def test_files_wait_for_no_changes(story, url):
    """Writing the changes failed: what left the list leaves the files all the same."""
    story.list("https://one.test/a")
    story.release()
    put(story, url)
    kept = story.deltas.chain()
    gone = story.list("https://two.test/a")
    story.release()
    put(story, url)
    story.delist(gone)
    story.release()
    (story.deltas.folder / "chain.json").write_bytes(orjson.dumps({"oldest": 1, "serial": 1, "made_at": kept.made_at, "rules": kept.rules}))
    assert put(story, url).changes_since is None
    assert "https://two.test/a" not in listed_now(url)
    assert orjson.loads(Reader(url).read("changes.json"))["serial"] == 2
