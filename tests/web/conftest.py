"""What tests of pages share: one application for the many that look at an answer alone."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app import create_app
from tests import builders
from tests.web.feeds import client, own_database, release, shelf, whole_app  # noqa: F401


@pytest.fixture(scope="session")
def standing_app(server, template, tmp_path_factory) -> Iterator[Flask]:
    """An application that lasts for the run. What one test leaves in it, the next one finds: never count rows in it."""
    url = server.create(template=template)
    app = create_app(builders.settings(tmp_path_factory.mktemp("standing")), database_url=url)
    yield app
    app.extensions["flagstone_database"].engine.dispose()
    server.drop(url)
