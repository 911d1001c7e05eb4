"""The releases on disk: whole or not to be seen, the pointer only upwards, whatever is killed and whenever."""

import os
import signal
from datetime import timedelta

import pytest

from app import clock
from app.release import index
from app.release.newest import bring_out
from app.release.shelf import Shelf
from tests.release.builders import header, host
from tests.release.dying import assert_nothing_half, die_at, in_child, steps_at_random


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path)


ROOM = 1 << 40


def names(count=3):
    return [host(f"h{number}.example.net") for number in range(count)]


def test_a_new_release_becomes_the_current_one(shelf):
    bring_out(shelf, header(serial=1), names())
    bring_out(shelf, header(serial=2), names())
    assert shelf.current() == 2


def test_the_pointer_is_a_link_that_a_web_server_can_follow(shelf, tmp_path):
    bring_out(shelf, header(serial=7), names())
    assert (tmp_path / "feed" / "current" / "index.json").is_file()


def test_the_pointer_never_moves_down(shelf):
    bring_out(shelf, header(serial=5), names())
    bring_out(shelf, header(serial=4), names())
    assert shelf.current() == 5


def test_a_release_that_is_there_already_is_not_written_again(shelf):
    first = bring_out(shelf, header(serial=1), names())
    before = (first.folder / "index.json").stat().st_ino
    bring_out(shelf, header(serial=1), names())
    assert (first.folder / "index.json").stat().st_ino == before


def test_a_release_damaged_after_it_was_written_is_written_again(shelf):
    first = bring_out(shelf, header(serial=1), names())
    (first.folder / "rpz.zone").unlink()
    bring_out(shelf, header(serial=1), names())
    assert index.is_whole(first.folder)


def test_a_pointer_that_shows_nothing_sensible_counts_as_none(shelf, tmp_path):
    bring_out(shelf, header(serial=1), names())
    (tmp_path / "feed" / "current").unlink()
    (tmp_path / "feed" / "current").symlink_to("elsewhere")
    assert shelf.current() is None


def test_each_release_goes_a_set_time_after_the_next_one_came(shelf, tmp_path):
    now = clock.now()
    for serial, hours_ago in ((1, 9), (2, 3), (5, 1), (6, 0)):
        came = (now - timedelta(hours=hours_ago)).timestamp()
        os.utime(bring_out(shelf, header(serial=serial), names()).folder, (came, came))
    shelf.keep(timedelta(hours=2), ROOM, at=now)
    # The second went three hours ago by its own age, but its place was taken one hour ago.
    assert {file.name for file in (tmp_path / "feed" / "releases").iterdir()} == {"2", "5", "6"}


def test_old_releases_that_find_no_room_go_before_their_time_but_for_the_last(shelf, tmp_path):
    folders = [bring_out(shelf, header(serial=serial), names()).folder for serial in range(1, 6)]
    room_for_two = sum(file.stat().st_size for folder in folders[2:4] for file in folder.iterdir())
    shelf.keep(timedelta(hours=2), room_for_two, at=clock.now())
    assert {file.name for file in (tmp_path / "feed" / "releases").iterdir()} == {"3", "4", "5"}
    shelf.keep(timedelta(hours=2), 1, at=clock.now())
    assert {file.name for file in (tmp_path / "feed" / "releases").iterdir()} == {"4", "5"}


def test_the_current_release_is_never_removed(shelf):
    bring_out(shelf, header(serial=1), names())
    shelf.keep(timedelta(0), ROOM, at=clock.now() + timedelta(days=99))
    assert index.is_whole(shelf.folder(1))


def test_a_write_that_fails_leaves_nothing_behind(shelf, tmp_path):
    def broken():
        yield host("a.example.net")
        raise OSError("No space left on device")

    with pytest.raises(OSError, match="No space"):
        bring_out(shelf, header(serial=1), broken())
    assert list((tmp_path / "feed" / "releases").iterdir()) == []


def test_the_leftovers_of_a_dead_writer_are_cleared(shelf, tmp_path):
    in_child(lambda: bring_out(shelf, header(serial=1), killed_at_entry(2)))
    assert list((tmp_path / "feed" / "releases").iterdir())
    shelf.clear_leftovers()
    assert list((tmp_path / "feed" / "releases").iterdir()) == []


def test_the_work_of_a_living_writer_is_not_cleared(shelf):
    with shelf.workshop(1) as folder:
        shelf.clear_leftovers()
        assert folder.exists()


@pytest.mark.parametrize("entry", [1, 2, 500, 2_000])
def test_a_writer_killed_between_two_entries_leaves_the_old_release(shelf, entry):
    bring_out(shelf, header(serial=1), names())
    in_child(lambda: bring_out(shelf, header(serial=2), killed_at_entry(entry)))
    assert (shelf.current(), index.is_whole(shelf.folder(1)), shelf.folder(2).exists()) == (1, True, False)


@pytest.mark.long
def test_a_writer_killed_at_any_step_leaves_one_whole_release_in_every_coding_and_the_next_one_comes_out(shelf):
    bring_out(shelf, header(serial=1), names())
    serial, kills, finished = 1, 0, False
    for step in steps_at_random():
        serial += 1
        finished = in_child(lambda serial=serial, step=step: write_and_die(shelf, serial, step))
        assert_nothing_half(shelf)
        shelf.clear_leftovers()
        bring_out(shelf, header(serial=serial), names())
        shelf.keep(timedelta(0), ROOM, at=clock.now())
        assert (shelf.current(), index.is_whole(shelf.folder(serial))) == (serial, True)
        if finished:
            break
        kills += 1
    assert kills > 15


@pytest.mark.long
def test_a_cleaner_killed_at_any_step_removes_no_release_by_half(shelf):
    kills, finished = 0, False
    for step in steps_at_random():
        for serial in range(step * 10, step * 10 + 3):
            bring_out(shelf, header(serial=serial), names())
        finished = in_child(lambda step=step: die_at(step, lambda: shelf.keep(timedelta(0), ROOM, at=clock.now())))
        assert_nothing_half(shelf)
        shelf.clear_leftovers()
        shelf.keep(timedelta(0), ROOM, at=clock.now())
        if finished:
            break
        kills += 1
    assert kills > 3


def killed_at_entry(count):
    yield from names(count)
    os.kill(os.getpid(), signal.SIGKILL)


def write_and_die(shelf, serial, step):
    die_at(step, lambda: bring_out(shelf, header(serial=serial), names()))
