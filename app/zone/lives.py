"""Whether the database was set back behind what the zone was at: what networks carry then, they would keep."""

from app.release.shelf import Shelf
from app.zone import letters
from app.zone.held import held
from app.zone.naming import Mark
from app.zone.trouble import Ahead
from config import Settings


def zone_trouble(settings: Settings, zone: Mark | None, newest: Mark) -> Ahead | None:
    """What is wrong where the zone is at `zone`; where it is lost, or changed by somebody else, what it was at counts.

    Nothing is wrong where that is behind: the next serial is a higher one, and the primary makes the difference itself.
    """
    was = zone or held(settings)
    if was is None or was.serial < newest.serial or was.may_be(newest):
        return None
    if was.serial > newest.serial:
        what = f"The zone was brought to release {was.serial}, and the newest release is {newest.serial}: an older database came back."
        return Ahead(what, f"Restore a younger backup, or {_pass(was)}: networks take no lower serial.")
    what = f"The zone was brought to release {was.serial}, and the database has another release of that number: it was set back."
    return Ahead(what, f"To bring networks what the database says, {_pass(was)}.")


def disk_trouble(settings: Settings, newest: Mark) -> Ahead | None:
    """What is wrong where the release on the disk, of which the zone would be made, is another of that number."""
    if Shelf(settings.data).current() != newest.serial or letters.mark_on_disk(settings, newest.serial).may_be(newest):
        return None
    what = f"The disk has another release {newest.serial} than the database: that was set back."
    return Ahead(what, f"To bring networks what the database says, {_pass(newest)}.")


def _pass(mark: Mark) -> str:
    return f"run flask publish --above {mark.serial}"
