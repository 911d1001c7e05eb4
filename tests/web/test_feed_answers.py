"""What a consumer's program asks for beside a name: a coding, a condition, a part. Each answer is what RFC 9110 promises that program."""

import hashlib
from datetime import timedelta

import pytest
from werkzeug.http import http_date

from app import clock, security
from app.release.newest import bring_out
from tests.release.builders import PUBLISHED, header
from tests.release.unpacking import SUFFIX, UNPACK
from tests.web.feeds import BEARER

MEDIA_TYPE = {".gz": "application/gzip", ".br": "application/octet-stream", ".zst": "application/zstd"}
ADDRESS = "/feed/v1/domains.txt"


@pytest.fixture
def ask(client, release):
    """Ask for the names with these headers."""

    def asked(method="GET", address=ADDRESS, **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.open(address, method=method, headers=BEARER | named)

    return asked


@pytest.fixture
def plain(release):
    return (release.folder / "domains.txt").read_bytes()


def coding_of(answer):
    return answer.headers.get("Content-Encoding", "identity")


# --- Codings


@pytest.mark.parametrize("coding", UNPACK)
@pytest.mark.parametrize("name", ["domains.txt", "feed.jsonl", "hosts.txt", "rpz.zone", "urls.txt"])
def test_each_coding_comes_to_who_names_it_and_unpacks_to_the_file(ask, release, name, coding):
    answer = ask(address=f"/feed/v1/{name}", Accept_Encoding=coding)
    assert (coding_of(answer), UNPACK[coding](answer.data)) == (coding, (release.folder / name).read_bytes())


@pytest.mark.parametrize(
    ("accepted", "given"),
    [
        ("br;q=0.5, gzip;q=0.9", "gzip"),
        ("zstd, gzip;q=0.9, br;q=0.8", "zstd"),
        ("gzip;q=0.1", "gzip"),
        ("GZIP", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip;q=0, br", "br"),
        ("identity;q=0.4, gzip;q=0.5", "gzip"),
        ("identity, gzip;q=0.5", "identity"),
        ("gzip;q=0", "identity"),
        ("gzip;q=0, *", "identity"),
        ("*", "identity"),
        ("*;q=0.1", "identity"),
        ("deflate, compress", "identity"),
        ("identity;q=0", "identity"),
        ("", "identity"),
        ("gzip;q=abc", "identity"),
    ],
)
def test_the_coding_is_the_one_that_the_client_likes_best_of_those_it_names(ask, accepted, given):
    assert coding_of(ask(Accept_Encoding=accepted)) == given


def test_of_codings_that_are_liked_alike_the_smallest_copy_comes(ask, release):
    sizes = {coding: (release.folder / f"feed.jsonl{suffix}").stat().st_size for coding, suffix in SUFFIX.items()}
    answer = ask(address="/feed/v1/feed.jsonl", Accept_Encoding="gzip, br, zstd")
    assert coding_of(answer) == min(sizes, key=sizes.get)


def test_who_names_no_coding_gets_the_plain_file(client, release, plain):
    answer = client.get(ADDRESS, headers=BEARER)
    assert (coding_of(answer), answer.data) == ("identity", plain)


@pytest.mark.parametrize("accepted", ["identity", *UNPACK])
def test_each_form_has_a_strong_tag_of_its_own_and_tells_caches_what_it_depends_on(ask, accepted):
    answer = ask(Accept_Encoding=accepted)
    assert answer.headers["ETag"] == f'"{hashlib.sha256(answer.data).hexdigest()}"'
    assert (answer.headers["Vary"], "Content-Language" in answer.headers) == ("Accept-Encoding", False)


@pytest.mark.parametrize("suffix", SUFFIX.values())
def test_a_packed_copy_by_name_is_a_file_of_its_own(ask, release, suffix):
    answer = ask(address=f"{ADDRESS}{suffix}", Accept_Encoding="gzip, br, zstd")
    assert (coding_of(answer), answer.headers["Content-Type"], "Vary" in answer.headers) == (
        "identity",
        MEDIA_TYPE[suffix],
        False,
    )
    assert answer.data == (release.folder / f"domains.txt{suffix}").read_bytes()


# --- Conditions


@pytest.mark.parametrize("form", ["{0}", "W/{0}", '"other", {0}', '"other",W/{0} , "more"', "*"])
def test_who_has_this_state_is_told_so_without_a_body(ask, form):
    tag = ask().headers["ETag"]
    answer = ask(If_None_Match=form.format(tag))
    assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", tag)


@pytest.mark.parametrize("form", ['"other"', 'W/"other"', '"other", "more"', '""', "{0}x"])
def test_who_has_another_state_gets_this_one(ask, plain, form):
    answer = ask(If_None_Match=form.format(ask().headers["ETag"].strip('"')))
    assert (answer.status_code, answer.data) == (200, plain)


def test_a_304_says_what_caches_need_and_nothing_of_a_body_that_is_not_there(ask):
    answer = ask(If_None_Match="*", Accept_Encoding="gzip")
    told = set(answer.headers.keys())
    assert told >= {"ETag", "Cache-Control", "Vary", "X-Flagstone-Serial", "X-Flagstone-Valid-Until"}
    assert not told & {"Content-Language", "Content-Type", "Content-Encoding", "Content-Length", "Content-Range", "Accept-Ranges"}
    # What is kept keeps these; behind nginx they were half of what the answer cost.
    assert not told & {*security.HEADERS, "Strict-Transport-Security"}


def test_the_tag_of_one_form_is_no_304_for_another(ask):
    packed = ask(Accept_Encoding="gzip").headers["ETag"]
    assert (ask(If_None_Match=packed).status_code, ask(If_None_Match=packed, Accept_Encoding="gzip").status_code) == (200, 304)


def test_who_asks_by_date_gets_a_304_unless_the_list_changed_since(ask):
    since = ask().headers["Last-Modified"]
    earlier = http_date(PUBLISHED - timedelta(seconds=1))
    assert [ask(If_Modified_Since=date).status_code for date in (since, earlier, "no date")] == [304, 200, 200]


def test_a_tag_decides_before_a_date(ask):
    since = ask().headers["Last-Modified"]
    assert ask(If_None_Match='"other"', If_Modified_Since=since).status_code == 200


def test_a_date_that_is_still_to_come_is_not_told(client, shelf):
    bring_out(shelf, header(serial=7, published_at=clock.now() + timedelta(minutes=1)), [])
    assert "Last-Modified" not in client.get(ADDRESS, headers=BEARER).headers


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_who_wants_only_the_state_it_knows_is_refused_another(ask, method):
    tag = ask().headers["ETag"]
    asked = [ask(method, If_Match=tags).status_code for tags in (tag, "*", '"other"', f"W/{tag}")]
    assert asked == [200, 200, 412, 412]


def test_who_wants_only_what_is_not_newer_is_refused_what_is(ask):
    dates = [http_date(PUBLISHED + timedelta(seconds=late)) for late in (0, -1)]
    assert [ask(If_Unmodified_Since=date).status_code for date in dates] == [200, 412]


# --- Parts


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-0", slice(0, 1)),
        ("bytes=10-", slice(10, None)),
        ("bytes=10-19", slice(10, 20)),
        ("bytes=-7", slice(-7, None)),
        ("bytes=-999999", slice(None)),
        ("bytes=10-999999", slice(10, None)),
        ("BYTES= 3-4 ", slice(3, 5)),
    ],
)
def test_a_part_comes_as_it_lies_in_the_file(ask, plain, asked, part):
    answer = ask(Range=asked)
    start, stop, _ = part.indices(len(plain))
    assert (answer.status_code, answer.data) == (206, plain[part])
    assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{len(plain)}"
    assert int(answer.headers["Content-Length"]) == stop - start


@pytest.mark.parametrize(
    "asked", ["bytes=0-1,5-6", "bytes=5-2", "bytes=-", "bytes=x-", "lines=1-2", "bytes 0-1", "bytes=0x1-2", "bytes=" + "9" * 40 + "-"]
)
def test_several_parts_or_none_that_can_be_read_bring_the_whole_file(ask, plain, asked):
    answer = ask(Range=asked)
    assert (answer.status_code, answer.data, "Content-Range" in answer.headers) == (200, plain, False)


@pytest.mark.parametrize("asked", ["bytes={size}-", "bytes=999999-1000000", "bytes=-0"])
def test_a_part_beyond_the_end_is_refused_with_the_size(ask, plain, asked):
    answer = ask(Range=asked.format(size=len(plain)))
    assert (answer.status_code, answer.headers["Content-Range"], answer.mimetype) == (416, f"bytes */{len(plain)}", "text/plain")


def test_a_part_of_a_packed_form_is_a_part_of_its_octets(ask, release):
    packed = (release.folder / "domains.txt.gz").read_bytes()
    answer = ask(Range="bytes=4-", Accept_Encoding="gzip")
    assert (answer.status_code, coding_of(answer), answer.data) == (206, "gzip", packed[4:])


@pytest.mark.parametrize(
    ("state", "status"),
    [("{tag}", 206), ('"other"', 200), ("W/{tag}", 200), ("{date}", 206), ("Tue, 24 Nov 2026 11:59:59 GMT", 200), ("nonsense", 200)],
)
def test_a_broken_download_goes_on_only_with_the_state_it_began_with(ask, state, status):
    whole = ask()
    told = state.format(tag=whole.headers["ETag"], date=whole.headers["Last-Modified"])
    assert ask(Range="bytes=10-", If_Range=told).status_code == status


def test_who_has_it_already_gets_no_part_of_it(ask):
    assert ask(Range="bytes=0-3", If_None_Match=ask().headers["ETag"]).status_code == 304


@pytest.mark.parametrize("asked", [{}, {"Range": "bytes=0-3"}, {"Accept_Encoding": "gzip"}, {"Accept_Encoding": "br"}])
def test_head_tells_what_get_would_send_and_sends_nothing(ask, asked):
    head, get = ask("HEAD", **asked), ask(**{name: value for name, value in asked.items() if name != "Range"})
    told = ("Content-Length", "Content-Type", "Content-Encoding", "ETag", "Last-Modified", "Accept-Ranges", "Cache-Control", "Vary")
    assert (head.status_code, head.data) == (200, b"")
    assert {name: head.headers.get(name) for name in told} == {name: get.headers.get(name) for name in told}


# --- Names that never stand for anything else


@pytest.fixture
def address(client, release):
    """Where the index says that a file of its release lies, seen from the index."""

    def named(name="domains.txt", coding=None):
        shown = next(form for form in client.get("/feed/v1/", headers=BEARER).json["formats"] if form["file"] == name)
        return f"/feed/v1/{(shown[coding] if coding else shown)['address']}"

    return named


def test_the_index_leads_to_each_file_of_its_release(ask, address, plain):
    answer = ask(address=address())
    assert (answer.status_code, answer.data, answer.headers["Cache-Control"]) == (200, plain, "private, max-age=7200, immutable")


@pytest.mark.parametrize("coding", UNPACK)
def test_the_index_leads_to_each_packed_copy(ask, address, plain, coding):
    answer = ask(address=address(coding=coding))
    assert (answer.status_code, coding_of(answer), UNPACK[coding](answer.data)) == (200, "identity", plain)


def test_a_fixed_name_gives_codings_conditions_and_parts_too(ask, address, plain):
    packed = ask(address=address(), Accept_Encoding="zstd")
    again = ask(address=address(), Accept_Encoding="zstd", If_None_Match=packed.headers["ETag"])
    part = ask(address=address(), Range="bytes=1-3")
    assert (coding_of(packed), UNPACK["zstd"](packed.data), again.status_code, part.data) == ("zstd", plain, 304, plain[1:4])
    assert again.headers["Cache-Control"].endswith("immutable")


def test_who_read_an_index_finds_its_files_after_the_next_release(ask, address, plain, shelf):
    before = address()
    bring_out(shelf, header(serial=8), [])
    assert (ask(address=before).data, ask(address=before).headers["X-Flagstone-Serial"]) == (plain, "7")


def test_the_moving_name_must_be_asked_for_again_each_time(ask):
    assert [ask(address=name).headers["Cache-Control"] for name in ("/feed/v1/", ADDRESS)] == ["private, no-cache"] * 2


@pytest.mark.parametrize(
    "change",
    [
        lambda address: address.replace("/r/7/", "/r/6/"),
        lambda address: address.replace("/r/7/", "/r/8/"),
        lambda address: address.replace("/r/7/", "/r/-7/"),
        lambda address: address.replace("/r/7/", "/r/07x/"),
        lambda address: address.replace("domains.txt", "hosts.txt"),
        lambda address: address.replace("domains.txt", "report.json"),
        lambda address: address.replace("domains.txt", "..%2f..%2findex.json"),
        lambda address: address[:-12] + address[-12:].replace("/domains.txt", "0/domains.txt"),
        lambda address: address.upper().replace("/FEED/V1/R/", "/feed/v1/r/").replace("DOMAINS.TXT", "domains.txt"),
    ],
)
def test_no_other_name_leads_to_the_file(ask, address, change):
    answer = ask(address=change(address()))
    assert (answer.status_code, answer.mimetype, answer.text.count("\n"), answer.headers["Cache-Control"]) == (
        404,
        "text/plain",
        1,
        "no-store",
    )


def test_a_fixed_name_needs_the_token_too(client, address):
    assert client.get(address()).status_code == 401


def test_a_release_is_not_given_before_it_is_the_current_one(ask, address, shelf, tmp_path):
    before = address()
    shelf.folder(7).rename(shelf.folder(9))
    assert ask(address=before.replace("/r/7/", "/r/9/")).status_code == 404


def test_a_release_that_is_kept_no_longer_sends_its_reader_to_the_index(ask, address, shelf):
    before = address()
    bring_out(shelf, header(serial=8), [])
    assert ask(address=before).status_code == 200
    shelf.discard(7)
    answer = ask(address=before)
    assert (answer.status_code, "index" in answer.text) == (404, True)
