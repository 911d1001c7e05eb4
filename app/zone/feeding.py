"""Brings the newest release to the hidden primary: by an update where it can, by the whole zone where it must. One at a time.

The serial of the zone is the number of the release, and never goes back. Every update names the SOA that it changes, so
two at once do no harm, and what somebody else changed is seen. So is a zone of another life of the database.
"""

from dataclasses import dataclass
from enum import StrEnum

import dns.exception

from app.database import Database
from app.release.deltas import Deltas
from app.release.shelf import Shelf
from app.zone import comparing, control, letters, lives
from app.zone.comparing import Difference
from app.zone.configuration import zone_file
from app.zone.held import note
from app.zone.naming import Mark, mark_of, soa, soa_on_the_way, zone_name
from app.zone.primary import Primary
from app.zone.telling import FILE_MODE
from app.zone.trouble import Ahead, Away, NotTaken
from app.zone.turns import turn
from config import Settings
from moderation import policy, publishing

ZONE_LOCK = 0x466C6167_5A6F6E65
"""Advisory lock of the one who feeds the primary at a time ("FlagZone")."""

NAMES_AT_ONCE = 4_000
"""More names than ever fit into one update's 64 KiB †: two records each, of some 18 octets at least."""

CAR_OCTETS = 60_000
RECORD_OCTETS = 16
"""Room in one update of a train, and what a record takes beside its owner; names are counted as if nothing shortened them."""

CARS_MOST = 100
"""A train that is longer is no way to bring a zone †: it would need as many releases."""

RESTORED_MODE = FILE_MODE | 0o020
"""The name server may write it too: BIND keeps the zone there."""


class Step(StrEnum):
    """What came of it."""

    NOTHING = "nothing"
    UPDATED = "updated"
    RESTORED = "restored"
    BUSY = "busy"
    """Somebody else is at it, and goes on until there is nothing more."""
    WAITS = "waits"
    """The whole zone is needed, and the newest release is not on the disk yet; whoever writes it comes here again."""
    OVERTAKE = "overtake"
    """The zone was changed by hand and is not below the list: only a further release has a serial that networks take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fed:
    """What came of it, and the serial that the zone had before and has now; None where there was no zone."""

    step: Step
    before: int | None
    serial: int | None


def feed(database: Database, settings: Settings, *, distrust: bool = False) -> Fed:
    """Bring the newest release to the primary. Can be run at any time, any number of times, and killed at any point.

    `distrust` has the whole zone put there, whatever its SOA says.

    Raises:
        Away, Refused, Ahead, NotTaken: what is wrong, and what to do. The zone is as it was, or whole.
    """
    primary = Primary(settings)
    with turn(database, ZONE_LOCK) as is_ours_now:
        if not is_ours_now:
            return Fed(step=Step.BUSY, before=None, serial=None)
        first = fed = _feed(database, settings, primary, distrust=distrust)
        # Whoever came with a later release meanwhile was sent away.
        while fed.step in (Step.UPDATED, Step.RESTORED):
            fed = _feed(database, settings, primary, distrust=False)
    return first if fed.step is Step.NOTHING else fed


def _feed(database: Database, settings: Settings, primary: Primary, *, distrust: bool) -> Fed:
    found = primary.soa()
    mark = mark_of(settings, found)
    with database.reading() as session:
        newest = publishing.newest(session)
        then = publishing.numbered(session, mark.serial) if mark else None
    serial = _serial(found)
    if newest is None:
        return Fed(step=Step.NOTHING, before=serial, serial=serial)
    wanted = Mark.of(newest.number, newest.published_at)
    is_known = mark is not None and then is not None and mark.may_be(Mark.of(then.number, then.published_at))
    fed = _bring(settings, primary, found, wanted, is_trusted=is_known and not distrust)
    if fed.step in (Step.NOTHING, Step.UPDATED, Step.RESTORED):
        note(settings, wanted)
    return fed


def _bring(settings: Settings, primary: Primary, found: str | None, newest: Mark, *, is_trusted: bool) -> Fed:
    """`is_trusted`: the zone is what its SOA says, a release of this database; else it is put there whole."""
    serial = _serial(found)
    if wrong := lives.zone_trouble(settings, mark_of(settings, found), newest):
        raise wrong
    if is_trusted and found is not None and serial is not None:
        if serial == newest.serial:
            return Fed(step=Step.NOTHING, before=serial, serial=serial)
        if _update(settings, primary, found, newest):
            return Fed(step=Step.UPDATED, before=serial, serial=newest.serial)
    elif serial is not None and serial >= newest.serial:
        return _overtake(settings, serial, newest.serial)
    return _restore(settings, primary, serial, newest)


def _overtake(settings: Settings, serial: int, newest: int) -> Fed:
    on_disk = Deltas(settings.data).chain()
    if serial - newest > policy.ZONE_AHEAD_MOST or (on_disk is not None and on_disk.serial > newest):
        raise Ahead(
            f"The zone at the primary has serial {serial}, far above the newest release {newest}, and did not get it from us.",
            "Take the zone away at the primary, and let it come again (docs/zone-transfer.md); tell each network to transfer it anew.",
        )
    return Fed(step=Step.OVERTAKE, before=serial, serial=serial)


def _update(settings: Settings, primary: Primary, found: str, newest: Mark) -> bool:
    """Send what changed since the SOA that was found as one update; whether the zone has the new serial."""
    names = letters.names_between(settings, int(found.split()[2]), newest.serial)
    if names is None or len(names.gone) + len(names.come) > NAMES_AT_ONCE:
        return False
    message = primary.update(found, soa(settings, newest), gone=names.gone, come=names.come)
    try:
        message.to_wire(max_size=65_535)
    except dns.exception.TooBig:
        return False
    # NXRRSET: somebody changed it since we asked. REFUSED: it is frozen. Whatever it says, its SOA decides.
    primary.send(message)
    return primary.soa() == soa(settings, newest)


def _restore(settings: Settings, primary: Primary, serial: int | None, newest: Mark) -> Fed:
    """Put the whole zone there, and let the primary make the difference for those who take it piece by piece."""
    shelf, file = Shelf(settings.data), zone_file(settings.dns_folder)
    if shelf.current() != newest.serial:
        return Fed(step=Step.WAITS, before=serial, serial=serial)
    if wrong := lives.disk_trouble(settings, newest):
        raise wrong
    if not control.is_there(settings):
        return _by_train(settings, primary, newest)
    control.bring_file(
        settings,
        zone_name(settings),
        file,
        present=serial,
        put=lambda: letters.write_zone(settings, newest.serial, file, mode=RESTORED_MODE),
    )
    if not control.until(lambda: _has(primary, soa(settings, newest))):
        raise NotTaken(f"The primary was given release {newest.serial} as a file, and did not take it.", "Read the primary's log.")
    return Fed(step=Step.RESTORED, before=serial, serial=newest.serial)


def _has(primary: Primary, wanted: str) -> bool:
    """Whether the zone has this SOA; a primary that reads a long zone may answer nobody meanwhile."""
    try:
        return primary.soa() == wanted
    except Away:
        return False


def _by_train(settings: Settings, primary: Primary, newest: Mark) -> Fed:
    """Mend the zone by several updates, where no program can give the primary a file. What has to go goes first.

    Each needs a serial of its own, and only the last one is the list's: so there must be as many releases between.
    """
    found = primary.soa()
    serial = _serial(found)
    by_hand = NotTaken(
        f"The zone at the primary can't be brought to release {newest.serial} by updates.",
        "Bring it the output of flask dns zone as its zone file, and reload the zone there; or set FLAGSTONE_DNS_CONTROL.",
    )
    if found is None or serial is None:
        raise by_hand
    cars = _cars(comparing.difference(settings, primary, newest.serial))
    if len(cars) > CARS_MOST:
        raise by_hand
    if serial + len(cars) > newest.serial:
        return Fed(step=Step.OVERTAKE, before=serial, serial=serial + len(cars) - 1)
    old = found
    for number, (gone, come) in enumerate(cars, newest.serial - len(cars) + 1):
        new = soa(settings, newest) if number == newest.serial else soa_on_the_way(settings, number)
        if primary.send(primary.mend(old, new, gone=gone, come=come)) != "NOERROR":
            raise NotTaken("The primary refused an update.", "Somebody else changes the zone there. It is tried again in a minute.")
        old = new
    return Fed(step=Step.RESTORED, before=serial, serial=newest.serial)


def _cars(found: Difference) -> list[tuple[list[tuple[str, str]], list[str]]]:
    """What each update takes away and puts in, so that none of them is longer than an update may be; at least one."""
    cars: list[tuple[list[tuple[str, str]], list[str]]] = [([], [])]
    room = CAR_OCTETS
    records: list[tuple[str, str | None]] = [*found.surplus, *((owner, None) for owner in found.missing)]
    for owner, kind in records:
        room -= len(owner) + RECORD_OCTETS
        if room < 0:
            cars.append(([], []))
            room = CAR_OCTETS - len(owner) - RECORD_OCTETS
        gone, come = cars[-1]
        if kind is None:
            come.append(owner)
        else:
            gone.append((owner, kind))
    return cars


def _serial(found: str | None) -> int | None:
    return int(found.split()[2]) if found else None
