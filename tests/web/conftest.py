"""What tests of pages share: one application for the many that look at an answer alone."""

import time
from collections.abc import Iterator

import pytest
from flask import Flask

from app import create_app
from tests import builders
from tests.web.feeds import client, own_database, release, shelf, whole_app  # noqa: F401
from tests.web.reporters import Reporter

WINDOW_SECONDS = 600
LONGEST_TEST_SECONDS = 15


@pytest.fixture(scope="session")
def standing_app(server, template, tmp_path_factory) -> Iterator[Flask]:
    """An application that lasts for the run. What one test leaves in it, the next one finds: never count rows in it."""
    url = server.create(template=template)
    app = create_app(builders.settings(tmp_path_factory.mktemp("standing")), database_url=url)
    yield app
    app.extensions["flagstone_database"].engine.dispose()
    server.drop(url)


@pytest.fixture
def reporter(app):
    """Somebody at the report form."""
    return Reporter(app)


@pytest.fixture
def passer_by(standing_app):
    """A reporter of whom only the answers are looked at."""
    return Reporter(standing_app)


@pytest.fixture
def one_window():
    """A test whose counts begin anew half way would find too few: wait for the next window where this one is about to end."""
    left = WINDOW_SECONDS - time.time() % WINDOW_SECONDS
    if left < LONGEST_TEST_SECONDS:
        time.sleep(left)
