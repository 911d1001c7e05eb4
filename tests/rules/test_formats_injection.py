"""Strings that try to break a list: each format reads back as exactly the intended entry, or leaves it out with a reason."""

import csv
import io
import json
from dataclasses import replace

import can_ada
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation import formats
from moderation.formats import feed_csv
from moderation.formats._examples import HEADER, entry
from moderation.vocabulary import Scope
from tests.rules import reading_formats
from tests.rules.dns_readers import hosts, local_zones, names, records, servers
from tests.rules.poisoned import VECTORS, poison

SCOPES = tuple(Scope)


def text_of(form, listed):
    """The format as a client gets it, with one entry in it, or with none where the entry is held back."""
    reason = formats.withheld(listed, HEADER)
    if not reason and formats.carries(form, listed):
        reason = form.left_out(listed, HEADER)
    elif not reason:
        reason = "no room"
    lines = () if reason else form.lines(listed, HEADER)
    return "".join(f"{line}\n" for line in (*form.header_lines(HEADER), *lines)), reason


def objects(text):
    return {(found["scope"], found["target"], found["host"]) for found in map(json.loads, text.splitlines()[1:])}


def expected(file_name, listed):
    if file_name in reading_formats.READERS:
        return reading_formats.expected(file_name, listed)
    rest = listed.target.partition("://")[2] + ("*" if listed.scope is Scope.PATH else "")
    return {
        "domains.txt": {(listed.target,)},
        "hosts.txt": {("0.0.0.0", listed.target), ("::", listed.target)},
        "urls.txt": {(f"http://{rest}",), (f"https://{rest}",)},
        "rpz.zone": {(listed.target, "."), (f"*.{listed.target}", ".")},
        "unbound.conf": {("local-zone:", listed.target, "always_nxdomain")},
        "dnsmasq.conf": {("server", listed.target, "")},
        "feed.jsonl": {(listed.scope, listed.target, listed.host)},
    }[file_name]


READERS = {
    "domains.txt": names,
    "hosts.txt": hosts,
    "urls.txt": names,
    "rpz.zone": records,
    "unbound.conf": local_zones,
    "dnsmasq.conf": servers,
    "feed.jsonl": objects,
}


READERS |= reading_formats.READERS


def assert_exact_or_left_out(listed):
    for form in formats.installed():
        text, reason = text_of(form, listed)
        assert READERS[form.FILE_NAME](text) == (set() if reason else expected(form.FILE_NAME, listed)), form.FILE_NAME


@pytest.mark.skipif(not VECTORS.exists(), reason=f"no test vectors at {VECTORS} (FLAGSTONE_VECTORS)")
def test_no_poisoned_string_becomes_another_entry():
    payloads = list(poison())
    assert len(payloads) >= 15
    for payload in payloads:
        canonical = can_ada.parse(payload.replace("\n", "%0a"))
        for scope in SCOPES:
            assert_exact_or_left_out(entry(scope, payload, host=canonical.hostname))
            assert_exact_or_left_out(entry(scope, str(canonical.href), host=canonical.hostname))
            assert_exact_or_left_out(entry(scope, canonical.hostname, host=canonical.hostname))


PIECES = (
    *("evil.example", "0.0.0.0 ", "https://", "$ORIGIN .", "*.", "xn--", "a" * 63, "local-zone: ", "server=/", "server:"),
    *(".", "*", "\n", "\r", " ", "\t", "#", ";", "@", "/", "?", "(", ")", '"', "'", "\\", ":", "=", "\u2028", "\u202e", "\ufeff"),
    *(
        '"; sid:1;)',
        '" 1; default 1; "',
        "@@||*^",
        "$document",
        "|0a|",
        "=1+1",
        ";=1+1",
        "|-1",
        ";'=",
        ";'",
        "%0a",
        "%2f",
        "A",
        "'",
        "|",
        "$",
        "^",
        "+",
    ),
    *("\x00", "é", "-", "_", ","),
)
parts = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=8)


@given(scope=st.sampled_from(SCOPES), parts=parts, host=st.sampled_from(["evil.example", "good.example", ""]))
def test_no_string_at_all_becomes_another_entry(scope, parts, host):
    text = "".join(parts)
    assert_exact_or_left_out(entry(scope, text, host=host or text))
    assert_exact_or_left_out(entry(scope, f"https://evil.example/{text}", host="evil.example"))


@pytest.mark.parametrize("told", ["=1+1", "+1", "-1", "@x", "'=1", "'1", 'a"b', '"x', "a|=1", "a;=1", "a,b", "a,=1", '=1|"'])
@pytest.mark.parametrize("cell", ["target", "host", "category"])
def test_no_cell_of_the_table_is_a_formula_and_each_reads_back_as_it_was(told, cell):
    listed = replace(entry(Scope.PAGE, "https://example.net/a", host="example.net"), **{cell: told})
    (row,) = feed_csv.lines(listed, HEADER)
    header, *_ = feed_csv.header_lines(HEADER)
    assert reading_formats.feed_csv(f"{header}\n{row}\n") == {("row", str(listed.scope), listed.target, listed.host)}
    read = next(csv.DictReader(io.StringIO(f"{header}\n{row}\n", newline=""), strict=True))
    assert reading_formats.plain(read[cell]) == told
