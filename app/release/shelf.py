"""The releases on disk: which one is current, putting a new one in place, clearing old ones. Knows nothing of what a release says."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from uuid import UUID

FOLDER_MODE = 0o750
"""The owner, and a web server in its group: the list is for licensed consumers only."""

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
"""Another one each time that the kernel starts: what it had only in memory is gone then."""


class Shelf:
    """`<data>/feed`: one folder a release, named by its number and never changed, and two pointers.

    `current` shows the newest release that is on the disk. `live-<boot>` shows one that is whole for every program of this kernel, while
    the disk still takes it: once that kernel ended, nobody follows it. What lies above both was never whole, or is not known to be.
    """

    def __init__(self, data: Path, *, settle_first: bool = False) -> None:
        self._settle_first = settle_first
        self._root = data / "feed"
        self._releases = self._root / "releases"
        self._pointer = self._root / "current"

    def current(self) -> int | None:
        """The newest release that may be read, None before the first or where someone made the pointers show something else."""
        # In this order: what is live comes to the disk, and its pointer goes only then.
        shown = [number for number in (self._live_number(), self.settled()) if number is not None]
        return max(shown, default=None)

    def settled(self) -> int | None:
        """The newest release that is on the disk, whatever becomes of the machine."""
        return _shown_by(self._pointer)

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
        is_settled = number <= (self.settled() or 0)
        if is_settled:
            _bring_to_disk(folder)
        if self.folder(number).exists():
            self.discard(number)
        folder.rename(self.folder(number))
        if is_settled:
            sync_folder(self._releases)

    def show(self, number: int) -> None:
        """Let every program of this kernel have a release that has its number, though the disk may not have it yet.

        Where a kernel can't be told from the one before it, or where that is wanted, they get it when it is settled.
        """
        live = self._live()
        if live is not None and not self._settle_first:
            self._point(live, number)

    def settle(self, number: int) -> None:
        """Wait until a release is on the disk, make it the current one for good, and let the one before leave the page cache.

        Raises:
            OSError: the disk did not take it. It is gone, and the one before it is current.
        """
        if number <= (self.settled() or 0):
            return
        try:
            _bring_to_disk(self.folder(number))
            sync_folder(self._releases)
        except OSError:
            # Asked again, the kernel would say that all is well: it tells only once of what it lost.
            self._hide()
            with suppress(FileNotFoundError):
                self.discard(number)
            raise
        before = self.settled()
        self.point_to(number)
        self._hide()
        if before is not None and before < number:
            _forget(self.folder(before))

    def point_to(self, number: int) -> None:
        """Make a release that is on the disk the current one.

        The pointer only ever moves up: a slow writer must not bring an old list back.
        """
        self._point(self._pointer, number)
        sync_folder(self._root)

    def discard(self, number: int) -> None:
        """Take a release away in one step; its name is gone before the first of its files is."""
        doomed = self._releases / f".{number}.removed-{os.getpid()}"
        self.folder(number).rename(doomed)
        shutil.rmtree(doomed)

    def clear_leftovers(self) -> None:
        """Remove what dead writers left behind, of this kernel and of one before it; a living writer holds a lock on its own folder."""
        for pointer in self._root.glob("live-*"):
            if pointer != self._live():
                pointer.unlink(missing_ok=True)
        for leftover in self._releases.glob(".*"):
            with suppress(BlockingIOError, FileNotFoundError), _locked(leftover, wait=False):
                shutil.rmtree(leftover)
        current = self.current() or 0
        for number in [number for number in self._numbers() if number > current]:
            with suppress(BlockingIOError, FileNotFoundError), _locked(self.folder(number), wait=False):
                self.discard(number)

    def keep(self, kept_for: timedelta, room: int, *, at: datetime) -> None:
        """Remove each release that another took the place of this long before `at`, and the oldest that find no room.

        `room` is in octets, for all but the current one, which goes at no age; nor does the one before it go for want of room.
        A clock that was set back keeps them longer, never shorter.
        """
        for number in reversed(list(self._outlived(kept_for, room, at=at))):
            self.discard(number)

    def _outlived(self, kept_for: timedelta, room: int, *, at: datetime) -> Iterator[int]:
        """The newest first."""
        current, taken = self.settled() or 0, 0
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

    def _live(self) -> Path | None:
        boot = _boot()
        return self._root / f"live-{boot}" if boot else None

    def _live_number(self) -> int | None:
        live = self._live()
        return _shown_by(live) if live else None

    def _point(self, pointer: Path, number: int) -> None:
        with _locked(self._root):
            if (_shown_by(pointer) or 0) >= number:
                return
            fresh = self._root / f".{pointer.name}.tmp-{os.getpid()}"
            fresh.unlink(missing_ok=True)
            fresh.symlink_to(Path("releases") / str(number))
            fresh.replace(pointer)

    def _hide(self) -> None:
        live = self._live()
        if live is not None:
            live.unlink(missing_ok=True)


def _shown_by(pointer: Path) -> int | None:
    try:
        name = pointer.readlink().name
    except OSError:
        return None
    return int(name) if name.isdecimal() else None


@cache
def _boot() -> str:
    """Which start of the kernel this is; empty where it does not say."""
    try:
        return str(UUID(BOOT_ID.read_text(encoding="ascii").strip()))
    except (OSError, ValueError):
        return ""


def _bring_to_disk(folder: Path) -> None:
    for file in folder.iterdir():
        with file.open("rb") as written:
            os.fsync(written.fileno())
    sync_folder(folder)


def _forget(folder: Path) -> None:
    """Tell the kernel that these files need not stay in its page cache: hardly anybody asks for them any more.

    Otherwise each release of a long list pushes as much else out of memory, the database's pages among it, and the next one has to wait
    while memory is got for it: half of the time that writing took. Whoever still reads them reads from the disk.
    """
    if not hasattr(os, "posix_fadvise"):
        return
    # If this fails, nothing is lost: the new release is on the disk and current.
    with suppress(OSError):
        for file in folder.iterdir():
            with file.open("rb") as written:
                os.posix_fadvise(written.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


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
