"""The job queue's tasks, each a line or two that calls a verb. Every task may run twice; none decides anything."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from uuid import UUID

import structlog
from flask import Flask
from procrastinate import App, PsycopgConnector, RetryStrategy
from sqlalchemy.orm import Session

from app import clock, instance, release, sealing, uploads, webhooks, zone
from app.database import database
from app.due import ELSEWHERE, task_name
from moderation import audit, consumers, partners, people, publishing, retention, reviewing
from moderation import queue as desk_queue
from moderation.errors import NotFound
from moderation.vocabulary import Due

log = structlog.get_logger(__name__)

STALLED_SECONDS = 30
"""A job whose worker gave no sign of life for this long runs again."""

LEFT_AFTER = timedelta(minutes=10)
"""A confirmed file that is not taken in by then is taken up without its job; both at once do no harm."""

CONCURRENCY = 2
DELIVERIES_AT_ONCE = 3
"""Messages to networks on their way at once; they wait for machines of others, in a worker of their own."""

SHUTDOWN_SECONDS = 3
"""How long running jobs may finish when the worker is told to stop; they are all safe to cut."""

POLL_SECONDS = 2.0
"""Should a notification be lost, a job is found this late."""

EACH_NIGHT = "23 2 * * *"
"""When what is kept no longer goes (UTC); a start of the worker makes up for a night that was missed."""

FEED = Due("zone")

OVERTAKEN_MOST = 2
"""Once for a zone that was changed by hand, and once for the updates that mend it; more is for the next minute."""

RETRY = RetryStrategy(max_attempts=5, exponential_wait=2)


def make_release() -> None:
    """Turn what changed into the next release, and show the change at once; the formats are asked for in the same transaction."""
    with database().transaction() as session:
        number = publishing.release(session, list_name=instance.settings().list_name, at=clock.now())
        alarms = publishing.alarms(session, at=clock.now()) if number is not None else ()
        _ask_for_zone(session)
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
        shown = release.current_number(instance.settings())
        if unwritten is not None and shown is not None and shown >= unwritten.number:
            publishing.mark_written(session, unwritten.number, at=clock.now())
            _ask_for_zone(session)
    webhooks.spread()


def _ask_for_zone(session: Session) -> None:
    """The name server follows: what changed as soon as it is known; the whole zone, where that is needed, once it is on the disk."""
    if instance.settings().dns_primary:
        session.info.setdefault("due", []).extend((publishing.TRANSFER_KEYS, FEED))


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


def take_keys() -> None:
    """Have the name server take the living transfer keys, and let go of the others. Where it is away, the next minute tells it again."""
    with _told():
        zone.take_keys(database(), instance.settings(), instance.keys())


def feed_zone() -> None:
    """Bring the newest release to the name server. Nothing waits for it: where it is away, the next minute tries again."""
    if not instance.settings().dns_primary:
        return
    show_changes()
    with _told():
        fed = _feed()
        if fed.step in (zone.Step.UPDATED, zone.Step.RESTORED):
            log.info("zone fed", step=fed.step.value, before=fed.before, serial=fed.serial)


def restore_zone() -> zone.Fed:
    """Put the whole zone at the name server, whatever is there.

    Raises:
        zone.Trouble
    """
    return _feed(distrust=True)


def _feed(*, distrust: bool = False) -> zone.Fed:
    fed = zone.feed(database(), instance.settings(), distrust=distrust)
    for _ in range(OVERTAKEN_MOST):
        if fed.step is zone.Step.OVERTAKE:
            log.warning("releases without a change, for the zone", above=fed.serial)
            overtake(fed.serial or 0)
            write_release()
            fed = zone.feed(database(), instance.settings(), distrust=distrust)
    return fed


def overtake(number: int) -> None:
    """Make releases without a change until their number is higher than this: networks take no zone with a lower serial."""
    made: int | None = 0
    while made is not None and made <= number:
        with database().transaction() as session:
            made = publishing.release(session, list_name=instance.settings().list_name, at=clock.now(), anyway=True)


def tend_zone() -> None:
    """Have the name server looked after by jobs of their own: no release and no start of a worker waits for it."""
    with database().transaction() as session:
        _ask_for_zone(session)


def look_at_zone() -> None:
    """Read the whole zone back, and put it right where it is not what was released."""
    if not instance.settings().dns_primary:
        return
    with _told():
        _, wrong = zone.content(instance.settings())
        for trouble in wrong:
            log.warning("zone differs", what=trouble.what)
        if wrong:
            log.warning("zone restored", serial=restore_zone().serial)


@contextmanager
def _told() -> Iterator[None]:
    """Say what is wrong with the name server, and go on: `flask doctor` says it too."""
    try:
        yield
    except zone.Trouble as trouble:
        log.warning("name server", what=trouble.what, todo=trouble.todo)
    except Exception:
        log.exception("name server")


TASKS: dict[str, Callable[[], None]] = {"release": make_release, "write": write_release, "zone": feed_zone, "transfer_keys": take_keys}
TASKS_ABOUT_ONE: dict[str, Callable[[str], None]] = {"upload": take_upload, "deliver": webhooks.deliver}


def queue(app: Flask) -> App:
    """The queue as a worker runs it, with every task registered."""
    url = database().url.replace("postgresql+psycopg://", "postgresql://", 1)
    tasks = App(connector=PsycopgConnector(conninfo=url, min_size=1, max_size=4))
    for kind, job in TASKS.items():
        tasks.task(name=task_name(kind), retry=RETRY)(_in_context(app, job))
    for kind, one in TASKS_ABOUT_ONE.items():
        tasks.task(name=task_name(kind), retry=RETRY)(_about_one(app, one))
    _periodic(tasks, app)
    return tasks


def _periodic(tasks: App, app: Flask) -> None:
    @tasks.periodic(cron="* * * * *")
    @tasks.task(name=task_name("minute"))
    def publish_what_is_left(timestamp: int) -> None:
        with app.app_context():
            publish_all()

    @tasks.periodic(cron=EACH_NIGHT)
    @tasks.task(name=task_name("retention"))
    def let_go_of_what_is_old(timestamp: int) -> None:
        with app.app_context():
            let_go()
            grow_older()
            look_at_zone()

    @tasks.periodic(cron="* * * * *")
    @tasks.task(name=task_name("stalled"))
    async def take_up_stalled(timestamp: int) -> None:
        await take_up(tasks)


async def take_up(tasks: App) -> None:
    """Put the jobs whose worker died back in the queue."""
    for job in await tasks.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        log.warning("job stalled", task=job.task_name)
        await tasks.job_manager.retry_job(job)


def work(app: Flask) -> None:
    """Work until told to stop. What was left over is published before the first job is taken."""
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    with app.app_context():
        publish_all()
        let_go()
        grow_older()
        tasks = queue(app)
    asyncio.run(_work(tasks))


async def _work(tasks: App) -> None:
    async with tasks.open_async():
        await take_up(tasks)
        delivering = asyncio.create_task(_run(tasks, ELSEWHERE, concurrency=DELIVERIES_AT_ONCE, install_signal_handlers=False))
        try:
            await _run(tasks, "default", concurrency=CONCURRENCY, install_signal_handlers=True)
        finally:
            delivering.cancel()
            with suppress(asyncio.CancelledError):
                await delivering


async def _run(tasks: App, queue_name: str, *, concurrency: int, install_signal_handlers: bool) -> None:
    await tasks.run_worker_async(
        queues=[queue_name],
        name=f"flagstone {queue_name}",
        concurrency=concurrency,
        delete_jobs="successful",
        fetch_job_polling_interval=POLL_SECONDS,
        shutdown_graceful_timeout=SHUTDOWN_SECONDS,
        install_signal_handlers=install_signal_handlers,
    )


def _in_context(app: Flask, job: Callable[[], None]) -> Callable[[str], None]:
    def run(ref: str) -> None:
        with app.app_context():
            job()

    return run


def _about_one(app: Flask, job: Callable[[str], None]) -> Callable[[str], None]:
    def run(ref: str) -> None:
        with app.app_context():
            job(ref)

    return run
