"""The list in an object store: whole or not to be seen, for whoever reads it there, whatever is killed and whenever."""

import fcntl
import signal
import subprocess
import sys
from datetime import timedelta

import obstore
import pytest

from app import clock
from app.release import StoreError, store_current
from app.release.newest import bring_out
from app.release.shelf import Shelf
from config import CHECKOUT
from moderation import policy
from tests.release.builders import header, host
from tests.release.dying import shown_and_killed
from tests.release.s3 import environment
from tests.release.stores import PUTS_AND_DIES, Reader


@pytest.fixture
def shelf(settings):
    return Shelf(settings.data)


def released(shelf, serial, *names):
    return bring_out(shelf, header(serial=serial), [host(name) for name in names or ("shop.example.net",)])


def put(settings, url, *, at=None):
    return store_current(settings, url, at=at or clock.now())


@pytest.mark.long
def test_a_reader_finds_the_current_release_by_the_index_alone(settings, shelf, url):
    folder = released(shelf, 7).folder
    put(settings, url)
    serial, files = Reader(url).carried()
    assert (serial, files["domains.txt"]) == (7, (folder / "domains.txt").read_bytes())
    assert Reader(url).read("index.json") == (folder / "index.json").read_bytes()


@pytest.mark.long
def test_what_the_disk_has_not_yet_is_not_brought_there(settings, shelf, url):
    released(shelf, 7)
    shown_and_killed(shelf, 8, [host("later.example.net")])
    assert (shelf.current(), put(settings, url).serial) == (8, 7)


def test_nothing_else_of_ours_is_there(settings, shelf, url):
    released(shelf, 7)
    put(settings, url)
    assert {name for name in Reader(url).names() if "report" in name or not name.startswith("r/7/")} == {"index.json"}


@pytest.mark.long
def test_what_is_there_already_is_not_sent_again(settings, shelf, url):
    released(shelf, 7)
    first = put(settings, url)
    before = Reader(url).names()
    again = put(settings, url)
    assert (first.there, again.put, again.there, Reader(url).names()) == (0, 0, first.put, before)


@pytest.mark.long
def test_the_next_release_takes_its_place_and_the_former_stays_for_who_reads_it(settings, shelf, url):
    released(shelf, 7)
    put(settings, url)
    former = Reader(url).read("index.json")
    released(shelf, 8, "other.example.net")
    assert put(settings, url).removed == 0
    assert (Reader(url).carried()[0], Reader(url).read("r/7/index.json")) == (8, former)


@pytest.mark.long
def test_a_former_release_goes_a_set_time_after_the_next_one_came_and_nothing_but_ours_goes(settings, shelf, url):
    reader = Reader(url)
    for name in ("r/notes.txt", "r/6/readme", "of-others.txt", "r/7/" + "0" * 63 + "/x"):
        obstore.put(reader.store, name, b"not ours")
    for serial in (7, 8):
        released(shelf, serial)
        put(settings, url)
    came = clock.now()
    assert put(settings, url, at=came + policy.RELEASES_KEPT_FOR - timedelta(minutes=5)).removed == 0
    assert put(settings, url, at=came + policy.RELEASES_KEPT_FOR).removed > 20
    left = reader.names()
    assert {name for name in left if not name.startswith("r/8/")} == {
        "index.json",
        "r/notes.txt",
        "r/6/readme",
        "of-others.txt",
        "r/7/" + "0" * 63 + "/x",
    }
    assert reader.carried()[0] == 8


@pytest.mark.long
def test_the_current_release_goes_at_no_age(settings, shelf, url):
    released(shelf, 7)
    put(settings, url)
    assert (put(settings, url, at=clock.now() + timedelta(days=99)).removed, Reader(url).carried()[0]) == (0, 7)


@pytest.mark.long
@pytest.mark.parametrize("kind", ["in the middle", "before the fixed index", "before the moving index"])
def test_killed_half_way_the_reader_keeps_the_former_release_and_the_next_run_goes_on(settings, shelf, url, kind):
    released(shelf, 7)
    put(settings, url)
    released(shelf, 8, "other.example.net")
    objects = put_count(shelf, 8)
    last = {"in the middle": objects // 2, "before the fixed index": objects + 1, "before the moving index": objects + 2}[kind]
    killed_before_put(last, settings, url)
    assert Reader(url).carried()[0] == 7
    gone_on = put(settings, url)
    assert (gone_on.there, gone_on.put) == (min(last - 1, objects), objects - min(last - 1, objects))
    assert Reader(url).carried()[0] == 8


@pytest.mark.long
def test_a_release_that_was_never_whole_there_goes_in_its_time(settings, shelf, url):
    released(shelf, 7)
    killed_before_put(3, settings, url)
    released(shelf, 8)
    put(settings, url)
    assert put(settings, url, at=clock.now() + policy.RELEASES_KEPT_FOR).removed == 2
    assert not [name for name in Reader(url).names() if name.startswith("r/7/")]


def put_count(shelf, serial):
    return 4 * sum(1 for file in shelf.folder(serial).glob("*.gz"))


def killed_before_put(number, settings, url):
    """Put the current release there in a process that is killed just before its object of this number."""
    command = [sys.executable, "-c", PUTS_AND_DIES, str(settings.data), url, str(number)]
    assert subprocess.run(command, cwd=CHECKOUT, check=False, timeout=120).returncode == -signal.SIGKILL


def test_an_older_release_does_not_take_the_place_of_a_newer_one(settings, shelf, url):
    released(shelf, 9)
    put(settings, url)
    obstore.put(Reader(url).store, "index.json", Reader(url).read("index.json").replace(b'"serial": 9', b'"serial": 10'))
    with pytest.raises(StoreError, match="Release 10 is there already, and the current one here is 9"):
        put(settings, url)


def test_an_index_of_somebody_else_is_not_overwritten(settings, shelf, url):
    released(shelf, 7)
    obstore.put(Reader(url).store, "index.json", b'{"name": "a website"}')
    with pytest.raises(StoreError, match="not ours"):
        put(settings, url)
    obstore.put(Reader(url).store, "index.json", (shelf.folder(7) / "index.json").read_bytes().replace(b'"serial": 7', b'"serial": "7"'))
    with pytest.raises(StoreError, match="not ours"):
        put(settings, url)


def test_each_object_says_what_it_is_and_how_long_it_may_be_kept(settings, shelf, at_s3):
    released(shelf, 7)
    put(settings, at_s3)
    reader = Reader(at_s3)
    said = {}
    for name in reader.names():
        attributes = obstore.get(reader.store, name).attributes
        said[name.rpartition("/")[2], name.startswith("r/")] = (attributes["Content-Type"], attributes["Cache-Control"])
    assert said["index.json", False] == ("application/json", "no-cache")
    assert said["index.json", True] == ("application/json", "max-age=7200, immutable")
    assert said["domains.txt", True] == ("text/plain; charset=utf-8", "max-age=7200, immutable")
    assert said["domains.txt.gz", True] == ("application/gzip", "max-age=7200, immutable")


@pytest.mark.parametrize("wrong", ["nonsense", "ftp://a/b", "http://a/b", "memory:///", "s3://", "az://c/p", "/a/folder"])
def test_an_address_of_no_store_is_told(settings, shelf, wrong):
    released(shelf, 7)
    with pytest.raises(StoreError) as told:
        put(settings, wrong)
    assert "\n" not in str(told.value)


def test_a_bucket_that_is_not_there_is_told_in_one_line(settings, shelf, at_s3):
    released(shelf, 7)
    with pytest.raises(StoreError, match=r"s3://no-such-bucket/x could not be written: .*[Bb]ucket") as told:
        put(settings, "s3://no-such-bucket/x")
    assert "\n" not in str(told.value)


def test_a_store_that_does_not_answer_is_told_in_one_line(settings, shelf, monkeypatch):
    released(shelf, 7)
    for name, value in environment(9).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(StoreError, match="could not be written"):
        put(settings, "s3://bucket/x")


def test_before_the_first_release_there_is_nothing_to_put(settings, url):
    with pytest.raises(StoreError, match="no whole release"):
        put(settings, url)


def test_two_at_once_do_not_put_back_an_index(settings, shelf, url):
    released(shelf, 7)
    with (settings.data / "feed" / "stores.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(StoreError, match="Another"):
            put(settings, url)


@pytest.mark.long
def test_the_command_makes_writes_and_puts_what_changed(app, settings, at_s3):
    with app.app_context():
        ran = app.test_cli_runner().invoke(args=["publish", "--to", at_s3])
        failed = app.test_cli_runner().invoke(args=["publish", "--to", "s3://no-such-bucket/x"])
    assert (ran.exit_code, "Release 1 is at" in ran.output) == (0, True), f"{ran.output}{ran.exception!r}"
    assert Reader(at_s3).carried()[0] == 1
    assert (failed.exit_code, "could not be written" in failed.output) == (1, True)
