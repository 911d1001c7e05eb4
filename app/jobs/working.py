"""The worker: the queue with every task registered, and when each of them runs. Every task may run twice; none decides anything."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

import structlog
from flask import Flask
from procrastinate import App, PsycopgConnector, RetryStrategy

from app import webhooks
from app.database import database
from app.due import ELSEWHERE, task_name
from app.jobs.name_server import feed_zone, take_keys
from app.jobs.releasing import make_release, write_release
from app.jobs.tending import grow_older, let_go, publish_all, take_upload, tend_by_night

log = structlog.get_logger(__name__)

STALLED_SECONDS = 30
"""A job whose worker gave no sign of life for this long runs again."""

CONCURRENCY = 2
DELIVERIES_AT_ONCE = 3
"""Messages to networks on their way at once; they wait for machines of others, in a worker of their own."""

SHUTDOWN_SECONDS = 3
"""How long running jobs may finish when the worker is told to stop; they are all safe to cut."""

POLL_SECONDS = 2.0
"""Should a notification be lost, a job is found this late."""

EACH_NIGHT = "23 2 * * *"
"""When what is kept no longer goes (UTC); a start of the worker makes up for a night that was missed."""

RETRY = RetryStrategy(max_attempts=5, exponential_wait=2)

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
            tend_by_night()

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
