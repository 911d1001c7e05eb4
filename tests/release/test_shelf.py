"""The releases on disk: whole or not to be seen, the pointer only upwards, whatever is killed and whenever."""

import os
import signal
import sys

import pytest

from app.release import index
from app.release.newest import bring_out
from app.release.shelf import Shelf
from tests.release.builders import header, host

WATCHED = {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.symlink", "os.chmod", "shutil.rmtree"}


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path)


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


def test_older_releases_are_removed_beyond_those_that_are_kept(shelf, tmp_path):
    for serial in range(1, 7):
        bring_out(shelf, header(serial=serial), names())
    shelf.keep(2)
    assert {file.name for file in (tmp_path / "feed" / "releases").iterdir()} == {"4", "5", "6"}


def test_the_current_release_is_never_removed(shelf):
    bring_out(shelf, header(serial=1), names())
    shelf.keep(0)
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


def test_a_writer_killed_at_any_step_leaves_no_half_release_and_the_next_one_comes_out(shelf):
    bring_out(shelf, header(serial=1), names())
    serial, step, finished = 1, 0, False
    while not finished:
        serial, step = serial + 1, step + 1
        finished = in_child(lambda serial=serial, step=step: write_and_die(shelf, serial, step))
        assert_nothing_half(shelf)
        shelf.clear_leftovers()
        bring_out(shelf, header(serial=serial), names())
        shelf.keep(3)
        assert (shelf.current(), index.is_whole(shelf.folder(serial))) == (serial, True)
    assert step > 30


def test_a_cleaner_killed_at_any_step_removes_no_release_by_half(shelf):
    step, finished = 0, False
    while not finished:
        step += 1
        for serial in range(step * 10, step * 10 + 3):
            bring_out(shelf, header(serial=serial), names())
        finished = in_child(lambda step=step: die_at(step, lambda: shelf.keep(1)))
        assert_nothing_half(shelf)
        shelf.clear_leftovers()
        shelf.keep(0)
    assert step > 3


def assert_nothing_half(shelf):
    current = shelf.current()
    assert current is not None
    assert index.is_whole(shelf.folder(current))
    visible = [folder for folder in shelf.folder(current).parent.iterdir() if not folder.name.startswith(".")]
    assert all(index.is_whole(folder) for folder in visible)


def killed_at_entry(count):
    yield from names(count)
    os.kill(os.getpid(), signal.SIGKILL)


def write_and_die(shelf, serial, step):
    die_at(step, lambda: bring_out(shelf, header(serial=serial), names()))


def die_at(step, work):
    """Run `work`, and be killed just before its step of this number; a step is anything that touches the file system."""
    steps = 0

    def hook(event, _):
        nonlocal steps
        if event in WATCHED:
            steps += 1
            if steps == step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    work()


def in_child(work):
    """Run `work` in a process of its own; whether it came to its end."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(0)
    return os.WIFEXITED(os.waitpid(pid, 0)[1])
