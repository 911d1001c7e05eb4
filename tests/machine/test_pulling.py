"""Pulling from a real server with three workers: what is revoked dies in each of them, and the rows that are written stay few."""

import time
import uuid

import pytest
from sqlalchemy import select, update

from app import clock, secrets_shown
from app.database import Database
from app.release.newest import write_newest
from moderation import consumers, publishing
from moderation.models import ConsumerPull, ConsumerToken
from moderation.vocabulary import SYSTEM
from tests.machine.served import served

pytestmark = pytest.mark.long

PROXIED = {"FLAGSTONE_BEHIND_PROXY": "1", "FLAGSTONE_CLIENT_HEADER": "X-Real-IP", "FLAGSTONE_WORKERS": "3"}
AT_ONCE = 64


@pytest.fixture
def database(database_url):
    made = Database(database_url)
    yield made
    made.engine.dispose()


@pytest.fixture
def site(tmp_path, database_url, database):
    with served(tmp_path / "var", database_url, logs=tmp_path, **PROXIED) as found:
        with database.transaction() as session:
            publishing.release(session, at=clock.now())
        write_newest(database, found.settings, clock.now())
        yield found


@pytest.fixture
def token(database):
    made = secrets_shown.new()
    with database.transaction() as session:
        consumers.add_consumer(
            session,
            "ISP",
            token_digest=secrets_shown.digest(made),
            reference=uuid.uuid4(),
            address_formats=("hosts.txt",),
            by=SYSTEM,
            at=clock.now(),
        )
    return made


def pulls(site, token):
    """Statuses of many pulls side by side, so that every worker answers some."""
    one = {"method": "GET", "path": "/feed/v1/hosts.txt", "headers": {"Authorization": f"Bearer {token}"}}
    return {answer.status for answer in site.at_once([one] * AT_ONCE)}


def test_a_revoked_token_is_dead_in_every_worker_a_second_later(site, token, database):
    assert pulls(site, token) == {200}
    with database.transaction() as session:
        session.execute(update(ConsumerToken).values(revoked_at=clock.now()))
    time.sleep(1)
    assert pulls(site, token) == {401}


def test_many_pulls_in_many_workers_leave_one_row_that_is_written_once(site, token, database):
    assert pulls(site, token) == {200}
    with database.reading() as session:
        (first,) = session.scalars(select(ConsumerPull)).all()
    assert pulls(site, token) == {200}
    with database.reading() as session:
        (again,) = session.scalars(select(ConsumerPull)).all()
    assert (first.pulled_at, first.serial) == (again.pulled_at, 1)


def test_the_server_writes_no_token_of_an_address_down(site, token, tmp_path):
    assert site.ask("GET", f"/feed/v1/t/{token}/hosts.txt").status == 200
    assert site.ask("GET", f"/feed/v1/t/{token}/rpz.zone").status == 404
    assert token not in (tmp_path / "server.log").read_text()
