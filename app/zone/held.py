"""The highest release that the zone was at, noted beside it: a zone that is lost must not come back with an older one."""

from app.keys import replace
from app.zone import plain_files
from app.zone.naming import Mark, mark_of, soa
from app.zone.telling import FILE_MODE, made_folder
from config import Settings

FILE = ".held"
MOST_OCTETS = 4_096


def held(settings: Settings) -> Mark | None:
    """What was noted; None before the first release, and for a zone of another name."""
    found = plain_files.read(settings.dns_folder / FILE, most=MOST_OCTETS)
    return None if found is None else mark_of(settings, found.decode(errors="replace").strip())


def note(settings: Settings, mark: Mark) -> None:
    """Note that the zone is at this release."""
    if held(settings) != mark:
        made_folder(settings)
        replace(settings.dns_folder / FILE, soa(settings, mark), mode=FILE_MODE)
