"""The scripts that fetch the list: what they do on a bad day. What they do on a good one is in test_dns.py."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.clients.names import LISTED
from tests.clients.network import SNIPPETS, Network
from tests.clients.resolvers import program, stand_in

pytestmark = pytest.mark.long

FILES = {
    "unbound-zones.sh": ("unbound.conf", "unbound-checkconf"),
    "bind.sh": ("rpz.zone", "named-checkzone"),
    "knot-resolver.sh": ("rpz.zone", "kzonecheck"),
    "powerdns.sh": ("rpz.zone", "diff"),
    "dnsmasq.sh": ("dnsmasq.conf", "awk"),
    "dnsmasq-hosts.sh": ("hosts.txt", "grep"),
    "squid.sh": ("squid-domains.txt", "grep"),
    "nginx.sh": ("nginx.map", "grep"),
    "suricata.sh": ("suricata.rules", "base64"),
    "adblock.sh": ("adblock.txt", "grep"),
    "curl.sh": ("domains.txt", "grep"),
}
RELOADED_BY = ("unbound-control", "rndc", "rec_control", "systemctl", "suricatasc")
CHECKED_AND_RELOADED_BY = {"squid": "reconfigure", "nginx": "reload", "suricata": "never"}
"""Programs that check a list too, for which a whole configuration would be needed; by what they are told when there is a new one."""
PAGES = ("<html><body>Bad gateway</body></html>", "0.0.0.0", "")
"""What stands in for a list now and then, with a good status: a page of a proxy, a piece, nothing."""

_RULE = 'alert http any any -> any any (msg:"Flagstone listing"; {} metadata:flagstone 7f0f; gid:1; sid:1; rev:1;)'
_IN_A_ZONE = (
    *(
        "good.example.org A 192.0.2.66",
        "good.example.org CNAME evil.example.",
        "$INCLUDE /etc/passwd",
        "$GENERATE 1-9 a$.example.org CNAME .",
    ),
    *("*.com CNAME .", "com CNAME .", "32.53.2.0.192.rpz-ip CNAME .", "good.example.org CNAME .; \x01", "$TTL 604800"),
)
HOSTILE = {
    "unbound-zones.sh": (
        *('local-data: "good.example.org A 192.0.2.66"', "forward-zone:", 'include: "/dev/null"', 'local-zone: "com" always_nxdomain'),
        *('local-zone: "good.example.org" always_null', 'dlv-anchor-file: "/dev/null"', 'local-zone: "a.b" always_nxdomain # "'),
    ),
    "bind.sh": _IN_A_ZONE,
    "knot-resolver.sh": _IN_A_ZONE,
    "powerdns.sh": _IN_A_ZONE,
    "dnsmasq.sh": (
        *("conf-script=/bin/true", "dhcp-script=/bin/true", "server=/good.example.org/192.0.2.66", "server=192.0.2.66", "server=/com/"),
        *("server=/#/", "addn-hosts=/etc/passwd", f"# {'a' * 1_022}server=/good.example.org/192.0.2.66", "# \x00\rserver=192.0.2.66"),
    ),
    "dnsmasq-hosts.sh": ("192.0.2.66 good.example.org", "0.0.0.0 com", "0.0.0.0 a.example.org good.example.org", ":: a.example.org\x00"),
    "squid.sh": (".", ".com", "^https?://good", "^https?://good\\.example\\.org/|.", "-i", '"/etc/passwd"', f"# {'a' * 2_045}."),
    "nginx.sh": (
        *("include /etc/passwd;", '"include" 1;', "default 1;", '"default" 1;', ".com 1;", ".good.example.org 0;", "~. 1;"),
        *(r'"~^good\.example\.org\/|." 1;', r'"good.example.org/\" 1;', '"good.example.org/" 1; include /etc/passwd; "a" 1;', "}"),
    ),
    "suricata.sh": (
        _RULE.format('http.host; content:"good.example.org";').replace("alert", "drop"),
        *(_RULE.format(option) for option in ("lua:run.lua;", "filestore;", "dataset:set,a,type string,save /tmp/a;", 'pcre:"/(a+)+$/";')),
        *("config logging disable any any -> any any (sid:1;)", f"# {'a' * 8_189}drop ip any any -> any any (sid:1;)"),
    ),
    "adblock.sh": (
        *("@@||good.example.org^", "good.example.org##+js(set, a, b)", "||com^", "*$all", "||good.example.org^$redirect=noopjs"),
        *(
            "!#include https://evil.example/list.txt",
            "! Redirect: https://evil.example/",
            r"/^https?:\/\/good\.example\.org\/|./$all",
            "/./$all",
        ),
    ),
    "curl.sh": ("com", "good.example.org 192.0.2.66", "*.org", ".example.org", "good.example.org\x01", "http://good.example.org/"),
}
"""Lines that a server in the wrong hands could send: they run, read or write, answer with addresses, or block what nobody listed."""


class _Page(BaseHTTPRequestHandler):
    text = file = ""

    def do_GET(self):
        if not self.path.endswith(self.file):
            self.send_response(304)
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.text.encode())))
        self.end_headers()
        self.wfile.write(self.text.encode())

    def log_message(self, *_):
        """Say nothing."""


@contextmanager
def answering(text, file=""):
    """A server that answers this to whoever asks for that file, or for any; of others it says that they did not change. Gives its port."""
    handler = type("Page", (_Page,), {"text": text, "file": file})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


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
    with answering(page) as port:
        Network(tmp_path, port).tries(script, tmp_path, programs=programs)
    assert (reloads(tmp_path), fetched.read_bytes()) == before


def test_a_list_with_one_line_that_is_more_than_a_listing_is_refused(script, network, programs, fetched, tmp_path):
    before = reloads(tmp_path), fetched.read_bytes()
    whole = fetched.read_text()
    fetched.with_name(f"{fetched.name}.etag").unlink()
    for line in HOSTILE[script]:
        # Behind all others, and in the place of the last: where lines are counted, one of the two has the right number.
        for text in (f"{whole}{line}\n", f"{whole[: whole.rindex(chr(10), 0, -1)]}\n{line}\n"):
            with answering(text, fetched.name) as port:
                Network(tmp_path, port).tries(script, tmp_path, programs=programs)
            assert (reloads(tmp_path), fetched.read_bytes()) == before, line[:120]


def test_a_list_that_was_cut_short_at_the_end_of_a_line_is_refused(script, programs, fetched, tmp_path):
    before = reloads(tmp_path), fetched.read_bytes()
    whole = fetched.read_text()
    fetched.with_name(f"{fetched.name}.etag").unlink()
    with answering(whole[: whole.rindex("\n", 0, -1) + 1], fetched.name) as port:
        assert Network(tmp_path, port).tries(script, tmp_path, programs=programs).returncode != 0
    assert (reloads(tmp_path), fetched.read_bytes()) == before


def test_every_script_has_hostile_lines_to_refuse():
    assert set(HOSTILE) == set(FILES)


def test_every_script_of_the_documentation_is_tried_here():
    assert {path.name for path in SNIPPETS.glob("*.sh")} == set(FILES)
