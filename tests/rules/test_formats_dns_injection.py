"""Hostile text straight at the formats of the DNS, past every verb and guard before them: the intended entry comes out, or a reason."""

import can_ada
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from moderation import formats
from moderation.formats._examples import HEADER, entry
from moderation.vocabulary import Scope
from tests.rules.dns_readers import hosts, local_zones, names, records, servers
from tests.rules.poisoned import VECTORS, poison

WAYS = {
    "domains.txt": (names, lambda name: {(name,)}),
    "hosts.txt": (hosts, lambda name: {("0.0.0.0", name), ("::", name)}),
    "rpz.zone": (records, lambda name: {(name, "."), (f"*.{name}", ".")}),
    "unbound.conf": (local_zones, lambda name: {("local-zone:", name, "always_nxdomain")}),
    "dnsmasq.conf": (servers, lambda name: {("server", name, "")}),
}
"""How each file is read, and what a listed name has to be read as."""

FORMATS = [form for form in formats.installed() if form.FILE_NAME in WAYS]
each_format = pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.FILE_NAME)

HOSTILE = (
    *("\n", "\r", "\r\n", ";", "#", " #", "/", "*", "*.", '"', "'", "\\", "\x00", "\u202e", "\ufeff", "\u2028", "\x85", "\x0b", "\x1c"),
    *("\t", " ", "..", "@", "$", "(", ")", "{", "}", ":", ",", "=", "|", "%0a", "\\010", "\\.", "é", "。", "．", "A", "İ", "ſ"),
    *(
        "\n$ORIGIN .\n",
        "\n$INCLUDE /etc/passwd\n",
        " CNAME rpz-passthru.\n",
        "\n* CNAME .\n",
        '" always_nxdomain\nlocal-zone: "',
        "\ninclude: /",
    ),
    *('";local-zone: "." refuse', "/192.0.2.1#53", "/\nserver=/#/", "\n0.0.0.0 ", "a" * 64, ".a" * 127),
)
"""What would begin a line, a comment, a setting or a wildcard in one of the files, or looks like a dot, or is too long."""


def read_back(form, target, scope):
    """What the file's program reads, and why the entry was left out."""
    listed = entry(scope, target, host="evil.example")
    reason = form.left_out(listed, HEADER)
    lines = () if reason else form.lines(listed, HEADER)
    return WAYS[form.FILE_NAME][0]("".join(f"{line}\n" for line in (*form.header_lines(HEADER), *lines))), reason


def assert_exact_or_left_out(form, target, scope=Scope.HOST):
    seen, reason = read_back(form, target, scope)
    assert seen == (set() if reason else WAYS[form.FILE_NAME][1](target))


def test_every_format_of_the_dns_is_tried():
    assert len(FORMATS) == len(WAYS)


@pytest.mark.skipif(not VECTORS.exists(), reason=f"no test vectors at {VECTORS} (FLAGSTONE_VECTORS)")
@each_format
def test_a_poisoned_string_is_read_back_as_itself_or_left_out(form):
    for payload in poison():
        canonical = can_ada.parse(payload.replace("\n", "%0a"))
        for target in (
            payload,
            payload.removeprefix("http://"),
            payload.partition("://")[2].rstrip("/"),
            canonical.href,
            canonical.hostname,
        ):
            for scope in (Scope.HOST, Scope.DOMAIN):
                assert_exact_or_left_out(form, str(target), scope)


@each_format
@pytest.mark.parametrize("hostile", HOSTILE, ids=ascii)
@pytest.mark.parametrize("place", ["{}evil.example", "evil.example{}", "evil{}example", "evil.example{}good.example"])
def test_a_name_with_something_hostile_in_it_is_left_out(form, hostile, place):
    assert read_back(form, place.format(hostile), Scope.HOST)[1]


@pytest.mark.long
@each_format
@given(parts=st.lists(st.sampled_from((*HOSTILE, "evil.example", "good", ".", "-", "_", "xn--", "0")) | st.text(max_size=3), max_size=7))
@example(parts=["evil.example"])
def test_nothing_but_the_intended_entry_ever_comes_out(form, parts):
    assert_exact_or_left_out(form, "".join(parts))
