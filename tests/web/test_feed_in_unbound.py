"""A real resolver pulls the zone from the real application, by an address that carries its token: what is delisted is freed."""

import hashlib
import threading
from uuid import uuid4

import pytest
from werkzeug.serving import make_server

from app.release.newest import bring_out
from app.release.shelf import Shelf
from moderation import publishing
from moderation.vocabulary import SYSTEM
from tests import builders
from tests.release.builders import header, host
from tests.release.name_servers import program, unbound, upstream

pytestmark = pytest.mark.skipif(program("unbound") is None, reason="Unbound is not installed (Debian: apt install unbound)")

ZONE = "list.example"
TOKEN = "a-token-for-a-resolver"


@pytest.fixture
def address(app, database):
    """Where a consumer that opted into the zone by address finds it, on a running server."""
    digest = hashlib.sha256(TOKEN.encode()).digest()
    with database.transaction() as session:
        publishing.add_consumer(
            session, "ISP", token_digest=digest, reference=uuid4(), address_formats=["rpz.zone"], by=SYSTEM, at=builders.NOON
        )
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/feed/v1/t/{TOKEN}/rpz.zone"
    server.shutdown()
    thread.join()


def test_a_listed_name_fails_and_is_freed_when_it_is_delisted(address, settings, tmp_path):
    shelf = Shelf(settings.data)
    bring_out(shelf, header(serial=1), [host("shop.example.net"), host("other.example.net")])
    with upstream() as port, unbound(tmp_path, upstream_port=port, zone=ZONE, source=f'url: "{address}"') as resolver:
        assert resolver.answers_within("shop.example.net", "NXDOMAIN"), resolver.log()
        bring_out(shelf, header(serial=2), [host("other.example.net")])
        resolver.fetches_again(ZONE)
        assert resolver.answers_within("shop.example.net", "NOERROR"), resolver.log()
        assert resolver.asks("other.example.net") == "NXDOMAIN"
