"""Jobs that bring out the list: make a release, show what changed, write it to the disk, and ask that others be told."""

import structlog
from sqlalchemy.orm import Session

from app import clock, instance, release, webhooks
from app.database import database
from moderation import due, publishing
from moderation.vocabulary import Due

log = structlog.get_logger(__name__)

FEED = Due("zone")


def make_release() -> None:
    """Turn what changed into the next release, and show the change at once; the formats are asked for in the same transaction."""
    with database().transaction() as session:
        number = publishing.release(session, list_name=instance.settings().list_name, at=clock.now())
        alarms = publishing.alarms(session, at=clock.now()) if number is not None else ()
        ask_for_zone(session)
    for sentence, numbers in alarms:
        log.warning("release needs a person", what=sentence % numbers, release=number)
    if number is not None:
        show_changes()


def show_changes() -> None:
    """Bring what changed to the disk. A fault in it is told and holds nothing up: the formats carry the removals too."""
    try:
        release.write_changes(database(), instance.settings(), clock.now())
    except Exception:
        log.exception("changes not written")


def write_release() -> None:
    """Bring the newest release to the disk, its changes first, and note that it is there."""
    show_changes()
    release.write_newest(database(), instance.settings(), clock.now())
    with database().transaction() as session:
        unwritten = publishing.newest_unwritten(session)
        settled = release.settled_number(instance.settings())
        if unwritten is not None and settled is not None and settled >= unwritten.number:
            publishing.mark_written(session, unwritten.number, at=clock.now())
            ask_for_zone(session)
    webhooks.spread()


def ask_for_zone(session: Session) -> None:
    """The name server follows: what changed as soon as it is known; the whole zone, where that is needed, once it is on the disk."""
    if instance.settings().dns_primary:
        due.require(session, due.TRANSFER_KEYS, FEED)


def overtake(number: int) -> None:
    """Make releases without a change until their number is higher than this: networks take no zone with a lower serial."""
    made: int | None = 0
    while made is not None and made <= number:
        with database().transaction() as session:
            made = publishing.release(session, list_name=instance.settings().list_name, at=clock.now(), anyway=True)
