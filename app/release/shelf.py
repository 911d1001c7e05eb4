"""The releases on disk: which one is current, putting a new one in place, clearing old ones. Knows nothing of what a release says."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

FOLDER_MODE = 0o750
"""The owner, and a web server in its group: the list is for licensed consumers only."""


class Shelf:
    """`<data>/feed`: one folder a release, named by its number and never changed, and the pointer `current`.

    A folder gets its number as its name only when all of it is on the disk, so what has a number is whole.
    """

    def __init__(self, data: Path) -> None:
        self._root = data / "feed"
        self._releases = self._root / "releases"
        self._pointer = self._root / "current"

    def current(self) -> int | None:
        """The number that the pointer shows, None before the first release or where someone made it show something else."""
        try:
            name = self._pointer.readlink().name
        except OSError:
            return None
        return int(name) if name.isdecimal() else None

    def folder(self, number: int) -> Path:
        """Where this release lies, whether or not it is there."""
        return self._releases / str(number)

    @contextmanager
    def workshop(self, number: int) -> Iterator[Path]:
        """A new folder to write a release in. Whatever is still there at the end of the block is removed.

        It stays locked while its writer lives, so that the leftovers of a dead one can be told from a living one's work.
        """
        for level in (self._root, self._releases):
            level.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{number}.tmp-{os.getpid()}-", dir=self._releases))
        folder.chmod(FOLDER_MODE)
        with _locked(folder):
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)

    def put(self, folder: Path, number: int) -> None:
        """Give a finished folder its number.

        Whatever has the number already was damaged after it was written, and makes room.
        """
        sync_folder(folder)
        if self.folder(number).exists():
            self.discard(number)
        folder.rename(self.folder(number))
        sync_folder(self._releases)

    def point_to(self, number: int) -> None:
        """Make a release the current one. The pointer only ever moves up: a slow writer must not bring an old list back."""
        with _locked(self._root):
            if (self.current() or 0) >= number:
                return
            fresh = self._root / f".current.tmp-{os.getpid()}"
            fresh.unlink(missing_ok=True)
            fresh.symlink_to(Path("releases") / str(number))
            fresh.replace(self._pointer)
            sync_folder(self._root)

    def discard(self, number: int) -> None:
        """Take a release away in one step; its name is gone before the first of its files is."""
        doomed = self._releases / f".{number}.removed-{os.getpid()}"
        self.folder(number).rename(doomed)
        shutil.rmtree(doomed)

    def clear_leftovers(self) -> None:
        """Remove what dead writers left behind; a living writer holds a lock on its own folder."""
        for leftover in self._releases.glob(".*"):
            with suppress(BlockingIOError, FileNotFoundError), _locked(leftover, wait=False):
                shutil.rmtree(leftover)

    def keep(self, kept_for: timedelta, room: int, *, at: datetime) -> None:
        """Remove each release that another took the place of this long before `at`, and the oldest that find no room.

        `room` is in octets, for all but the current one, which goes at no age; nor does the one before it go for want of room.
        A clock that was set back keeps them longer, never shorter.
        """
        for number in reversed(list(self._outlived(kept_for, room, at=at))):
            self.discard(number)

    def _outlived(self, kept_for: timedelta, room: int, *, at: datetime) -> Iterator[int]:
        """The newest first."""
        current, taken = self.current() or 0, 0
        for successor, number in pairwise(sorted((number for number in self._numbers() if number <= current), reverse=True)):
            taken += self._octets(number)
            finds_room = taken <= room or successor == current
            if at - self._brought_at(successor) >= kept_for or not finds_room:
                yield number

    def _octets(self, number: int) -> int:
        return sum(file.stat().st_size for file in self.folder(number).iterdir())

    def _brought_at(self, number: int) -> datetime:
        """When the folder got its last file, just before its number."""
        return datetime.fromtimestamp(self.folder(number).stat().st_mtime, UTC)

    def _numbers(self) -> Iterator[int]:
        return (int(folder.name) for folder in self._releases.glob("*") if folder.name.isdecimal())


def sync_folder(folder: Path) -> None:
    """Wait until the folder's own entries (names, renames) are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _locked(folder: Path, *, wait: bool = True) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield
    finally:
        os.close(descriptor)
