"""A release is live before the disk has all of it: whatever fails before it has, no half of one is ever served, and it is mended."""

import errno
import hashlib
import os
import shutil
from datetime import timedelta

import pytest

from app import clock
from app.feed.current import Reader
from app.release import shelf as shelf_module
from app.release.newest import bring_out
from app.release.shelf import Shelf
from tests.release.builders import header, host
from tests.release.dying import assert_nothing_half, die_at, in_child, shown_and_killed, start_another_kernel, steps_at_random
from tests.release.forcing import lose_what_was_not_forced, note_all_as_forced, noting_what_is_forced

ROOM = 1 << 40


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path)


def names(serial):
    """Another list in each release."""
    return [host(f"h{number}.example.net") for number in range(serial, serial + 3)]


def halve(folder, name="domains.txt"):
    os.truncate(folder / name, (folder / name).stat().st_size // 2)


def fill_with_zeros(folder):
    for file in folder.iterdir():
        file.write_bytes(bytes(file.stat().st_size))


def served(data):
    """The serial that the feed gives, after each of its files was looked at; None where it gives none."""
    release = Reader(data).current()
    if release is None:
        return None
    for name, file in release.files.items():
        assert hashlib.sha256(file.plain.path.read_bytes()).hexdigest() == file.plain.etag, name
    return int(release.serial)


def test_a_release_is_live_before_the_disk_has_it_and_the_link_for_others_waits(shelf, tmp_path):
    bring_out(shelf, header(serial=1), names(1))
    shown_and_killed(shelf, 2, names(2))
    assert (served(tmp_path), shelf.settled(), (tmp_path / "feed" / "current").readlink().name) == (2, 1, "1")


def test_after_it_is_on_the_disk_one_pointer_says_so(shelf, tmp_path):
    bring_out(shelf, header(serial=1), names(1))
    assert (shelf.settled(), list((tmp_path / "feed").glob("live-*"))) == (1, [])


def test_what_a_killed_writer_had_shown_is_settled_by_the_next_and_not_written_again(shelf, tmp_path):
    bring_out(shelf, header(serial=1), names(1))
    shown_and_killed(shelf, 2, names(2))
    written = (shelf.folder(2) / "index.json").stat().st_ino
    shelf.clear_leftovers()
    bring_out(shelf, header(serial=2), names(2))
    assert (served(tmp_path), shelf.settled(), (shelf.folder(2) / "index.json").stat().st_ino) == (2, 2, written)


@pytest.mark.long
@pytest.mark.parametrize("damage", [halve, fill_with_zeros, shutil.rmtree, lambda folder: None])
def test_after_a_loss_of_power_the_release_before_is_served_until_the_newest_was_written_anew(shelf, tmp_path, damage):
    bring_out(shelf, header(serial=1), names(1))
    shown_and_killed(shelf, 2, names(2))
    damage(shelf.folder(2))
    start_another_kernel(tmp_path)
    assert (served(tmp_path), Reader(tmp_path).kept(2)) == (1, None)
    shelf.clear_leftovers()
    assert (served(tmp_path), shelf.folder(2).exists()) == (1, False)
    bring_out(shelf, header(serial=2), names(2))
    assert (served(tmp_path), shelf.settled()) == (2, 2)


def test_what_was_never_on_the_disk_is_not_taken_for_a_release_when_a_later_one_came(shelf, tmp_path):
    bring_out(shelf, header(serial=1), names(1))
    shown_and_killed(shelf, 2, names(2))
    fill_with_zeros(shelf.folder(2))
    start_another_kernel(tmp_path)
    shelf.clear_leftovers()
    bring_out(shelf, header(serial=3), names(3))
    assert (served(tmp_path), Reader(tmp_path).kept(2)) == (3, None)


def test_where_there_is_no_release_before_nothing_is_served_until_it_is_written_anew(shelf, tmp_path):
    shown_and_killed(shelf, 1, names(1))
    halve(shelf.folder(1))
    start_another_kernel(tmp_path)
    assert served(tmp_path) is None
    shelf.clear_leftovers()
    bring_out(shelf, header(serial=1), names(1))
    assert served(tmp_path) == 1


def test_the_newest_on_the_disk_is_kept_however_old_while_another_is_live(shelf, tmp_path):
    for serial in (1, 2):
        bring_out(shelf, header(serial=serial), names(serial))
    shown_and_killed(shelf, 3, names(3))
    shelf.keep(timedelta(0), 1, at=clock.now() + timedelta(days=9))
    assert {folder.name for folder in (tmp_path / "feed" / "releases").iterdir()} == {"2", "3"}


def test_a_release_that_the_disk_refuses_is_gone_and_the_one_before_is_served(shelf, tmp_path, monkeypatch):
    bring_out(shelf, header(serial=1), names(1))
    forced, real = [], os.fsync

    def failing(descriptor):
        forced.append(descriptor)
        if len(forced) == 20:
            raise OSError(errno.EIO, "Input/output error")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(OSError, match="Input/output"):
        bring_out(shelf, header(serial=2), names(2))
    # The kernel tells once of what it lost: a second look would find nothing wrong.
    assert (served(tmp_path), shelf.folder(2).exists()) == (1, False)
    bring_out(shelf, header(serial=2), names(2))
    assert (served(tmp_path), shelf.settled()) == (2, 2)


@pytest.mark.parametrize("why", ["no kernel says which it is", "it is wanted"])
def test_where_it_must_a_release_waits_for_the_disk(tmp_path, monkeypatch, why):
    if why == "it is wanted":
        shelf = Shelf(tmp_path, settle_first=True)
    else:
        shelf = Shelf(tmp_path)
        monkeypatch.setattr(shelf_module, "BOOT_ID", tmp_path / "nothing")
        shelf_module._boot.cache_clear()
    bring_out(shelf, header(serial=1), names(1))
    shown_and_killed(shelf, 2, names(2))
    before = served(tmp_path)
    shelf.clear_leftovers()
    bring_out(shelf, header(serial=2), names(2))
    shelf_module._boot.cache_clear()
    assert (before, served(tmp_path)) == (1, 2)


def test_a_damaged_release_is_on_the_disk_before_it_takes_its_own_place(shelf, tmp_path):
    bring_out(shelf, header(serial=1), names(1))
    (shelf.folder(1) / "rpz.zone").unlink()
    forced = tmp_path / "forced"
    in_child(lambda: noting_what_is_forced(forced, lambda: bring_out(shelf, header(serial=1), names(1))))
    lose_what_was_not_forced(tmp_path, forced)
    assert served(tmp_path) == 1


@pytest.mark.long
def test_a_loss_of_power_at_any_step_leaves_a_whole_release_and_the_next_one_comes_out(shelf, tmp_path):
    bring_out(shelf, header(serial=1), names(1))
    forced = tmp_path / "forced"
    note_all_as_forced(tmp_path, forced)
    serial, losses, finished = 1, 0, False
    for step in steps_at_random():
        serial += 1
        finished = in_child(lambda serial=serial, step=step: noting_what_is_forced(forced, lambda: write_and_die(shelf, serial, step)))
        assert_nothing_half(shelf)
        lose_what_was_not_forced(tmp_path, forced)
        start_another_kernel(tmp_path)
        assert served(tmp_path) == (serial if finished else shelf.settled())
        shelf.clear_leftovers()
        assert_nothing_half(shelf)
        bring_out(shelf, header(serial=serial), names(serial))
        shelf.keep(timedelta(0), ROOM, at=clock.now())
        assert (served(tmp_path), shelf.settled()) == (serial, serial)
        note_all_as_forced(tmp_path, forced)
        if finished:
            break
        losses += 1
    assert losses > 15


def write_and_die(shelf, serial, step):
    die_at(step, lambda: bring_out(shelf, header(serial=serial), names(serial)))
