"""A consumer's view of the feed: one application a file, releases of the test's own. Asserts nothing."""

import hashlib
from uuid import uuid4

import pytest

from app import create_app
from app.database import Database
from app.feed.current import Reader
from app.feed.views import READER
from app.release.newest import bring_out
from app.release.shelf import Shelf
from moderation.models import Consumer, ConsumerToken
from tests import builders
from tests.release.builders import header, host, page

TOKEN = "a-token-for-tests-0123456789"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
LISTED = [host("shop.example.net"), page("https://example.net/ad")]


@pytest.fixture(scope="module")
def own_database(server, template):
    """One database for this file: consumers are all that its tests keep there."""
    url = server.create(template=template)
    database = Database(url)
    add_consumer(database, TOKEN)
    yield database
    database.engine.dispose()
    server.drop(url)


@pytest.fixture(scope="module")
def whole_app(own_database, tmp_path_factory):
    made = create_app(builders.settings(tmp_path_factory.mktemp("instance")), database_url=own_database.url)
    yield made
    made.extensions["flagstone_database"].engine.dispose()


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path)


@pytest.fixture
def client(whole_app, tmp_path):
    """A client of the whole application, whose releases lie in the test's own folder."""
    whole_app.extensions[READER] = Reader(tmp_path)
    return whole_app.test_client()


@pytest.fixture
def release(shelf):
    return bring_out(shelf, header(serial=7), LISTED)


def add_consumer(database, token, *, expires_at=None, revoked_at=None, disabled_at=None):
    with database.transaction() as session:
        consumer = Consumer(
            reference=uuid4(), name=f"ISP {token}", address_formats=["rpz.zone"], created_at=builders.NOON, disabled_at=disabled_at
        )
        session.add(consumer)
        session.flush()
        digest = hashlib.sha256(token.encode()).digest()
        ends = {"expires_at": expires_at, "revoked_at": revoked_at}
        session.add(ConsumerToken(consumer_id=consumer.id, digest=digest, created_at=builders.NOON, **ends))
