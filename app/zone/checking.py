"""Compares the zone at the hidden primary with the release: what is wrong, and what to do. Changes nothing."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app import sealing
from app.keys import Keys
from app.zone import comparing, control, letters, lives, telling
from app.zone.comparing import Difference
from app.zone.naming import Mark, mark_of, zone_name
from app.zone.primary import Primary
from app.zone.trouble import Trouble
from config import Settings
from moderation import publishing
from moderation.publishing import ReleaseSeen

LATE = timedelta(minutes=5)
"""A release that is not at the primary by then †: the minute's job has had five turns."""
NAMED = 5
"""Records that are named one by one."""

REPAIR = "Run flask dns repair, or leave it to the worker, which looks each night."


def glance(settings: Settings, newest: ReleaseSeen | None, *, at: datetime) -> Iterator[Trouble]:
    """What one question to the primary tells."""
    try:
        found = Primary(settings).soa()
    except Trouble as trouble:
        yield trouble
        return
    if newest is None:
        return
    mark, wanted = mark_of(settings, found), Mark.of(newest.number, newest.published_at)
    if wrong := lives.zone_trouble(settings, mark, wanted):
        yield wrong
    elif found is None:
        yield Trouble(f"The primary has no zone {zone_name(settings)}.", "Start a worker: it puts the zone there; or read its log.")
    elif mark is None:
        yield Trouble(f"Somebody else changed the zone at the primary; its serial is {found.split()[2]}.", REPAIR)
    elif mark.serial != newest.number and newest.published_at <= at - LATE:
        yield Trouble(
            f"The zone at the primary is at release {mark.serial}, and the newest is {newest.number}.",
            "Start a worker, and read its log; flask dns repair brings it there at once.",
        )


def keys_untaken(session: Session, settings: Settings, keys: Keys) -> Iterator[Trouble]:
    """Whether the primary was given the living keys."""
    wanted = telling.wanted_text(session, settings, keys)
    if telling.taken(settings) == telling.digest(wanted):
        return
    if control.is_there(settings):
        yield Trouble(
            "The primary has not taken the living transfer keys yet.", "Start a worker, and read its log; or run flask dns configure."
        )
    else:
        yield Trouble(
            "Transfer keys changed, and nobody told the primary.",
            f"Bring {telling.put(settings, wanted)} to the primary, reload its configuration, and run flask dns configure --taken.",
        )


def unknown_keys(session: Session, settings: Settings, keys: Keys) -> Iterator[Trouble]:
    """Whether each living key opens the primary, tried as its consumer would; and whether none is needed."""
    for key in publishing.living_transfer_keys(session):
        try:
            secret = sealing.open_at_desk(key.wrapped, keys).decode()
            Primary(settings, key=(key.name, secret, key.algorithm)).soa()
        except sealing.CannotOpen:
            yield Trouble(f"The secret of {key.name} opens with none of the desk's keys here.", "Revoke it, and give its network another.")
        except Trouble as trouble:
            yield trouble
    if Primary(settings).gives_to_anybody():
        yield Trouble(
            "The primary gives the whole zone to anybody, without a key.",
            "Look for allow-transfer or acl in its configuration beside what flask dns configure names.",
        )


def content(settings: Settings) -> tuple[int, tuple[Trouble, ...]]:
    """Every record of the zone, read as a consumer reads it, against the release on the disk; how many names were compared.

    Raises:
        Trouble: the zone can't be read.
    """
    primary = Primary(settings)
    mark = mark_of(settings, primary.soa())
    try:
        if mark is None or not letters.mark_on_disk(settings, mark.serial).may_be(mark):
            return 0, ()
        found = comparing.difference(settings, primary, mark.serial)
    except FileNotFoundError:
        # Between two releases, or long behind: a glance tells.
        return 0, ()
    return found.compared, tuple(_told(found))


def _told(found: Difference) -> Iterator[Trouble]:
    surplus = [owner for owner, _ in found.surplus]
    told = ((found.missing, "are missing in the zone at the primary"), (surplus, "are in the zone at the primary, and not on the list"))
    for owners, words in told:
        if owners:
            named = ", ".join(owners[:NAMED]) + (", …" if len(owners) > NAMED else "")
            yield Trouble(f"{len(owners)} names {words}: {named}.", REPAIR)
