"""Every format on its own examples, and what all of them promise."""

from base64 import b64decode
from dataclasses import replace

import pytest

from moderation import formats
from moderation.formats import Format
from moderation.formats._examples import HEADER, Example, wide
from moderation.vocabulary import Scope

FORMATS = formats.installed()
NAMES_ONLY = frozenset({Scope.HOST, Scope.DOMAIN})
OTHER_FILES = ("squid-domains.txt", "squid-urls.txt", "nginx.map", "suricata.rules", "suricata-domains.lst", "adblock.txt", "feed.csv")
DNS_FILES = ("domains.txt", "hosts.txt", "rpz.zone", "unbound.conf", "dnsmasq.conf")
LINES_OF_ITS_OWN = {"rpz.zone": 3, "unbound.conf": 1, "feed.csv": 1}
"""Header lines that are neither comment nor entry: the records that make a zone, the clause of local zones, the names of columns."""


def header(**changes):
    return replace(HEADER, **changes)


def written(form: Format, example: Example) -> tuple[str, ...]:
    if not formats.carries(form, example.entry) or form.left_out(example.entry, HEADER):
        return ()
    return form.lines(example.entry, HEADER)


def readable(form: Format, lines: tuple[str, ...]) -> tuple[str, ...]:
    """The lines as a person reads them: a data set of Suricata is all base64."""
    return tuple(b64decode(line).decode() for line in lines) if form.FILE_NAME == "suricata-domains.lst" else lines


each_format = pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.FILE_NAME)


@each_format
def test_each_format_writes_its_own_examples_as_it_says(form):
    assert [written(form, example) for example in form.EXAMPLES] == [example.lines for example in form.EXAMPLES]


@each_format
def test_each_format_shows_an_entry_that_it_leaves_out(form):
    assert any(not example.lines for example in form.EXAMPLES)


def test_the_formats_that_networks_were_promised_are_installed():
    assert {form.FILE_NAME for form in FORMATS} >= {*DNS_FILES, *OTHER_FILES, "urls.txt", "feed.jsonl"}


@pytest.mark.parametrize("name", [*DNS_FILES, "squid-domains.txt", "suricata-domains.lst"])
def test_what_can_match_nothing_but_names_has_room_for_whole_names_only(name):
    assert [form.SCOPES for form in FORMATS if name == form.FILE_NAME] == [NAMES_ONLY]


@each_format
def test_the_test_name_is_in_every_format(form):
    entry = formats.always_listed(HEADER)
    assert form.left_out(entry, HEADER) is None
    assert any("blocktest.list.example" in line.replace("\\", "") for line in readable(form, form.lines(entry, HEADER)))


@each_format
def test_an_operators_setting_can_not_become_an_entry(form):
    hostile = header(title="A\nevil.example", contact="x\r\n0.0.0.0 evil.example\u2028evil.example", homepage="\x85evil\x00.example\x1b[2J")
    assert len(form.header_lines(hostile)) == len(form.header_lines(HEADER))
    assert all(line.isprintable() for line in form.header_lines(hostile))


@each_format
@pytest.mark.parametrize("value", ["Example list", "contact@flag.example.org", "For licensed consumers only.", "https://flag.example.org"])
def test_the_header_says_who_is_behind_the_list(form, value):
    assert value in "\n".join(readable(form, form.header_lines(HEADER)))


@each_format
@pytest.mark.parametrize("value", ["2026-11-24T12:00:00Z", "2026-11-25T12:00:00Z", "7", "4321"])
def test_the_header_says_when_which_and_how_many(form, value):
    assert value in "\n".join(readable(form, form.header_lines(header(entries=4321))))


@each_format
def test_every_header_line_is_a_comment_or_json_but_for_the_few_that_the_program_needs(form):
    lines = readable(form, form.header_lines(HEADER))
    needed = [line for line in lines if line[0] not in "#;!{" and not line.startswith("header,")]
    assert len(needed) == LINES_OF_ITS_OWN.get(form.FILE_NAME, 0)


@each_format
def test_a_test_entry_does_not_change_from_release_to_release(form):
    later = header(serial=8, published_at=HEADER.valid_until)
    assert form.lines(formats.always_listed(HEADER), HEADER) == form.lines(formats.always_listed(later), later)


def test_onion_services_are_in_the_two_files_of_every_field_alone():
    onion = wide("2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion")
    assert [form.FILE_NAME for form in FORMATS if written(form, Example(onion, ()))] == ["feed.csv", "feed.jsonl"]
