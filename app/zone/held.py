"""The highest release that the zone was at, noted beside it: a zone that is lost must not come back with an older one."""

from app.keys import replace
from app.zone.naming import Mark, mark_of, soa
from app.zone.telling import FILE_MODE, made_folder
from config import Settings

FILE = ".held"


def held(settings: Settings) -> Mark | None:
    """What was noted; None before the first release, and for a zone of another name."""
    file = settings.dns_folder / FILE
    return mark_of(settings, file.read_text().strip()) if file.exists() else None


def note(settings: Settings, mark: Mark) -> None:
    """Note that the zone is at this release."""
    if held(settings) != mark:
        made_folder(settings)
        replace(settings.dns_folder / FILE, soa(settings, mark), mode=FILE_MODE)
