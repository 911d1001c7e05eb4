"""What is wrong with this instance, and what to do: one check a function, each reads only. Mends nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app import instance, release, schema, zone
from app.release.deltas import Deltas
from config import Settings
from moderation import facts, publishing
from moderation.vocabulary import HeldBecause

LATE = timedelta(minutes=5)
"""A job or a written release that is later than this needs a person: the minute's job has had five turns."""

HELD_NAMED = 10
"""Held entries that are named one by one; the desk shows them all."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is wrong, and what to do about it."""

    what: str
    todo: str


Check = Callable[[Session, Settings, datetime], Iterator[Trouble]]


def examine(session: Session, settings: Settings, at: datetime) -> Iterator[Trouble]:
    """Everything that is wrong. Where the database does not answer, or is not of this version, nothing else can be asked."""
    try:
        if not schema.is_current(session.connection()):
            yield Trouble("The database has not the newest schema.", "Run flask db upgrade.")
            return
        for check in CHECKS:
            yield from check(session, settings, at)
    except SQLAlchemyError as fault:
        yield Trouble(f"The database does not answer as it should ({type(fault).__name__}).", "Start it, or look at DATABASE_URL.")


def known_hosts(session: Session, settings: Settings, at: datetime) -> Iterator[Trouble]:
    """The lists that the safeguards look into."""
    if not facts.lists_are_loaded(session):
        yield Trouble("The lists of known hosts are missing, so every whole name is refused.", "Run flask hosts load.")


def disk_ahead(session: Session, settings: Settings, at: datetime) -> Iterator[Trouble]:
    """A database that was set back behind what consumers carry."""
    newest, chain = publishing.newest(session), Deltas(settings.data).chain()
    on_disk = max(release.current_number(settings) or 0, chain.serial if chain else 0)
    if on_disk > (newest.number if newest else 0):
        yield Trouble(
            f"Release {on_disk} is on the disk, but the newest in the database is {newest.number if newest else 0}.",
            f"Restore a younger backup, or run flask publish --above {on_disk}; until then nothing is written.",
        )
    elif newest is not None and not release.is_of_this_life(settings, newest):
        yield Trouble(
            f"Release {newest.number} on the disk is another than the database's: the database was set back.",
            f"Run flask publish --above {newest.number}; until then nothing is written.",
        )


def stale_release(session: Session, settings: Settings, at: datetime) -> Iterator[Trouble]:
    """A list that networks should not enforce any more, or soon will not."""
    newest = publishing.newest(session)
    if newest is None:
        yield Trouble("There is no release yet.", "Run flask publish, or start a worker.")
    elif newest.valid_until <= at:
        yield Trouble(f"The newest release, {newest.number}, is stale since {newest.valid_until:%Y-%m-%d %H:%M} UTC.", "Start a worker.")


def unwritten_release(session: Session, settings: Settings, at: datetime) -> Iterator[Trouble]:
    """A release that is not on the disk, or whose changes are not."""
    newest = publishing.newest(session)
    if newest is None or newest.published_at > at - LATE:
        return
    if newest.number > (release.settled_number(settings) or 0):
        yield Trouble(f"Release {newest.number} is not on the disk.", "Start a worker, and read its log; flask publish writes it at once.")
    chain = Deltas(settings.data).chain()
    if newest.number > (chain.serial if chain else 0):
        yield Trouble(f"The changes of release {newest.number} are not on the disk.", "Read the worker's log; flask publish writes them.")


def overdue_jobs(session: Session, settings: Settings, at: datetime) -> Iterator[Trouble]:
    """Jobs that nobody runs, and jobs that were given up."""
    late = text(
        "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND coalesce(scheduled_at, :since) <= :since AND id IN ("
        "SELECT job_id FROM procrastinate_events WHERE type = 'deferred' AND at <= :since)"
    )
    waiting = session.scalar(late, {"since": at - LATE}) or 0
    if waiting:
        yield Trouble(f"{waiting} jobs wait longer than {LATE // timedelta(minutes=1)} minutes.", "Start a worker (flask worker).")
    failed = session.scalar(text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")) or 0
    if failed:
        yield Trouble(f"{failed} jobs failed for good.", "Read the worker's log. The minute's job makes up for what they were to do.")


def no_worker(session: Session, settings: Settings, at: datetime) -> Iterator[Trouble]:
    """No worker that gives a sign of life."""
    alive = text("SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > :since")
    if not session.scalar(alive, {"since": at - LATE}):
        yield Trouble("No worker is running, so nothing is released.", "Start one: flask worker, or make run.")


def alarms(session: Session, settings: Settings, at: datetime) -> Iterator[Trouble]:
    """Entries that are held back, a list that shrank or is empty."""
    for sentence, numbers in publishing.alarms(session, at=at):
        yield Trouble(sentence % numbers, "Look at “Held back” on the desk (/desk/held), as a senior or an administrator.")
    for one in publishing.held(session, at=at, limit=HELD_NAMED):
        why = one.reason % one.numbers
        may_go = one.because is HeldBecause.GROWTH
        todo = "Two people let it go at the desk, or one delists it." if may_go else "It may never go out: delist it, or list less of it."
        yield Trouble(f"Held back since {one.held_at:%Y-%m-%d %H:%M} UTC: {one.scope} {one.target}: {why}", todo)


def name_server(session: Session, settings: Settings, at: datetime) -> Iterator[Trouble]:
    """The hidden primary, where there is one. It is asked one question; `flask dns check` asks all of them."""
    if not settings.dns_primary:
        return
    for trouble in (
        *zone.glance(settings, publishing.newest(session), at=at),
        *zone.keys_untaken(session, settings, instance.keys()),
    ):
        yield Trouble(trouble.what, trouble.todo)


CHECKS: tuple[Check, ...] = (known_hosts, disk_ahead, stale_release, unwritten_release, overdue_jobs, no_worker, alarms, name_server)
