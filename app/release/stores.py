"""Puts the current release into an object store: fixed names first, the index last, so that a reader never sees half a release."""

import fcntl
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from app.release import index
from app.release.index import FormatFile, Index
from app.release.packing import CODINGS
from app.release.shelf import Shelf
from config import Settings
from moderation import policy

SCHEMES: Final = ("s3", "gs", "az", "file")
JSON: Final = "application/json"
MOVING: Final = "no-cache"
FIXED: Final = f"max-age={int(policy.RELEASES_KEPT_FOR.total_seconds())}, immutable"
OURS: Final = re.compile(r"r/(?P<serial>[0-9]{1,18})/(?:[0-9a-f]{64}/[^/]+|index\.json)")
"""What this module puts there under fixed names. Nothing else is ever removed."""

PARTS_AT_ONCE: Final = 4
RETRIES: Final = {"max_retries": 3, "retry_timeout": timedelta(seconds=20)}


class StoreError(Exception):
    """Why the release did not get there; the message says what to do. What was put there stays, and the next run goes on with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What came of it: objects put, those that were there already, and old ones removed."""

    serial: int
    put: int
    there: int
    removed: int


@dataclass(frozen=True, slots=True)
class _Object:
    """A file on its way; `size` in octets."""

    name: str
    source: Path
    size: int
    media_type: str


def store_current(settings: Settings, url: str, *, at: datetime) -> Stored:
    """Bring the current release to `url` (`s3://bucket/prefix`, `file:///folder`), and remove what is kept there no longer.

    It can be run at any time and any number of times, and killed at any point.

    Raises:
        StoreError
    """
    shelf = Shelf(settings.data)
    number = shelf.current()
    if number is None or not index.is_whole(shelf.folder(number)):
        raise StoreError("There is no whole release on this disk yet; `flask publish` writes one.")
    with _turn(shelf.folder(number).parent), _told(url):
        store = _Store(url)
        return _bring(store, shelf.folder(number), at=at)


def _bring(store: "_Store", folder: Path, *, at: datetime) -> Stored:
    release = index.read(folder)
    own = (folder / index.FILE_NAME).read_bytes()
    shown = store.read(index.FILE_NAME)
    _refuse_a_step_back(shown, release)
    objects = tuple(_objects(folder, release))
    there = store.sizes(f"r/{release.serial}/")
    missing = [each for each in objects if there.get(each.name) != each.size]
    for each in missing:
        store.put(each.name, each.source, each.media_type, FIXED)
    # The release's own index says that all of its files are there; only then may readers be led to it.
    if shown != own:
        store.put(f"r/{release.serial}/{index.FILE_NAME}", own, JSON, FIXED)
        store.put(index.FILE_NAME, own, JSON, MOVING)
    removed = store.remove(_outlived(store.ours(), release.serial, at=at))
    return Stored(serial=release.serial, put=len(missing), there=len(objects) - len(missing), removed=removed)


def _refuse_a_step_back(shown: bytes | None, release: Index) -> None:
    if shown is None:
        return
    try:
        serial = index.parsed(shown).serial
    except ValueError as fault:
        raise StoreError(f"The {index.FILE_NAME} that is there is not ours. Choose an empty place.") from fault
    if serial > release.serial:
        raise StoreError(
            f"Release {serial} is there already, and the current one here is {release.serial}: consumers ignore a lower number."
        )


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


class _Store:
    """An object store of any kind, in the few words that are needed here."""

    def __init__(self, url: str) -> None:
        # The library is large, and only this needs it.
        import obstore  # noqa: PLC0415

        scheme = urlsplit(url).scheme
        if scheme not in SCHEMES:
            raise StoreError(f"{url!r} is no address of an object store; use s3://bucket/prefix, gs://..., az://... or file:///folder.")
        self._takes_headers = scheme != "file"
        how: dict[str, Any] = {"retry_config": RETRIES} if self._takes_headers else {"mkdir": True}
        self._library = obstore
        self._store = obstore.store.from_url(url, **how)

    def read(self, name: str) -> bytes | None:
        """A whole object, None where there is none."""
        try:
            return bytes(self._library.get(self._store, name).bytes())
        except FileNotFoundError:
            return None

    def put(self, name: str, what: Path | bytes, media_type: str, caching: str) -> None:
        """Put an object there, whole or not at all."""
        headers: dict[str, Any] = {"attributes": {"Content-Type": media_type, "Cache-Control": caching}} if self._takes_headers else {}
        self._library.put(self._store, name, what, max_concurrency=PARTS_AT_ONCE, **headers)

    def sizes(self, prefix: str) -> dict[str, int]:
        """Each object below a prefix, with its size in octets."""
        return {found["path"]: found["size"] for page in self._library.list(self._store, prefix) for found in page}

    def ours(self) -> dict[str, datetime]:
        """Each object with a fixed name of ours, and when it came."""
        listed = (found for page in self._library.list(self._store, "r/") for found in page)
        return {found["path"]: found["last_modified"] for found in listed if OURS.fullmatch(found["path"])}

    def remove(self, names: list[str]) -> int:
        """Remove objects, in this order; how many."""
        for name in names:
            self._library.delete(self._store, name)
        return len(names)


@contextmanager
def _told(url: str) -> Iterator[None]:
    """Say in one line what a store answered."""
    from obstore.exceptions import BaseError  # noqa: PLC0415

    try:
        yield
    except (BaseError, OSError, ValueError) as fault:
        said = str(fault).split("\n", 1)[0]
        raise StoreError(f"{url} could not be written: {said}") from fault


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """One at a time on this machine: a slow one must not put back an index that a quick one replaced."""
    with (folder.parent / "stores.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            raise StoreError("Another `flask publish --to` is at work on this machine; run it again when that has ended.") from fault
        yield
