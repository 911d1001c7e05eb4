"""An instance of which nginx sends the files, by the file that deploy/ offers."""

import threading

import pytest
from werkzeug.serving import make_server

from app import create_app
from app.database import Database
from app.release.newest import bring_out
from app.release.shelf import Shelf
from tests import builders
from tests.release.builders import header, host
from tests.web.feeds import BEARER, TOKEN, add_consumer
from tests.web.nginx import ADDRESS, nginx

MANY = [host(f"h{number}.example.net") for number in range(3_000)]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    return Shelf(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def release(shelf):
    return bring_out(shelf, header(serial=7), MANY)


@pytest.fixture(scope="module")
def flask(server, template, shelf, release):
    """The port of the application, told to let nginx send the files."""
    url = server.create(template=template)
    add_consumer(Database(url), TOKEN)
    settings = builders.settings(release.folder.parents[2], behind_proxy=True, client_header="X-Real-IP", accel="/_feed/")
    app = create_app(settings, database_url=url)
    running = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    yield running
    running.shutdown()
    thread.join()
    app.extensions["flagstone_database"].engine.dispose()
    server.drop(url)


@pytest.fixture(scope="module")
def front(flask, release, tmp_path_factory):
    with nginx(tmp_path_factory.mktemp("nginx"), release.folder.parents[2], server_port=flask.server_port) as running:
        yield running


@pytest.fixture
def ask(front):
    def asked(path=ADDRESS, *, method="GET", token=True, **headers):
        return front.ask(path, method=method, **(BEARER if token else {}), **headers)

    return asked


@pytest.fixture
def plain(release):
    return (release.folder / "domains.txt").read_bytes()
