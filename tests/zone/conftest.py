"""One instance with a hidden primary beside it, of each kind."""

import os
from collections.abc import Iterator

import pytest

from app import clock, create_app, jobs, release
from app.database import EXTENSION
from moderation.vocabulary import Scope
from tests import builders
from tests.zone import primaries
from tests.zone.primaries import Server, running, settings_for


@pytest.fixture(params=["knot", "bind"])
def software(request) -> str:
    return request.param


@pytest.fixture
def kept(software, settings):
    """The settings of an instance with a primary, and the port that controls BIND."""
    return settings_for(software, settings)


@pytest.fixture
def app(kept, database_url):
    """The whole application, with a primary in its settings that does not run yet."""
    made = create_app(kept[0], database_url=database_url)
    with made.app_context():
        yield made
    made.extensions[EXTENSION].engine.dispose()


@pytest.fixture
def database(app):
    return app.extensions[EXTENSION]


@pytest.fixture
def settings_here(kept):
    return kept[0]


@pytest.fixture
def primary(app, software, kept) -> Iterator[Server]:
    """The primary, running, with nothing in it."""
    assert app.test_cli_runner().invoke(args=["dns", "configure"]).exit_code == 1
    with running(software, *kept) as server:
        jobs.take_keys()
        yield server


@pytest.fixture
def publish(app, database):
    """Bring out a release and have the primary follow, as the worker's jobs do one after the other."""

    def publish(*names: str, gone: str = "") -> int:
        with database.transaction() as session:
            for name in names:
                builders.listed(session, f"https://{name}/", Scope.HOST, at=clock.now())
        jobs.make_release()
        jobs.feed_zone()
        jobs.write_release()
        jobs.feed_zone()
        return release.current_number(app.extensions["settings"])

    return publish


@pytest.fixture
def environment(settings_here, database_url):
    """What another process of the same instance is started with."""
    return dict(os.environ) | {
        "DATABASE_URL": database_url,
        "FLAGSTONE_DATA": str(settings_here.data),
        "FLAGSTONE_LIST_NAME": settings_here.list_name,
        "FLAGSTONE_ENV": "demo",
        **primaries.environment(settings_here),
    }
