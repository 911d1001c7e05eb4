"""The releases on disk, as the feed serves them: found by one look, their index read once. Writes nothing."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.release import index
from app.release.index import FormatFile
from app.release.packing import CODINGS, Packed
from app.release.shelf import Shelf

JSON = "application/json"
KEPT_IN_MIND = 8
"""Releases whose index stays in memory, in each process: the current one, and those that broken downloads go on with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Representation:
    """One file of a release as it goes over the wire. `etag` is its SHA-256; `coding` is set where it stands in for another file."""

    path: Path
    media_type: str
    etag: str
    size: int
    coding: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What one name leads to: a file, and what may stand in for it by Content-Encoding."""

    plain: Representation
    packed: tuple[Representation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseServed:
    """Everything that an answer needs of a release, so that no request mixes two of them. The index is served by no name ("")."""

    serial: str
    published_at: datetime
    valid_until: str
    files: dict[str, Served]


class Reader:
    """Hands out releases; keeps those that it handed out last."""

    def __init__(self, data: Path) -> None:
        self._shelf = Shelf(data)
        self._seen: OrderedDict[tuple[int, int, int], ReleaseServed] = OrderedDict()

    def current(self) -> ReleaseServed | None:
        """The current release; None before the first one, and while a damaged one is being written again.

        The pointer is read at each call and a release's files never change, so there is nothing to expire.
        """
        number = self._shelf.current()
        return None if number is None else self._release(number)

    def kept(self, number: int) -> ReleaseServed | None:
        """A release that is or was the current one; None where it is kept no longer, or never was."""
        return self._release(number) if number <= (self._shelf.current() or 0) else None

    def _release(self, number: int) -> ReleaseServed | None:
        folder = self._shelf.folder(number)
        try:
            # A release that was damaged is written again under its number, as another folder, which may have its inode.
            there = folder.stat()
            place = (number, there.st_ino, there.st_mtime_ns)
            if place not in self._seen:
                self._seen[place] = _read(folder)
        except FileNotFoundError:
            return None
        while len(self._seen) > KEPT_IN_MIND:
            self._seen.popitem(last=False)
        return self._seen[place]


def _read(folder: Path) -> ReleaseServed:
    found = index.read(folder)
    files = {"": _the_index(folder / index.FILE_NAME)}
    for form in found.formats:
        files[form.file] = _format(folder, form)
        files |= {copy.file: Served(plain=_copy(folder, copy, CODINGS[coding].media_type)) for coding, copy in form.packed.items()}
    return ReleaseServed(
        serial=str(found.serial),
        published_at=datetime.fromisoformat(found.published_at),
        valid_until=found.valid_until,
        files=files,
    )


def _the_index(path: Path) -> Served:
    octets = path.read_bytes()
    return Served(plain=Representation(path=path, media_type=JSON, etag=hashlib.sha256(octets).hexdigest(), size=len(octets)))


def _format(folder: Path, form: FormatFile) -> Served:
    plain = Representation(path=folder / form.file, media_type=form.media_type, etag=form.sha256, size=form.size)
    return Served(plain=plain, packed=tuple(_copy(folder, copy, form.media_type, coding) for coding, copy in form.packed.items()))


def _copy(folder: Path, copy: Packed, media_type: str, coding: str | None = None) -> Representation:
    return Representation(path=folder / copy.file, media_type=media_type, etag=copy.sha256, size=copy.size, coding=coding)
