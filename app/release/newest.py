"""Brings the newest release of the database to the disk, one writer at a time. Decides nothing about what is in it."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.database import Database
from app.release import index, shards
from app.release.assembly import Assembly, write_release
from app.release.finishing import HelpLostError
from app.release.joining import DamagedError
from app.release.renewing import Before, List, Renewal
from app.release.shelf import Shelf
from config import Settings
from moderation import formats, policy, publishing
from moderation.publishing import ReleaseSeen, Stored
from moderation.vocabulary import Entry, Header

log = structlog.get_logger(__name__)

WRITER_LOCK = 0x466C6167_57726974
"""Advisory lock of the one writer at a time ("FlagWrit")."""

WAIT = "5min"
"""How long a writer waits for another before it gives up aloud; its job is run again."""

LICENCE = "For licensed consumers of this list only; not to be passed on or published."


class DiskAheadError(Exception):
    """The database was set back behind what consumers already carry, or two databases share one folder. A person must look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenRelease:
    """A release that is now the current one. `left_out` counts what its report names."""

    number: int
    folder: Path
    left_out: int


def write_newest(database: Database, settings: Settings, at: datetime) -> WrittenRelease | None:
    """Write the newest release and make it the current one; None where that is done already.

    Programs of this machine get it as soon as it is written, and this returns when it is on the disk. It can be run at any time and any
    number of times. Killed at any point, or by a loss of power, it leaves no half release in sight, and the next run clears up.

    Raises:
        DiskAheadError: the disk has a higher release than the database.
        OSError: the disk did not take it.
    """
    shelf = Shelf(settings.data, settle_first=settings.settle_first)
    with one_writer(database, WRITER_LOCK):
        shelf.clear_leftovers()
        # A writer that was killed may have shown one that the disk has not yet.
        shelf.settle(shelf.current() or 0)
        written = _write(database, settings, shelf)
        if written is not None:
            shelf.settle(written.number)
        shelf.keep(policy.RELEASES_KEPT_FOR, policy.RELEASES_KEPT_OCTETS, at=at)
    return written


def header_of(release: ReleaseSeen, settings: Settings) -> Header:
    """What stands at the head of every format of this release."""
    return Header(
        title=f"{settings.list_name}, the list of {settings.operator}",
        list_name=settings.list_name,
        homepage=settings.base_url,
        contact=settings.contact,
        licence=LICENCE,
        serial=release.number,
        published_at=release.published_at,
        valid_until=release.valid_until,
    )


def bring_out(
    shelf: Shelf, header: Header, entries: Iterable[Entry | Stored], *, seal: bytes | None = None, about: int = 0
) -> WrittenRelease:
    """Write this release whole, unless it is there already, show it, and wait until it is on the disk."""
    written = _show_whole(shelf, header, entries, seal=seal, about=about)
    shelf.settle(written.number)
    return written


def _show_whole(shelf: Shelf, header: Header, entries: Iterable[Entry | Stored], *, seal: bytes | None, about: int) -> WrittenRelease:
    return _show(shelf, header, lambda folder: write_release(folder, header, entries, formats.installed(), seal=seal, about=about))


def _show(shelf: Shelf, header: Header, write: Callable[[Path], object]) -> WrittenRelease:
    number = header.serial
    is_there = number <= (shelf.current() or 0) and index.is_whole(shelf.folder(number))
    if not is_there or not _is_of(shelf, number, header.published_at):
        with shelf.workshop(number) as folder:
            write(folder)
            shelf.put(folder, number)
            shelf.show(number)
    return WrittenRelease(number=number, folder=shelf.folder(number), left_out=index.read(shelf.folder(number)).left_out)


def _write(database: Database, settings: Settings, shelf: Shelf) -> WrittenRelease | None:
    # One view of the database, from the release's number to its last entry.
    with database.snapshot() as connection, Session(connection) as session:
        release = publishing.newest(session)
        if release is None or _is_current(shelf, release):
            return None
        header = header_of(release, settings)
        try:
            renewal = _renewal(session, shelf, header)
            if renewal is not None:
                return _show(shelf, header, lambda folder: _renew(folder, header, renewal, release))
        except DamagedError as fault:
            log.warning("release written anew", why=str(fault))
        try:
            return _write_whole(session, shelf, header, release, about=release.entries)
        except HelpLostError as fault:
            # Whatever ended them or let none begin, a limit of memory say, may do so again: alone it takes longer, and the list comes out.
            log.warning("release written alone", why=str(fault))
            return _write_whole(session, shelf, header, release, about=0)


def _write_whole(session: Session, shelf: Shelf, header: Header, release: ReleaseSeen, *, about: int) -> WrittenRelease:
    return _show_whole(shelf, header, publishing.stored_between(session, None, None), seal=release.seal_digest, about=about)


def _renewal(session: Session, shelf: Shelf, header: Header) -> Renewal | None:
    """How the current release becomes the next one; None where nothing of it can be kept."""
    current = shelf.current()
    folder = shelf.folder(current or 0)
    record = shards.read(folder) if current and index.is_whole(folder) else None
    if record is None or record.rules != shards.rules(header):
        return None
    # Where the database was set back and came another way to that serial, it had another list there.
    told = publishing.from_number(session, record.serial)
    if not told or told[0].number != current or told[0].published_at.isoformat() != record.made_at:
        return None
    before = Before(folder=folder, record=record, changed=publishing.places_changed(session, record.serial, header.serial))
    now = List(
        between=lambda first, below: publishing.stored_between(session, first, below),
        above=lambda entry: publishing.names_above(session, entry, header.serial),
    )
    renewal = Renewal(before, now)
    return renewal if renewal.is_worth_it else None


def _renew(folder: Path, header: Header, renewal: Renewal, release: ReleaseSeen) -> None:
    with Assembly(folder, header, formats.installed()) as assembly:
        renewal.put_into(assembly)
        if assembly.entries != release.entries:
            raise DamagedError(f"{assembly.entries} entries came together, and the release has {release.entries}.")
        assembly.finish(seal=release.seal_digest)


def _is_of(shelf: Shelf, number: int, published_at: datetime) -> bool:
    """Whether the release on the disk is the one that came out at this moment, and not one of another life of the database."""
    return index.read(shelf.folder(number)).published_at == formats.moment(published_at)


def _is_current(shelf: Shelf, release: ReleaseSeen) -> bool:
    current, number = shelf.current() or 0, release.number
    if current > number:
        raise DiskAheadError(
            f"Release {current} is on the disk, but the newest in the database is {number}: the database is older than what was published."
            f" Consumers ignore a lower number, so nothing is written until the database has passed {current}."
        )
    is_there = current == number and index.is_whole(shelf.folder(number))
    if is_there and not _is_of(shelf, number, release.published_at):
        raise DiskAheadError(
            f"Release {number} on the disk is another than the database's: the database was set back, and came to that number another way."
            f" Consumers that have {number} would keep the old list, so nothing is written until the database has passed {number}."
        )
    return is_there


@contextmanager
def one_writer(database: Database, lock: int) -> Iterator[None]:
    """Hold a writers' lock. It belongs to a connection of its own, so that a killed writer lets go of it by dying."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # Out of the pool: neither the lock nor the setting may outlive this block on a connection that others get.
        connection.detach()
        connection.execute(text(f"SET lock_timeout = '{WAIT}'"))
        connection.execute(select(func.pg_advisory_lock(lock)))
        yield
