"""rpz.zone in real programs: what is listed fails, with all below it, and nothing beside it does."""

import functools
import subprocess
import threading
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from app.release.rendering import write_release
from moderation import formats
from tests.release.builders import header, host, listed
from tests.release.name_servers import program, unbound, upstream

needs_unbound = pytest.mark.skipif(program("unbound") is None, reason="Unbound is not installed (Debian: apt install unbound)")
needs_checkzone = pytest.mark.skipif(
    program("named-checkzone") is None, reason="named-checkzone is not installed (Debian: apt install bind9-utils)"
)

ZONE = "list.example"
ODD_NAMES = (
    "_a.b_c.example.net",
    "a.-b.example.net",
    "b-.example.net",
    "0.example.net",
    "xn--bcher-kva.example",
    "in.example.net",
    "ttl.example.net",
)
TOO_LONG = ".".join(["a" * 60] * 4)
LISTED = [host("shop.example.net"), listed("domain", "evil.example"), host(TOO_LONG), *(host(name) for name in ODD_NAMES)]


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    folder = tmp_path_factory.mktemp("release")
    write_release(folder, header(serial=42), LISTED, formats.installed())
    return folder


@pytest.fixture(scope="module")
def resolver(release, tmp_path_factory):
    with (
        upstream() as port,
        unbound(tmp_path_factory.mktemp("unbound"), upstream_port=port, zone=ZONE, source=f'zonefile: "{release}/rpz.zone"') as server,
    ):
        assert server.answers_within("ready.example.org", "NOERROR"), server.log()
        yield server


@contextmanager
def web_server(folder):
    handler = functools.partial(_Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Say nothing."""


@needs_checkzone
def test_bind_accepts_the_zone(release):
    checked = subprocess.run(
        [program("named-checkzone"), ZONE, str(release / "rpz.zone")], capture_output=True, text=True, timeout=30, check=False
    )
    assert (checked.returncode, "loaded serial 42" in checked.stdout) == (0, True), checked.stdout + checked.stderr


@needs_unbound
@pytest.mark.parametrize("name", ["shop.example.net", "evil.example", f"blocktest.{ZONE}", *ODD_NAMES])
def test_unbound_denies_a_listed_name(resolver, name):
    assert resolver.asks(name) == "NXDOMAIN"


@needs_unbound
@pytest.mark.parametrize(
    "name", ["www.shop.example.net", "a.b.c.evil.example", f"deep.blocktest.{ZONE}", "SHOP.Example.NET", "shop.example.net."]
)
def test_unbound_denies_names_below_and_other_spellings(resolver, name):
    assert resolver.asks(name) == "NXDOMAIN"


@needs_unbound
@pytest.mark.parametrize(
    "name",
    [
        "example.net",
        "www.example.net",
        "myshop.example.net",
        "shop.example.net.org",
        "evil.example.org",
        "notevil.example",
        f"allowtest.{ZONE}",
        ZONE,
    ],
)
def test_unbound_resolves_parent_sibling_and_look_alike(resolver, name):
    assert resolver.asks(name) == "NOERROR"


@needs_unbound
def test_unbound_resolves_the_name_that_was_left_out_as_too_long(resolver):
    assert resolver.asks(TOO_LONG) == "NOERROR"


@needs_unbound
def test_unbound_fetches_the_zone_by_its_address(release, tmp_path):
    with upstream() as port, web_server(release) as web:
        source = f'url: "http://127.0.0.1:{web}/rpz.zone"'
        with unbound(tmp_path, upstream_port=port, zone=ZONE, source=source) as server:
            assert server.answers_within("shop.example.net", "NXDOMAIN"), server.log()
            assert (server.asks("www.shop.example.net"), server.asks("example.net")) == ("NXDOMAIN", "NOERROR")
