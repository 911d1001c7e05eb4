"""The feed over HTTP: who may pull, what comes back, and that nothing else ever does."""

import hashlib
import logging
from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest

from app.release import index
from app.release.newest import bring_out
from moderation import formats
from tests.release.builders import header
from tests.web.feeds import BEARER, TOKEN, add_consumer

FILES = [form.FILE_NAME for form in formats.installed()]

each_file = pytest.mark.parametrize("name", FILES)


def basic(user, password):
    return {"Authorization": "Basic " + b64encode(f"{user}:{password}".encode()).decode()}


# --- Who may pull


@pytest.mark.parametrize(
    "headers",
    [
        BEARER,
        {"Authorization": f"bearer {TOKEN}"},
        {"Authorization": f"Token {TOKEN}"},
        basic("isp", TOKEN),
        basic(TOKEN, ""),
        basic(TOKEN, "x"),
    ],
    ids=["Bearer", "bearer", "Token", "Basic password", "Basic user name", "Basic both"],
)
def test_a_token_opens_the_feed_in_every_way_that_clients_send_it(client, release, headers):
    assert client.get("/feed/v1/domains.txt", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer " + "x" * 5_000},
        {"Authorization": "Basic %%%"},
        {"Authorization": "Basic " + b64encode(b"\xff\xfe").decode()},
        {"Authorization": f"Digest {TOKEN}"},
        basic("", ""),
    ],
)
@pytest.mark.parametrize("address", ["/feed/v1/", "/feed/v1/domains.txt", "/feed/v1/nothing.txt"])
def test_without_a_valid_token_the_answer_is_401(client, release, headers, address):
    assert client.get(address, headers=headers).status_code == 401


def test_a_401_says_how_to_send_a_token(client, release):
    offered = client.get("/feed/v1/").headers.getlist("WWW-Authenticate")
    assert [offer.split()[0] for offer in offered] == ["Bearer", "Basic"]


@pytest.mark.parametrize("ended", ["expires_at", "revoked_at", "disabled_at"])
def test_a_token_that_has_ended_opens_nothing(client, release, own_database, ended):
    add_consumer(own_database, f"ended by {ended}", **{ended: datetime.now(UTC) - timedelta(seconds=1)})
    assert client.get("/feed/v1/", headers={"Authorization": f"Bearer ended by {ended}"}).status_code == 401


def test_a_token_that_will_end_still_opens_the_feed(client, release, own_database):
    add_consumer(own_database, "ends-later", expires_at=datetime.now(UTC) + timedelta(minutes=1))
    assert client.get("/feed/v1/", headers={"Authorization": "Bearer ends-later"}).status_code == 200


def test_a_token_in_the_address_opens_a_format_that_was_opted_into(client, release):
    assert client.get(f"/feed/v1/t/{TOKEN}/rpz.zone").status_code == 200


@pytest.mark.parametrize("suffix", [".gz", ".br", ".zst"])
def test_the_packed_copies_of_such_a_format_open_too(client, release, suffix):
    assert client.get(f"/feed/v1/t/{TOKEN}/rpz.zone{suffix}").status_code == 200


def test_a_token_in_the_address_tells_nothing_apart(client, release):
    not_opted, wrong = client.get(f"/feed/v1/t/{TOKEN}/domains.txt"), client.get("/feed/v1/t/wrong/rpz.zone")
    assert (not_opted.status_code, not_opted.data) == (wrong.status_code, wrong.data)
    assert wrong.status_code == 404


def test_a_token_is_in_no_log(client, release, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    for address in (f"/feed/v1/t/{TOKEN}/rpz.zone", f"/feed/v1/t/{TOKEN}/domains.txt", f"/feed/v1/t/{TOKEN}/"):
        client.get(address)
    client.get("/feed/v1/", headers=BEARER)
    assert TOKEN not in caplog.text + "".join(capfd.readouterr())


def test_a_fault_with_a_token_in_the_address_does_not_log_it(client, release, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    (release.folder / "rpz.zone").unlink()
    answer = client.get(f"/feed/v1/t/{TOKEN}/rpz.zone")
    assert answer.status_code >= 500
    assert TOKEN not in caplog.text + "".join(capfd.readouterr())


# --- What comes back


@each_file
def test_a_format_comes_back_as_it_was_written(client, release, name):
    assert client.get(f"/feed/v1/{name}", headers=BEARER).data == (release.folder / name).read_bytes()


@each_file
def test_its_media_type_is_the_formats_own(client, release, name):
    answer = client.get(f"/feed/v1/{name}", headers=BEARER)
    assert answer.headers["Content-Type"] == index.read(release.folder).files[name].media_type


def test_the_index_is_json_with_every_format(client, release):
    found = client.get("/feed/v1/", headers=BEARER).json
    assert (found["serial"], [form["file"] for form in found["formats"]]) == (7, FILES)


@pytest.mark.parametrize("name", ["report.json", "index.json", "nothing.txt", "domains.txt.gz.gz", ".domains.txt.body", "..%2findex.json"])
def test_nothing_but_formats_is_served(client, release, name):
    assert client.get(f"/feed/v1/{name}", headers=BEARER).status_code == 404


@each_file
def test_the_etag_is_the_digest_of_what_is_sent(client, release, name):
    answer = client.get(f"/feed/v1/{name}", headers=BEARER)
    assert answer.headers["ETag"] == f'"{hashlib.sha256(answer.data).hexdigest()}"'


@pytest.mark.parametrize("name", ["", *FILES])
def test_who_has_it_already_gets_a_304_without_a_body(client, release, name):
    etag = client.get(f"/feed/v1/{name}", headers=BEARER).headers["ETag"]
    answer = client.get(f"/feed/v1/{name}", headers=BEARER | {"If-None-Match": etag})
    assert (answer.status_code, answer.data, answer.headers["ETag"], answer.headers["X-Flagstone-Serial"]) == (304, b"", etag, "7")
    assert "Content-Type" not in answer.headers


def test_a_new_release_is_no_304_for_the_old_tag(client, shelf, release):
    etag = client.get("/feed/v1/domains.txt", headers=BEARER).headers["ETag"]
    bring_out(shelf, header(serial=8), [])
    answer = client.get("/feed/v1/domains.txt", headers=BEARER | {"If-None-Match": etag})
    assert (answer.status_code, answer.headers["X-Flagstone-Serial"], b"shop.example.net" in answer.data) == (200, "8", False)


def test_who_asks_by_date_gets_a_304_too(client, release):
    since = client.get("/feed/v1/domains.txt", headers=BEARER).headers["Last-Modified"]
    assert client.get("/feed/v1/domains.txt", headers=BEARER | {"If-Modified-Since": since}).status_code == 304


def test_head_tells_the_size_without_a_body(client, release):
    answer = client.head("/feed/v1/domains.txt", headers=BEARER)
    assert (answer.status_code, answer.data, int(answer.headers["Content-Length"])) == (
        200,
        b"",
        (release.folder / "domains.txt").stat().st_size,
    )


def test_a_broken_download_can_go_on(client, release):
    answer = client.get("/feed/v1/domains.txt", headers=BEARER | {"Range": "bytes=10-"})
    assert (answer.status_code, answer.data) == (206, (release.folder / "domains.txt").read_bytes()[10:])


def test_a_download_does_not_go_on_with_another_release(client, shelf, release):
    etag = client.get("/feed/v1/domains.txt", headers=BEARER).headers["ETag"]
    bring_out(shelf, header(serial=8), [])
    answer = client.get("/feed/v1/domains.txt", headers=BEARER | {"Range": "bytes=10-", "If-Range": etag})
    assert answer.status_code == 200


def test_an_answer_begun_before_a_new_release_ends_as_the_old_one(client, shelf, release):
    answer = client.get("/feed/v1/domains.txt", headers=BEARER, buffered=False)
    bring_out(shelf, header(serial=8), [])
    assert b"shop.example.net" in answer.data


def test_each_answer_says_which_release_and_until_when(client, release):
    headers = client.get("/feed/v1/domains.txt", headers=BEARER).headers
    assert (headers["X-Flagstone-Serial"], headers["X-Flagstone-Valid-Until"]) == ("7", "2026-11-25T12:00:00Z")


@pytest.mark.parametrize("address", ["/feed/v1/domains.txt", f"/feed/v1/t/{TOKEN}/rpz.zone", "/feed/v1/"])
def test_an_answer_stays_with_its_consumer(client, release, address):
    headers = client.get(address, headers=BEARER).headers
    assert (headers["Cache-Control"], headers["Referrer-Policy"], "Set-Cookie" in headers) == ("private, no-cache", "no-referrer", False)


# --- What never comes back


def test_before_the_first_release_the_answer_says_when_to_come_again(client):
    answer = client.get("/feed/v1/domains.txt", headers=BEARER)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")


def test_while_a_damaged_release_is_written_again_the_answer_says_when_to_come_again(client, shelf, release):
    shelf.discard(7)
    assert client.get("/feed/v1/domains.txt", headers=BEARER).status_code == 503


REFUSED = {
    "no token": ("/feed/v1/domains.txt", {}),
    "no index without a token": ("/feed/v1/", {}),
    "no such format": ("/feed/v1/nothing.txt", BEARER),
    "wrong token in the address": ("/feed/v1/t/wrong/rpz.zone", {}),
    "no such address": ("/feed/v1/t/", BEARER),
    "far from any address": ("/feed/v1/a/b/c", BEARER),
}


@pytest.mark.parametrize(("address", "headers"), REFUSED.values(), ids=REFUSED)
def test_an_error_is_plain_text_that_no_format_reads_as_an_entry(client, release, address, headers):
    answer = client.get(address, headers=headers | {"Accept": "text/html"})
    assert answer.status_code >= 400
    assert answer.mimetype == "text/plain"
    assert (answer.text.count("\n"), len(answer.text.split()) > 3, "<" in answer.text) == (1, True, False)


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_the_feed_can_only_be_read(client, release, method):
    answer = getattr(client, method)("/feed/v1/domains.txt", headers=BEARER)
    assert (answer.status_code, answer.mimetype) == (405, "text/plain")
