"""What becomes of the memory that a release took once another has its place: the kernel gets it back for what is asked for now."""

import os

import pytest

from app.release import index
from app.release.newest import bring_out
from app.release.shelf import Shelf
from tests.release.builders import header, host

NAMES = [host(f"h{number}.example.net") for number in range(500)]


def in_memory(file):
    """Whether the beginning of the file can be read without waiting for the disk."""
    with file.open("rb", buffering=0) as opened:
        try:
            return bool(os.preadv(opened.fileno(), [bytearray(1)], 0, os.RWF_NOWAIT))
        except BlockingIOError:
            return False


def forgets(folder):
    """Whether this file system can let a file go out of memory at all: one that lies in memory only can't."""
    tried = folder / "tried"
    tried.write_bytes(bytes(5_000))
    with tried.open("rb") as opened:
        os.fsync(opened.fileno())
        os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return not in_memory(tried)


def files(shelf, number):
    return [file for file in sorted(shelf.folder(number).iterdir()) if file.stat().st_size]


@pytest.mark.skipif(not hasattr(os, "RWF_NOWAIT"), reason="only Linux says what of a file is in memory")
def test_the_release_before_leaves_memory_and_the_current_one_stays(tmp_path):
    if not forgets(tmp_path):
        pytest.skip("the temporary folder's file system keeps every file in memory")
    shelf = Shelf(tmp_path)
    for serial in (1, 2):
        bring_out(shelf, header(serial=serial), NAMES)
    assert [file.name for file in files(shelf, 1) if in_memory(file)] == []
    assert [file.name for file in files(shelf, 2) if not in_memory(file)] == []


def test_who_still_reads_the_release_before_gets_all_of_it(tmp_path):
    shelf = Shelf(tmp_path)
    bring_out(shelf, header(serial=1), NAMES)
    zone = shelf.folder(1) / "rpz.zone"
    before = zone.read_bytes()
    with zone.open("rb", buffering=0) as reader:
        begun = reader.read(100)
        bring_out(shelf, header(serial=2), NAMES)
        assert begun + reader.read() == before
    assert index.is_whole(shelf.folder(1))


def test_a_kernel_that_does_not_forget_stops_no_release(tmp_path, monkeypatch):
    asked = []

    def refuse(*_):
        asked.append(1)
        raise OSError("not known here")

    monkeypatch.setattr(os, "posix_fadvise", refuse)
    shelf = Shelf(tmp_path)
    for serial in (1, 2):
        bring_out(shelf, header(serial=serial), NAMES)
    assert (shelf.settled(), asked) == (2, [1])


def test_a_system_that_has_no_such_call_has_its_releases(tmp_path, monkeypatch):
    monkeypatch.delattr(os, "posix_fadvise")
    shelf = Shelf(tmp_path)
    for serial in (1, 2):
        bring_out(shelf, header(serial=serial), NAMES)
    assert shelf.settled() == 2


def test_a_release_that_was_removed_meanwhile_is_no_reason_to_fail(tmp_path):
    shelf = Shelf(tmp_path)
    bring_out(shelf, header(serial=1), NAMES)
    shelf.discard(1)
    bring_out(shelf, header(serial=2), NAMES)
    assert shelf.current() == 2
