"""The worker: what a decision asks for comes out, whatever is killed in between."""

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from app import clock, jobs
from app.database import EXTENSION, Database
from app.release.deltas import Deltas
from app.release.newest import WRITER_LOCK
from config import Settings
from moderation import reviewing
from moderation.models import Release
from moderation.vocabulary import EmergencyReason, Scope
from tests import builders
from tests.release.working import end, start

PATIENCE_SECONDS = 60


def wait_until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.05)


@pytest.fixture
def start_worker(database_url: str, settings: Settings) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts workers on the test's database and folder; ends those that still run."""
    started: list[subprocess.Popen[bytes]] = []

    def start_one() -> subprocess.Popen[bytes]:
        started.append(start(database_url, settings))
        return started[-1]

    yield start_one
    for process in started:
        end(process)


def on_the_list(settings: Settings) -> set[str]:
    file = settings.data / "feed" / "current" / "domains.txt"
    return {line for line in file.read_text().splitlines() if not line.startswith("#")} if file.exists() else set()


def list_domain(database: Database, name: str) -> reviewing.Decided:
    with database.transaction() as session:
        return builders.listed(session, f"https://{name}/offer", Scope.DOMAIN, at=clock.now())


def test_a_decision_is_on_the_list_and_a_delisting_off_it_without_anyone_asking(database, settings, start_worker):
    start_worker()
    decided = list_domain(database, "jobs.test")
    wait_until(lambda: "jobs.test" in on_the_list(settings), "the listing is out")
    with database.transaction() as session:
        moderator = builders.person(session)
        reviewing.delist(session, decided.listing, "The site was handed back to its owner.", by=moderator, at=clock.now())
    wait_until(lambda: "jobs.test" not in on_the_list(settings), "the removal is out")


def carries(settings: Settings, name: str) -> set[str]:
    """The format files of the current release that name it anywhere."""
    current = settings.data / "feed" / "current"
    if not current.exists():
        return set()
    # The folder that the pointer named a moment ago: it may move while it is read.
    files = current.resolve().iterdir()
    return {file.name for file in files if file.is_file() and name.encode() in file.read_bytes()}


def test_an_emergency_delisting_is_off_every_format_within_a_minute(database, settings, start_worker):
    start_worker()
    decided = list_domain(database, "clinic.test")
    with database.transaction() as session:
        page = builders.listed(session, "https://page.test/clinic-page", at=clock.now())
    wait_until(lambda: len(carries(settings, "clinic.test")) > 3 and carries(settings, "clinic-page"), "both are in every format")
    # One person, one step each.
    with database.transaction() as session:
        by = builders.person(session)
        for one in (decided, page):
            reviewing.delist_now(session, one.listing, EmergencyReason.TOO_WIDE, "", by=by, at=clock.now())
    began = time.monotonic()
    wait_until(lambda: not carries(settings, "clinic.test") | carries(settings, "clinic-page"), "no format carries either")
    # The one bound in seconds that is promised: a listing that harms somebody is gone in a minute.
    assert time.monotonic() - began <= 60


@pytest.mark.long
def test_a_worker_killed_while_it_writes_holds_up_nothing(database, settings, start_worker):
    with database.engine.connect() as in_the_way:
        in_the_way.detach()
        in_the_way.execute(select(func.pg_advisory_lock(WRITER_LOCK)))
        first = start_worker()
        list_domain(database, "first.test")
        wait_until(lambda: waits_for_the_lock(database), "the worker is in the middle of writing")
        first.kill()
        first.wait()
    assert "first.test" not in on_the_list(settings)
    start_worker()
    list_domain(database, "second.test")
    wait_until(lambda: {"first.test", "second.test"} <= on_the_list(settings), "both are out")
    assert json.loads((settings.data / "feed" / "current" / "index.json").read_text())["serial"] == newest(database)


def waits_for_the_lock(database: Database) -> bool:
    with database.engine.connect() as connection:
        # The server is shared with other tests' databases, and so is this view.
        here = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        return bool(connection.scalar(text(f"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND {here}")))


def newest(database: Database) -> int:
    with database.reading() as session:
        return session.scalars(select(func.max(Release.number))).one()


@pytest.mark.long
def test_a_job_whose_worker_died_is_taken_up_again(database, start_worker):
    # A job that a worker took two minutes ago, and that worker has not been seen since.
    long_ago = clock.now() - timedelta(minutes=2)
    with database.transaction() as session:
        dead = session.scalar(text("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (:then) RETURNING id"), {"then": long_ago})
        job = session.scalar(
            text(
                "INSERT INTO procrastinate_jobs (task_name, args, status, worker_id, queue_name)"
                " VALUES ('flagstone.write', '{\"ref\": \"\"}', 'doing', :dead, 'default') RETURNING id"
            ),
            {"dead": dead},
        )
    start_worker()
    wait_until(lambda: not exists(database, job), "the job is done and gone")


def exists(database: Database, job: int) -> bool:
    with database.engine.connect() as connection:
        return bool(connection.scalar(text("SELECT count(*) FROM procrastinate_jobs WHERE id = :job"), {"job": job}))


@pytest.mark.long
def test_the_job_that_makes_a_release_shows_the_change_at_once(app):
    with app.app_context():
        list_domain(app.extensions[EXTENSION], "jobs.test")
        jobs.make_release()
    settings = app.extensions["settings"]
    assert (Deltas(settings.data).chain().serial, (settings.data / "feed" / "current").exists()) == (1, False)


@pytest.mark.long
def test_changes_that_can_not_be_written_hold_up_no_removal(app):
    settings = app.extensions["settings"]
    (settings.data / "feed").mkdir(parents=True)
    (settings.data / "feed" / "changes").write_text("a file where the folder should be")
    with app.app_context():
        list_domain(app.extensions[EXTENSION], "jobs.test")
        jobs.make_release()
        jobs.write_release()
    assert "jobs.test" in on_the_list(settings)
