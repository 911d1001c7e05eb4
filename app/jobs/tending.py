"""Jobs of each minute and each night: what is left over is done, what comes back is brought back, what is over is let go."""

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import structlog

from app import clock, instance, sealing, uploads
from app.database import database
from app.jobs.name_server import look_at_zone, tend_zone
from app.jobs.releasing import make_release, write_release
from moderation import audit, consumers, partners, people, retention, reviewing
from moderation import queue as desk_queue
from moderation.errors import NotFound

log = structlog.get_logger(__name__)

LEFT_AFTER = timedelta(minutes=10)
"""A confirmed file that is not taken in by then is taken up without its job; both at once do no harm."""


def publish_all() -> None:
    """What each minute and each start of a worker does: publish and write what is left over, seal the record, take in files left behind."""
    bring_back()
    make_release()
    write_release()
    seal_audit()
    take_left_uploads()
    forget_requests()
    tend_queue()
    tend_zone()


def tend_by_night() -> None:
    """What each night does: let go of what is old, give cases the points of their age, and look at the whole zone."""
    let_go()
    grow_older()
    look_at_zone()


def seal_audit() -> None:
    """Seal the audit rows that no seal covers yet."""
    with database().transaction() as session:
        audit.seal(session, at=clock.now())


def let_go() -> None:
    """Destroy what is kept no longer, a batch a transaction, until nothing is overdue."""
    gone = {"": 1}
    while gone:
        with database().transaction() as session:
            gone = retention.run(session, at=clock.now())


def tend_queue() -> None:
    """Let go what is held no longer, or by who left, and take up what was parked until now; forget what claims noted."""
    left = 1
    while left:
        with database().transaction() as session:
            left = people.let_left_go(session, at=clock.now())
    with database().transaction() as session:
        desk_queue.let_lapsed_go(session, at=clock.now())
        desk_queue.take_up(session, at=clock.now())
        desk_queue.forget_notes(session, at=clock.now())


def grow_older() -> None:
    """Give waiting cases the points of their age, a batch a transaction."""
    last: int | None = 0
    while last is not None:
        with database().transaction() as session:
            last = desk_queue.grow_older(session, after=last, at=clock.now())


def bring_back() -> None:
    """Bring back the cases whose date came, and take off the list what nobody looked at again in time."""
    moved = 1
    while moved:
        with database().transaction() as session:
            moved = reviewing.bring_back(session, at=clock.now())


def take_upload(reference: str) -> None:
    """Take in the rows of a partner's file; one that is deleted meanwhile has none."""
    with suppress(NotFound):
        uploads.take_in(UUID(reference), instance.keys())


def take_left_uploads() -> None:
    """Take in files whose job failed too often or never ran: what a partner confirmed is not deleted unread."""
    with database().reading() as session:
        left = partners.left(session, before=clock.now() - LEFT_AFTER)
    for reference in left:
        try:
            take_upload(str(reference))
        except sealing.CannotOpen:
            log.error("upload opens with none of the desk's keys", reference=str(reference))


def forget_requests() -> None:
    """Delete the keys of requests that may not come again any more, and files whose time is over."""
    with database().transaction() as session:
        partners.forget_old(session, at=clock.now())
        partners.delete_old(session, at=clock.now())
        consumers.forget_old(session, at=clock.now())
        consumers.forget_old_applications(session, at=clock.now())
