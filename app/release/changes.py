"""Brings what each release changed to the disk, before the formats and under a lock of its own. The work grows with the change."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.database import Database
from app.release import index
from app.release.deltas import Chain, Deltas, rules_of
from app.release.newest import DiskAheadError, header_of, one_writer
from app.release.shelf import Shelf
from config import Settings
from moderation import formats, policy, publishing
from moderation.publishing import ReleaseSeen

CHANGES_LOCK = 0x466C6167_43686E67
"""Advisory lock of the one who writes changes at a time ("FlagChng")."""


def write_changes(database: Database, settings: Settings, at: datetime) -> int | None:
    """Write the changes of every release that has none on disk yet; returns the serial they reach, None before the first release.

    It can be run at any time and any number of times, and killed at any point.

    Raises:
        DiskAheadError: the disk has changes of a higher release than the database, or of another one of that number.
    """
    deltas = Deltas(settings.data)
    # One view of the database, from the newest number to the last change.
    with one_writer(database, CHANGES_LOCK), database.snapshot() as connection, Session(connection) as session:
        newest = publishing.newest(session)
        if newest is None:
            return None
        chain = deltas.chain()
        if chain is not None and chain.serial > newest.number:
            raise DiskAheadError(
                f"Changes up to release {chain.serial} are on the disk, but the newest in the database is {newest.number}:"
                f" nothing is written until the database has passed {chain.serial}."
            )
        if chain is not None and chain.serial == newest.number and chain.made_at != newest.published_at.isoformat():
            raise DiskAheadError(
                f"The changes of release {newest.number} on the disk are of another release than the database's: the database was set back,"
                f" and came to that number another way. Consumers that have {newest.number} would go on from the old list, so nothing is"
                f" written until the database has passed {newest.number}."
            )
        releases = publishing.from_number(session, chain.serial) if chain else ()
        if chain is None or not _goes_on(chain, releases, rules_of(settings.list_name), at=at):
            deltas.write(header_of(newest, settings))
            deltas.reach(_beginning_at(newest, rules_of(settings.list_name)))
            return newest.number
        for release in releases[1:]:
            deltas.write(header_of(release, settings), publishing.changes(session, release.number))
        oldest = max(chain.oldest, publishing.newest_before(session, at - policy.CHANGES_KEPT))
        reached = replace(chain, oldest=oldest, serial=newest.number, made_at=newest.published_at.isoformat())
        if reached != chain:
            deltas.reach(reached)
        return newest.number


def is_of_this_life(settings: Settings, newest: ReleaseSeen) -> bool:
    """Whether what the disk has of the newest release's number, files and changes, is that release: a database may have been set back."""
    shelf, chain = Shelf(settings.data), Deltas(settings.data).chain()
    if chain is not None and chain.serial == newest.number and chain.made_at != newest.published_at.isoformat():
        return False
    folder = shelf.folder(newest.number)
    is_shown = shelf.current() == newest.number and index.is_whole(folder)
    return not is_shown or index.read(folder).published_at == formats.moment(newest.published_at)


def _goes_on(chain: Chain, releases: tuple[ReleaseSeen, ...], rules: str, *, at: datetime) -> bool:
    """Whether the next changes may follow those on the disk.

    Not where the rules of the formats changed with the next release, where the database was set back and came another way past
    the chain's end, or where that end is older than what is kept.
    """
    if not releases or releases[0].published_at.isoformat() != chain.made_at:
        return False
    has_more = len(releases) > 1
    return not has_more or (chain.rules == rules and releases[0].published_at > at - policy.CHANGES_KEPT)


def _beginning_at(newest: ReleaseSeen, rules: str) -> Chain:
    return Chain(oldest=newest.number, serial=newest.number, made_at=newest.published_at.isoformat(), rules=rules)
