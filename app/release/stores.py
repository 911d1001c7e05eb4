"""Puts the current release into an object store: fixed names first, the index last, so that a reader never sees half a release.

What changed since former serials goes there before it (`stored_changes`).
"""

import fcntl
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Final

from app.release import index, stored_changes
from app.release.deltas import Deltas
from app.release.index import FormatFile, Index
from app.release.object_store import JSON, MOVING, ObjectStore, StoreError, told
from app.release.packing import CODINGS
from app.release.shelf import Shelf
from app.release.stored_changes import Known
from config import Settings
from moderation import policy

FIXED: Final = f"max-age={int(policy.RELEASES_KEPT_FOR.total_seconds())}, immutable"
OURS: Final = re.compile(r"r/(?P<serial>[0-9]{1,18})/(?:[0-9a-f]{64}/[^/]+|index\.json)")
"""What this module puts there under fixed names. Nothing else is ever removed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What came of it: objects put, those that were there already, and old ones removed. The changes there begin at `changes_since`."""

    serial: int
    put: int
    there: int
    removed: int
    changes_since: int | None


@dataclass(frozen=True, slots=True)
class _Object:
    """A file on its way; `size` in octets."""

    name: str
    source: Path
    size: int
    media_type: str


def store_current(settings: Settings, url: str, *, at: datetime) -> Stored:
    """Bring the newest release on this disk to `url` (`s3://bucket/prefix`, `file:///folder`), and remove what is kept there no longer.

    It can be run at any time and any number of times, and killed at any point.

    Raises:
        StoreError
    """
    shelf = Shelf(settings.data)
    number = shelf.settled()
    if number is None or not index.is_whole(shelf.folder(number)):
        raise StoreError("There is no whole release on this disk yet; `flask publish` writes one.")
    with _turn(shelf.folder(number).parent), told(url):
        return _bring(ObjectStore(url), Deltas(settings.data), shelf.folder(number), at=at)


def _bring(store: ObjectStore, deltas: Deltas, folder: Path, *, at: datetime) -> Stored:
    release = index.read(folder)
    own = (folder / index.FILE_NAME).read_bytes()
    shown = store.read(index.FILE_NAME)
    former = _former(shown, release)
    changes = stored_changes.bring(store, deltas, former)
    objects = tuple(_objects(folder, release))
    there = store.sizes(f"r/{release.serial}/")
    missing = [each for each in objects if there.get(each.name) != each.size]
    for each in missing:
        store.put(each.name, each.source, each.media_type, FIXED)
    # The release's own index says that all of its files are there; only then may readers be led to it.
    if shown != own:
        store.put(f"r/{release.serial}/{index.FILE_NAME}", own, JSON, FIXED)
        store.put(index.FILE_NAME, own, JSON, MOVING)
    removed = store.remove(_outlived(store.below("r/"), release.serial, at=at))
    if changes:
        removed += store.remove(changes.outlived)
    since = changes.since if changes else None
    return Stored(serial=release.serial, put=len(missing), there=len(objects) - len(missing), removed=removed, changes_since=since)


def _former(shown: bytes | None, release: Index) -> Known | None:
    """What consumers of this place carry at most. A step back from it is refused, and so is another release of the same number."""
    if shown is None:
        return None
    try:
        there = index.parsed(shown)
    except ValueError as fault:
        raise StoreError(f"The {index.FILE_NAME} that is there is not ours. Choose an empty place.") from fault
    if there.serial > release.serial:
        raise StoreError(
            f"Release {there.serial} is there already, and the current one here is {release.serial}: consumers ignore a lower number."
        )
    if there.serial == release.serial and there.published_at != release.published_at:
        raise StoreError(
            f"Another release {there.serial} is there already: the database was set back. Run flask publish --above {there.serial} first."
        )
    return Known(serial=there.serial, published_at=there.published_at)


def _objects(folder: Path, release: Index) -> Iterator[_Object]:
    for form in release.formats:
        yield from _files_of(folder, release.serial, form)


def _files_of(folder: Path, serial: int, form: FormatFile) -> Iterator[_Object]:
    yield _Object(index.address(serial, form.sha256, form.file), folder / form.file, form.size, form.media_type)
    for coding, copy in form.packed.items():
        yield _Object(index.address(serial, copy.sha256, copy.file), folder / copy.file, copy.size, CODINGS[coding].media_type)


def _outlived(ours: dict[str, datetime], current: int, *, at: datetime) -> list[str]:
    """What belongs to a release that another took the place of long enough ago, or that was never whole."""
    serials: dict[int, dict[str, datetime]] = {}
    for name, came in ours.items():
        found = OURS.fullmatch(name)
        if found and int(found["serial"]) <= current:
            serials.setdefault(int(found["serial"]), {})[name] = came
    whole = sorted(serial for serial, names in serials.items() if f"r/{serial}/{index.FILE_NAME}" in names)
    taken = {serial: serials[after][f"r/{after}/{index.FILE_NAME}"] for serial, after in pairwise(whole)}
    left = {serial: max(names.values()) for serial, names in serials.items() if serial not in whole and serial < current}
    gone = [serial for serial, since in (taken | left).items() if at - since >= policy.RELEASES_KEPT_FOR]
    # Its index goes last: cut short, what is left is still a release that had its time.
    return [name for serial in gone for name in sorted(serials[serial], key=lambda name: name.endswith(f"/{index.FILE_NAME}"))]


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """One at a time on this machine: a slow one must not put back an index that a quick one replaced."""
    with (folder.parent / "stores.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            raise StoreError("Another `flask publish --to` is at work on this machine; run it again when that has ended.") from fault
        yield
