"""Writes releases to disk and finds them there. Decides nothing about what is on the list."""

import shutil
from typing import BinaryIO

from app.release.changes import is_of_this_life, write_changes
from app.release.newest import WrittenRelease, write_newest
from app.release.object_store import StoreError
from app.release.shelf import Shelf
from app.release.stores import Stored, store_current
from config import Settings
from moderation import formats
from moderation.errors import NotFound
from moderation.vocabulary import N_

__all__ = [
    "StoreError",
    "Stored",
    "WrittenRelease",
    "current_number",
    "export",
    "is_of_this_life",
    "settled_number",
    "store_current",
    "write_changes",
    "write_newest",
]


def current_number(settings: Settings) -> int | None:
    """The number of the release that is served now; None before the first."""
    return Shelf(settings.data).current()


def settled_number(settings: Settings) -> int | None:
    """The number of the newest release that is on the disk; the one that is served may be some seconds ahead of it."""
    return Shelf(settings.data).settled()


def export(settings: Settings, file_name: str, stream: BinaryIO) -> None:
    """Copy one format's file of the current release to `stream`.

    Raises:
        NotFound: no such format, or no release yet.
    """
    if file_name not in {form.FILE_NAME for form in formats.installed()}:
        raise NotFound(N_("There is no format of this name."))
    shelf = Shelf(settings.data)
    number = shelf.current()
    if number is None:
        raise NotFound(N_("No release has been written yet; `flask publish` makes one."))
    with (shelf.folder(number) / file_name).open("rb") as file:
        shutil.copyfileobj(file, stream)
