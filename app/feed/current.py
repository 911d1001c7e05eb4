"""The current release, as the feed serves it: found by one look at the pointer, its index read once. Writes nothing."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.release import index
from app.release.shelf import Shelf

JSON = "application/json"
GZIP = "application/gzip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Representation:
    """One file of a release as it goes over the wire. `packed` is set where it stands in for another file (Content-Encoding)."""

    path: Path
    media_type: str
    etag: str
    packed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentRelease:
    """Everything that an answer needs of a release, so that no request mixes two of them."""

    serial: str
    published_at: datetime
    valid_until: str
    plain: dict[str, Representation]
    packed: dict[str, Representation]


class Reader:
    """Hands out the current release; keeps the one it handed out last."""

    def __init__(self, data: Path) -> None:
        self._shelf = Shelf(data)
        self._last: tuple[int, CurrentRelease] | None = None

    def current(self) -> CurrentRelease | None:
        """The current release; None before the first one, and while a damaged one is being written again.

        The pointer is read at each call and the release's files never change, so there is nothing to expire.
        """
        number = self._shelf.current()
        if number is None:
            return None
        last = self._last
        if last is None or last[0] != number:
            try:
                last = self._last = (number, _read(self._shelf.folder(number)))
            except FileNotFoundError:
                return None
        return last[1]


def _read(folder: Path) -> CurrentRelease:
    found = index.read(folder)
    own = folder / index.FILE_NAME
    plain = {"": Representation(path=own, media_type=JSON, etag=hashlib.sha256(own.read_bytes()).hexdigest())}
    packed = {}
    for form in found.formats:
        path = folder / form.gzip.file
        plain[form.file] = Representation(path=folder / form.file, media_type=form.media_type, etag=form.sha256)
        plain[form.gzip.file] = Representation(path=path, media_type=GZIP, etag=form.gzip.sha256)
        packed[form.file] = Representation(path=path, media_type=form.media_type, etag=form.gzip.sha256, packed=True)
    return CurrentRelease(
        serial=str(found.serial),
        published_at=datetime.fromisoformat(found.published_at),
        valid_until=found.valid_until,
        plain=plain,
        packed=packed,
    )
