"""One release on disk: the files, their numbers, their digests, and the report of what was left out."""

import hashlib
import json
import re
import tracemalloc
from base64 import b64decode

import orjson
import pytest

from app.release import cutting, index
from app.release.assembly import write_release
from moderation import formats
from tests.release.builders import header, host, listed, page, path
from tests.release.unpacking import SUFFIX, UNPACK

FILES = [form.FILE_NAME for form in formats.installed()]
MIXED = [host("shop.example.net"), listed("domain", "evil.example"), page("https://example.net/ad?id=7"), path("https://example.net/jobs/")]

each_file = pytest.mark.parametrize("name", FILES)
each_coding = pytest.mark.parametrize("coding", UNPACK)


@pytest.fixture
def folder(tmp_path):
    write_release(tmp_path, header(), MIXED, formats.installed(), seal=b"\x01" * 32)
    return tmp_path


def entry_lines(folder, name):
    form = next(each for each in formats.installed() if name == each.FILE_NAME)
    lines = (folder / name).read_text().splitlines()
    above, below = len(form.header_lines(header())), len(form.footer_lines(header()))
    return lines[above : len(lines) - below]


def entries_in_header(folder, name):
    text = (folder / name).read_text()
    if name == "feed.jsonl":
        return json.loads(text.splitlines()[0])["entries"]
    if name == "suricata-domains.lst":
        text = "\n".join(b64decode(line).decode() for line in text.splitlines())
    return int(re.search(r"Number of entries(?:: |,,,)(\d+)", text)[1])


@each_file
def test_the_header_counts_the_entry_lines(folder, name):
    assert entries_in_header(folder, name) == len(entry_lines(folder, name)) > 0


@each_file
def test_the_index_counts_the_entry_lines(folder, name):
    assert index.read(folder).files[name].entries == len(entry_lines(folder, name))


@each_file
def test_the_index_has_size_and_digest_of_the_file(folder, name):
    octets = (folder / name).read_bytes()
    found = index.read(folder).files[name]
    assert (found.size, found.sha256) == (len(octets), hashlib.sha256(octets).hexdigest())


@each_coding
@each_file
def test_the_index_has_size_and_digest_of_each_packed_copy(folder, name, coding):
    octets = (folder / f"{name}{SUFFIX[coding]}").read_bytes()
    found = index.read(folder).files[name].packed[coding]
    assert (found.size, found.sha256) == (len(octets), hashlib.sha256(octets).hexdigest())


@each_coding
@each_file
def test_each_packed_copy_unpacks_to_the_file(folder, name, coding):
    assert UNPACK[coding]((folder / f"{name}{SUFFIX[coding]}").read_bytes()) == (folder / name).read_bytes()


@each_file
def test_the_index_names_an_address_of_its_own_for_each_file_and_each_copy(folder, name):
    shown = next(form for form in orjson.loads((folder / "index.json").read_bytes())["formats"] if form["file"] == name)
    for each in (shown, shown["gzip"], shown["br"], shown["zstd"]):
        assert each["address"] == f"r/1/{hashlib.sha256((folder / each['file']).read_bytes()).hexdigest()}/{each['file']}"


def test_an_index_of_an_older_version_is_read_and_its_release_counts_as_not_whole(folder):
    shown = orjson.loads((folder / "index.json").read_bytes())
    for form in shown["formats"]:
        del form["br"], form["zstd"], form["address"]
    (folder / "index.json").write_bytes(orjson.dumps(shown))
    assert (list(index.read(folder).files["domains.txt"].packed), index.is_whole(folder)) == (["gzip"], False)


def test_an_index_of_a_newer_version_is_read_without_what_is_not_known_here(folder):
    shown = orjson.loads((folder / "index.json").read_bytes()) | {"signature": "..."}
    shown["formats"][0]["xz"] = {"file": "x"}
    (folder / "index.json").write_bytes(orjson.dumps(shown))
    assert index.is_whole(folder)


def test_a_release_that_lacks_a_packed_copy_is_not_whole(folder):
    (folder / "domains.txt.br").unlink()
    assert not index.is_whole(folder)


@each_file
def test_lines_end_in_a_line_feed_alone_and_there_is_no_byte_order_mark(folder, name):
    octets = (folder / name).read_bytes()
    assert octets.endswith(b"\n")
    assert b"\r" not in octets
    assert not octets.startswith(b"\xef\xbb\xbf")


def test_the_same_release_is_written_to_the_same_octets(folder, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    write_release(other, header(), MIXED, formats.installed(), seal=b"\x01" * 32)
    assert {file.name: file.read_bytes() for file in other.iterdir()} == {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.mark.long
@each_file
def test_the_packed_copy_holds_no_time_of_its_own(folder, name):
    assert (folder / f"{name}.gz").read_bytes()[4:8] == bytes(4)


def test_the_index_says_which_release_it_is(folder):
    found = orjson.loads((folder / "index.json").read_bytes())
    assert (found["serial"], found["published_at"], found["valid_until"], found["list_name"], found["audit_seal"]) == (
        1,
        "2026-11-24T12:00:00Z",
        "2026-11-25T12:00:00Z",
        "list.example",
        "01" * 32,
    )


def test_formats_of_names_carry_hosts_and_domains_only(folder):
    assert entry_lines(folder, "domains.txt") == ["blocktest.list.example", "shop.example.net", "evil.example"]


def test_addresses_carry_pages_and_paths_and_the_test_page(folder):
    rests = ("blocktest.list.example/", "example.net/ad?id=7", "example.net/jobs/*")
    assert entry_lines(folder, "urls.txt") == [f"{scheme}://{rest}" for rest in rests for scheme in ("http", "https")]


def test_an_empty_list_still_has_the_test_name_in_every_format(tmp_path):
    write_release(tmp_path, header(), [], formats.installed())
    assert all(len(entry_lines(tmp_path, name)) == index.read(tmp_path).files[name].entries > 0 for name in FILES)


def test_the_name_that_must_resolve_is_in_no_format_even_when_listed(tmp_path):
    write_release(tmp_path, header(), [host("allowtest.list.example"), page("https://allowtest.list.example/")], formats.installed())
    assert not any("allowtest" in (tmp_path / name).read_text() for name in FILES)


def reported(folder):
    return json.loads((folder / "report.json").read_text())


def test_what_a_format_can_not_carry_is_named_with_the_reason(tmp_path):
    long = host(".".join(["a" * 60] * 4))
    write_release(tmp_path, header(), [long], formats.installed())
    (line,) = reported(tmp_path)["left_out"]
    assert (line["format"], line["target"], "255 octets" in line["reason"]) == ("rpz.zone", long.target, True)


def test_what_no_format_may_carry_is_named_once(tmp_path):
    write_release(tmp_path, header(), [host("github.io")], formats.installed())
    (line,) = reported(tmp_path)["left_out"]
    assert (line["format"], line["target"]) == (None, "github.io")


def test_a_name_left_out_of_one_format_is_in_the_others(tmp_path):
    long = host(".".join(["a" * 60] * 4))
    write_release(tmp_path, header(), [long], formats.installed())
    assert long.target in (tmp_path / "domains.txt").read_text()


def test_what_a_format_has_no_room_for_by_its_scope_is_counted(folder):
    assert reported(folder)["no_room_by_scope"]["rpz.zone"] == {"page": 1, "path": 1}


def test_a_name_below_a_listed_one_has_no_line_of_its_own_where_programs_warn_of_it(tmp_path):
    names = ["evil.example", "www.evil.example", "a.www.evil.example", "my-evil.example", "other.example"]
    write_release(tmp_path, header(), [host(name) for name in names], formats.installed())
    kept = [".blocktest.list.example", ".evil.example", ".my-evil.example", ".other.example"]
    assert entry_lines(tmp_path, "squid-domains.txt") == kept
    assert entry_lines(tmp_path, "domains.txt") == ["blocktest.list.example", *names]


def test_what_is_covered_is_counted_as_that_and_not_as_left_out(tmp_path):
    written = write_release(tmp_path, header(), [host("evil.example"), host("www.evil.example")], formats.installed())
    assert (reported(tmp_path)["covered"]["squid-domains.txt"], reported(tmp_path)["left_out"], written.left_out) == (1, [], 0)


def test_a_name_below_one_that_is_held_back_keeps_its_line(tmp_path):
    # The parent is a public suffix: it goes out in no format, so it covers nothing.
    write_release(tmp_path, header(), [host("github.io"), host("shop.github.io")], formats.installed())
    assert ".shop.github.io" in entry_lines(tmp_path, "squid-domains.txt")


def test_a_name_below_the_test_name_is_covered_by_it(tmp_path):
    write_release(tmp_path, header(), [host("evil.example"), host("x.blocktest.list.example")], formats.installed())
    assert entry_lines(tmp_path, "squid-domains.txt") == [".blocktest.list.example", ".evil.example"]


def test_the_report_is_valid_with_nothing_in_it(tmp_path):
    write_release(tmp_path, header(), [], formats.installed())
    assert reported(tmp_path) == {"serial": 1, "left_out": [], "covered": {}, "no_room_by_scope": {}}


def test_nothing_but_named_files_is_left_in_the_folder(folder):
    files = (f"{name}{suffix}" for name in FILES for suffix in ("", *SUFFIX.values()))
    assert {file.name for file in folder.iterdir()} == {"index.json", "report.json", "shards.json", *files}


def test_others_on_the_machine_can_not_read_the_list(folder):
    assert all(file.stat().st_mode & 0o007 == 0 for file in folder.iterdir())


@pytest.mark.long
def test_memory_does_not_grow_with_the_list(tmp_path, monkeypatch):
    for name, entries in (("LEAST", 50), ("ONE_IN", 50), ("MOST", 200)):
        monkeypatch.setattr(cutting, name, entries)

    def peak(count):
        target = tmp_path / str(count)
        target.mkdir()
        tracemalloc.start()
        write_release(target, header(), (host(f"h{number}.example.net") for number in range(count)), formats.installed())
        high = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return high

    assert peak(4_000) < peak(1_000) * 1.5
