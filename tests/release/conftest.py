"""What several stories of releases begin with: a list on a disk, and an empty place to put it."""

import pytest

from tests.release.s3 import BUCKET, s3
from tests.release.story import Story


@pytest.fixture
def story(database, settings):
    """A list, as the desk and the worker change it."""
    return Story(database, settings)


@pytest.fixture(scope="module")
def s3_server(tmp_path_factory):
    """A server for the whole file; gives the environment that leads to it."""
    with s3(tmp_path_factory.mktemp("s3") / "log") as led_to:
        yield led_to


@pytest.fixture
def at_s3(s3_server, tmp_path, monkeypatch):
    """An empty place there."""
    for name, value in s3_server.items():
        monkeypatch.setenv(name, value)
    return f"s3://{BUCKET}/{tmp_path.name}"


@pytest.fixture(params=["s3", "file"])
def url(request, tmp_path):
    """An empty place of each kind."""
    return f"file://{tmp_path}/there" if request.param == "file" else request.getfixturevalue("at_s3")
