"""The highest release that the zone was at, noted beside it: a zone that is lost must not come back with an older one."""

import os
import stat

from app.keys import replace
from app.zone.naming import Mark, mark_of, soa
from app.zone.telling import FILE_MODE, made_folder
from config import Settings

FILE = ".held"
MOST_OCTETS = 4_096


def held(settings: Settings) -> Mark | None:
    """What was noted; None before the first release, and for a zone of another name."""
    try:
        # The name server's group may write there: no pipe may keep the worker waiting, and no link may lead elsewhere.
        opened = os.open(settings.dns_folder / FILE, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    with os.fdopen(opened, "rb") as file:
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            raise OSError(f"{settings.dns_folder / FILE} is not a plain file. Remove it; the zone is compared anew then.")
        return mark_of(settings, file.read(MOST_OCTETS).decode(errors="replace").strip())


def note(settings: Settings, mark: Mark) -> None:
    """Note that the zone is at this release."""
    if held(settings) != mark:
        made_folder(settings)
        replace(settings.dns_folder / FILE, soa(settings, mark), mode=FILE_MODE)
