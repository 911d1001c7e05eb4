"""The scripts that fetch the list: what they do on a bad day. What they do on a good one is in test_dns.py."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.clients.names import LISTED
from tests.clients.network import SNIPPETS, Network
from tests.clients.resolvers import program, stand_in

FILES = {
    "unbound-zones.sh": ("unbound.conf", "unbound-checkconf"),
    "bind.sh": ("rpz.zone", "named-checkzone"),
    "knot-resolver.sh": ("rpz.zone", "kzonecheck"),
    "powerdns.sh": ("rpz.zone", "diff"),
    "dnsmasq.sh": ("dnsmasq.conf", "dnsmasq"),
    "dnsmasq-hosts.sh": ("hosts.txt", "grep"),
    "squid.sh": ("squid-domains.txt", "grep"),
    "nginx.sh": ("nginx.map", "grep"),
    "suricata.sh": ("suricata.rules", "base64"),
    "adblock.sh": ("adblock.txt", "grep"),
}
RELOADED_BY = ("unbound-control", "rndc", "rec_control", "systemctl", "suricatasc")
CHECKED_AND_RELOADED_BY = {"squid": "reconfigure", "nginx": "reload", "suricata": "never"}
"""Programs that check a list too, for which a whole configuration would be needed; by what they are told when there is a new one."""
PAGES = ("<html><body>Bad gateway</body></html>", "0.0.0.0", "")
"""What stands in for a list now and then, with a good status: a page of a proxy, a piece, nothing."""


class _Page(BaseHTTPRequestHandler):
    text = ""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.text)))
        self.end_headers()
        self.wfile.write(self.text.encode())

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(params=FILES)
def script(request):
    """A script whose programs are here."""
    missing = [name for name in ("curl", FILES[request.param][1]) if program(name) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed; .ci/run names the packages")
    return request.param


@pytest.fixture
def programs(tmp_path):
    """Commands that note that they were called, instead of reloading anything."""
    for name in RELOADED_BY:
        stand_in(tmp_path / "bin", name, f'echo "$0" >> "{tmp_path}/reloads"')
    for name, word in CHECKED_AND_RELOADED_BY.items():
        stand_in(tmp_path / "bin", name, f'case "$*" in *{word}) echo "$0" >> "{tmp_path}/reloads";; esac')
    return tmp_path / "bin"


@pytest.fixture
def fetched(script, network, programs, tmp_path):
    """The list, as the script put it in place the first time."""
    network.publish(LISTED)
    network.run(script, tmp_path, programs=programs)
    return tmp_path / FILES[script][0]


def reloads(folder):
    """How often a program was told of a new list."""
    return len((folder / "reloads").read_text().splitlines()) if (folder / "reloads").exists() else 0


def test_the_file_is_the_one_that_the_server_holds(script, network, fetched):
    assert fetched.read_text().count(f"Serial: {network.serial}\n") == 1


def test_a_list_that_did_not_change_is_not_loaded_again(script, network, programs, fetched, tmp_path):
    before = reloads(tmp_path), fetched.stat().st_mtime_ns
    network.run(script, tmp_path, programs=programs)
    assert (reloads(tmp_path), fetched.stat().st_mtime_ns) == before


def test_without_a_valid_token_the_old_list_stays(script, network, programs, fetched, tmp_path, monkeypatch):
    before = reloads(tmp_path), fetched.read_bytes()
    network.publish(LISTED[:1])
    monkeypatch.setattr("tests.clients.network.TOKEN", "revoked")
    assert network.tries(script, tmp_path, programs=programs).returncode != 0
    assert (reloads(tmp_path), fetched.read_bytes()) == before


@pytest.mark.parametrize("page", PAGES, ids=["a page", "a piece", "nothing"])
def test_what_is_no_list_does_not_take_the_place_of_one(script, programs, fetched, tmp_path, page):
    before = reloads(tmp_path), fetched.read_bytes()
    handler = type("Page", (_Page,), {"text": page})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        Network(tmp_path, server.server_port).tries(script, tmp_path, programs=programs)
        server.shutdown()
        thread.join()
    assert (reloads(tmp_path), fetched.read_bytes()) == before


def test_every_script_of_the_documentation_is_tried_here():
    assert {path.name for path in SNIPPETS.glob("*.sh")} == set(FILES)
