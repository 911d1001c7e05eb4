"""What changed since a serial, over HTTP: an engineer's script that follows a list, and every way in which it can ask wrongly."""

import gzip
import hashlib
import uuid

import orjson
import pytest

from app.feed import changes as served
from app.feed.ranges import Ranges
from app.feed.views import READER
from app.release.deltas import Chain, Deltas
from app.release.newest import bring_out
from app.release.shelf import Shelf
from moderation import policy
from moderation.models import Consumer, ConsumerToken
from moderation.vocabulary import Change
from tests import builders
from tests.release.builders import header, host, listed, page
from tests.web.visitors import database_of, one_app

TOKEN = "a-token-for-changes-0123456789"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
OTHER = "another-token-for-changes-0123"


@pytest.fixture(scope="module")
def whole_app(server, template, tmp_path_factory):
    for app in one_app(server, template, tmp_path_factory.mktemp("instance")):
        with database_of(app).transaction() as session:
            for token, opted in ((TOKEN, ["changes"]), (OTHER, ["domains.txt"])):
                consumer = Consumer(reference=uuid.uuid4(), name=token, address_formats=opted, created_at=builders.NOON)
                session.add(consumer)
                session.flush()
                digest = hashlib.sha256(token.encode()).digest()
                session.add(ConsumerToken(consumer_id=consumer.id, digest=digest, created_at=builders.NOON))
        yield app


@pytest.fixture
def client(whole_app, tmp_path):
    from app.feed.current import Reader

    whole_app.extensions[READER] = Reader(tmp_path)
    whole_app.extensions[served.RANGES] = Ranges(tmp_path)
    return whole_app.test_client()


@pytest.fixture
def deltas(tmp_path):
    return Deltas(tmp_path)


def chain(oldest, serial):
    return Chain(oldest=oldest, serial=serial, made_at="2026-11-24T12:00:00+00:00", rules="the same")


def numbered(number):
    return listed("host", f"site{number}.test", number=number)


@pytest.fixture
def five(deltas):
    """Serials 3 to 8: one addition each, but for 7, which takes the one of 5 away again."""
    deltas.write(header(serial=3))
    for serial in (4, 5, 6, 8):
        deltas.write(header(serial=serial), [Change(old=None, new=numbered(serial))])
    deltas.write(header(serial=7), [Change(old=numbered(5), new=None, because="delisted")])
    deltas.reach(chain(3, 8))


def ask(client, since, headers=BEARER, **more):
    return client.get(f"/feed/v1/changes?since={since}", headers={**headers, **more})


def told(answer):
    head, *lines = map(orjson.loads, answer.data.splitlines())
    assert head["lines"] == len(lines)
    return head, [(line["type"], line["target"]) for line in lines]


def test_a_consumer_gets_what_changed_since_its_serial(client, five):
    answer = ask(client, 5)
    head, lines = told(answer)
    assert (answer.status_code, answer.mimetype, head["from"], head["to"], head["serial"]) == (200, "application/x-ndjson", 5, 8, 8)
    assert lines == [("remove", "site5.test"), ("add", "site6.test"), ("add", "site8.test")]


def test_what_came_and_went_between_is_not_told(client, five):
    assert told(ask(client, 3))[1] == [("add", "site4.test"), ("add", "site6.test"), ("add", "site8.test")]


def test_a_consumer_that_carries_the_newest_is_told_so(client, five):
    head, lines = told(ask(client, 8))
    assert (head["from"], head["to"], lines) == (8, 8, [])


def test_where_the_chain_begins_nothing_has_changed_yet(client, deltas):
    deltas.write(header(serial=3))
    deltas.reach(chain(3, 3))
    assert told(ask(client, 3))[1] == []


def test_it_says_how_long_the_list_is_valid_and_what_the_newest_serial_is(client, five):
    headers = ask(client, 3).headers
    assert (headers["X-Flagstone-Serial"], headers["X-Flagstone-Valid-Until"]) == ("8", "2026-11-25T12:00:00Z")


class TestPages:
    @pytest.fixture(autouse=True)
    def small(self, monkeypatch):
        monkeypatch.setattr(policy, "CHANGES_LINES_A_PAGE", 2)

    def test_a_long_way_comes_in_pages_that_name_the_next(self, client, five):
        followed, address = [], "/feed/v1/changes?since=3"
        while address:
            answer = client.get(address, headers=BEARER)
            head, lines = told(answer)
            followed.append((head["from"], head["to"], len(lines)))
            address = answer.headers.get("Link", "").partition(">")[0].removeprefix("<")
        assert followed == [(3, 5, 2), (5, 7, 2), (7, 8, 1)]

    def test_the_next_page_by_address_keeps_to_the_address(self, client, five):
        link = client.get(f"/feed/v1/t/{TOKEN}/changes?since=3").headers["Link"]
        assert link == f'</feed/v1/t/{TOKEN}/changes?since=5>; rel="next"'

    def test_one_release_is_one_page_however_long_it_is(self, client, deltas):
        deltas.write(header(serial=3))
        deltas.write(header(serial=4), [Change(old=None, new=numbered(each)) for each in range(5)])
        deltas.reach(chain(3, 4))
        answer = ask(client, 3)
        assert len(told(answer)[1]) == 5
        assert answer.data == deltas.file(4).read_bytes()
        assert ask(client, 3, **{"If-None-Match": answer.headers["ETag"]}).status_code == 304
        packed = ask(client, 3, **{"Accept-Encoding": "gzip"})
        assert gzip.decompress(packed.data) == answer.data
        assert packed.headers["ETag"] != answer.headers["ETag"]

    def test_a_page_joins_so_many_releases_at_most(self, client, five, monkeypatch):
        monkeypatch.setattr(policy, "CHANGES_RELEASES_A_PAGE", 1)
        head, _ = told(ask(client, 3))
        assert (head["from"], head["to"]) == (3, 4)

    def test_a_range_that_is_longer_than_a_page_is_refused(self, client, five):
        answer = client.get("/feed/v1/changes/3-8", headers=BEARER)
        assert (answer.status_code, "too long" in answer.text) == (400, True)


class TestCaching:
    def test_a_range_has_an_address_of_its_own_that_never_changes(self, client, five):
        moving = ask(client, 3)
        assert (moving.headers["Cache-Control"], moving.headers["Content-Location"]) == ("private, no-cache", "/feed/v1/changes/3-8")
        fixed = client.get("/feed/v1/changes/3-8", headers=BEARER)
        assert (fixed.data, fixed.headers["ETag"]) == (moving.data, moving.headers["ETag"])
        assert "immutable" in fixed.headers["Cache-Control"]

    def test_a_later_release_leaves_it_as_it_was(self, client, deltas, five):
        before = client.get("/feed/v1/changes/3-8", headers=BEARER)
        deltas.write(header(serial=9), [Change(old=numbered(4), new=None, because="delisted")])
        deltas.reach(chain(3, 9))
        client.application.extensions[served.RANGES] = Ranges(deltas.folder.parents[1])
        after = client.get("/feed/v1/changes/3-8", headers=BEARER)
        assert (before.data, before.headers["ETag"]) == (after.data, after.headers["ETag"])
        assert told(ask(client, 3))[0]["to"] == 9

    def test_the_tag_is_the_digest_of_what_is_sent(self, client, five):
        for headers in ({}, {"Accept-Encoding": "gzip"}):
            answer = ask(client, 3, **headers)
            assert answer.headers["ETag"] == f'"{hashlib.sha256(answer.data).hexdigest()}"'
            assert "Accept-Encoding" in answer.headers["Vary"]

    def test_who_has_it_already_gets_a_304(self, client, five):
        answer = ask(client, 3, **{"If-None-Match": ask(client, 3).headers["ETag"]})
        assert (answer.status_code, answer.data) == (304, b"")

    def test_gzip_comes_to_who_names_it(self, client, five):
        answer = ask(client, 3, **{"Accept-Encoding": "gzip"})
        assert answer.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(answer.data) == ask(client, 3).data
        assert "Content-Encoding" not in ask(client, 3, **{"Accept-Encoding": "*"}).headers

    def test_head_tells_the_size_without_a_body(self, client, five):
        answer = client.head("/feed/v1/changes?since=3", headers=BEARER)
        assert (answer.data, int(answer.headers["Content-Length"])) == (b"", len(ask(client, 3).data))

    def test_no_disposition_makes_a_download_of_it(self, client, five):
        assert "Content-Disposition" not in ask(client, 3).headers


class TestTooFarBehind:
    @pytest.mark.parametrize("since", [0, 2])
    def test_it_is_told_to_take_the_full_state_and_which_file(self, client, five, since):
        answer = ask(client, since)
        assert answer.status_code == 410
        assert {**answer.json, "detail": ""} == {
            "type": "full_state_required",
            "detail": "",
            "file": "feed.jsonl",
            "address": "/feed/v1/feed.jsonl",
            "oldest": 3,
            "serial": 8,
        }
        assert answer.headers["Cache-Control"] == "no-store"

    def test_a_range_of_that_time_is_gone_too_even_where_it_was_joined_before(self, client, deltas, five):
        assert client.get("/feed/v1/changes/3-6", headers=BEARER).status_code == 200
        deltas.reach(chain(5, 8))
        assert client.get("/feed/v1/changes/3-6", headers=BEARER).status_code == 410

    def test_files_that_go_in_the_middle_of_an_answer_are_no_fault(self, client, deltas, five):
        deltas.file(6).unlink()
        assert ask(client, 4).status_code == 410

    def test_without_a_serial_it_says_how_to_begin(self, client, five):
        answer = client.get("/feed/v1/changes", headers=BEARER)
        assert (answer.status_code, answer.json["type"], answer.json["address"]) == (400, "full_state_required", "/feed/v1/feed.jsonl")


@pytest.mark.parametrize("since", ["", "-1", "x", "1.5", "+3", "03", "%D9%A3", "3%0A", "9" * 30, "0x3", " 3"])
def test_what_is_no_serial_is_told_so_in_one_plain_line(client, five, since):
    answer = ask(client, since)
    assert (answer.status_code, answer.mimetype, answer.text.count("\n"), "." in answer.text) == (400, "text/plain", 1, False)
    assert "must be a serial" in answer.text


def test_a_serial_of_the_future_is_told_so_with_the_newest(client, five):
    answer = ask(client, 9)
    assert (answer.status_code, "the newest serial, which is 8" in answer.text) == (400, True)


def test_where_the_full_state_is_ahead_of_the_changes_the_consumer_is_asked_to_come_again(client, five, tmp_path):
    bring_out(Shelf(tmp_path), header(serial=9), [host("shop.example.net"), page("https://example.net/ad")])
    answer = ask(client, 9)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert ask(client, 10).status_code == 400


@pytest.mark.parametrize(
    ("span", "status"), [("8-3", 400), ("x", 400), ("3-", 400), ("03-8", 400), ("3-9", 404), ("3-8-9", 400), ("3-3", 200)]
)
def test_a_range_that_is_none_is_told_so(client, five, span, status):
    assert client.get(f"/feed/v1/changes/{span}", headers=BEARER).status_code == status


def test_before_the_first_release_the_answer_says_when_to_come_again(client):
    assert ask(client, 0).headers["Retry-After"] == "60"


@pytest.mark.parametrize("address", ["/feed/v1/changes?since=3", "/feed/v1/changes", "/feed/v1/changes/3-8"])
def test_without_a_token_there_is_nothing_to_see(client, five, address):
    answer = client.get(address)
    assert (answer.status_code, "WWW-Authenticate" in answer.headers) == (401, True)


@pytest.mark.parametrize("rest", ["changes?since=3", "changes/3-8"])
def test_by_address_they_come_where_the_consumer_asked_for_that(client, five, rest):
    mine, not_opted, wrong = (client.get(f"/feed/v1/t/{token}/{rest}") for token in (TOKEN, OTHER, "wrong"))
    assert (mine.status_code, "Content-Location" in mine.headers) == (200, False)
    assert (not_opted.status_code, not_opted.data) == (wrong.status_code, wrong.data) == (404, wrong.data)


def test_ten_lines_follow_the_list(client, five):
    carried, since = {}, 3
    while True:
        head, *lines = map(orjson.loads, ask(client, since).data.splitlines())
        for line in lines:
            carried.pop(line.get("replaces", line)["reference"], None)
        carried |= {line["reference"]: line["target"] for line in lines if line["type"] != "remove"}
        if head["to"] == since:
            break
        since = head["to"]
    assert sorted(carried.values()) == ["site4.test", "site6.test", "site8.test"]
