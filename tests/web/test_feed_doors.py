"""Who pulls how often, what a process remembers, and what is written down of it."""

import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, select, update

from app import clock, create_app, secrets_shown
from app.feed import access, pulls
from app.feed.access import Authorised
from app.release.newest import bring_out
from moderation import consumers, formats, policy
from moderation.models import Consumer, ConsumerPull, ConsumerToken
from moderation.vocabulary import Budget
from tests import builders
from tests.release.builders import header, host
from tests.web.feeds import BEARER, add_consumer

FILES = [form.FILE_NAME for form in formats.installed()]
CODINGS = ("identity", "gzip", "br", "zstd", "gzip, br, zstd")


@pytest.fixture(autouse=True)
def _nothing_noted(whole_app):
    whole_app.extensions[access.EXTENSION] = Authorised()
    whole_app.extensions[pulls.EXTENSION] = pulls.Noted()


@pytest.fixture
def token(own_database):
    """A token that no other test knows."""
    made = secrets_shown.new()
    add_consumer(own_database, made)
    return made


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def end(database, token, **how):
    with database.transaction() as session:
        session.execute(update(ConsumerToken).where(ConsumerToken.digest == secrets_shown.digest(token)).values(how))


def carried(database, token):
    """File and serial of all that is written down for a token."""
    query = select(ConsumerPull.file, ConsumerPull.serial).join(ConsumerToken, ConsumerToken.id == ConsumerPull.token_id)
    with database.reading() as session:
        return dict(session.execute(query.where(ConsumerToken.digest == secrets_shown.digest(token))).all())


# --- How often


def polls(client, token, *, resolvers, tries):
    """A well-behaved network between two refreshes: each resolver asks for each file in each coding, and tries again some times."""
    for file in ("", *FILES, "changes?since=7"):
        etag = client.get(f"/feed/v1/{file}", headers=bearer(token)).headers.get("ETag", '"x"')
        for coding in CODINGS:
            for _ in range(resolvers * tries):
                yield client.get(f"/feed/v1/{file}", headers=bearer(token) | {"Accept-Encoding": coding, "If-None-Match": etag}).status_code


def test_a_well_behaved_network_is_never_told_to_wait(client, release, token):
    seen = set(polls(client, token, resolvers=2, tries=3))
    assert 429 not in seen


def test_the_budget_holds_fifty_resolvers_with_every_file_in_every_coding_each_five_minutes_and_as_many_again():
    asked = 50 * (len(FILES) + 2) * len(CODINGS) * 3 * (policy.FEED_PULLS_EACH.per / timedelta(minutes=5))
    assert asked <= policy.FEED_PULLS_EACH.limit


def test_a_token_that_asks_too_often_is_told_when_to_come_again_and_no_other_is(client, release, token, own_database, monkeypatch):
    monkeypatch.setattr(policy, "FEED_PULLS_EACH", Budget(3, timedelta(minutes=10)))
    other = secrets_shown.new()
    add_consumer(own_database, other)
    answers = [client.get("/feed/v1/", headers=bearer(token)) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 600
    assert "." not in answers[-1].text
    assert client.get("/feed/v1/", headers=bearer(other)).status_code == 200


def test_whoever_tries_tokens_waits_and_a_good_token_from_the_same_place_does_not(client, release, token, monkeypatch):
    monkeypatch.setattr(policy, "FEED_STRANGERS", Budget(2, timedelta(minutes=10)))
    there = {"environ_overrides": {"REMOTE_ADDR": "203.0.113.9"}}
    tried = [client.get("/feed/v1/", headers=bearer(f"guess {number}"), **there).status_code for number in range(2)]
    assert tried == [401, 401]
    assert client.get("/feed/v1/t/guess/hosts.txt", **there).status_code == 429
    assert client.get("/feed/v1/", headers=bearer(token), **there).status_code == 200


# --- What is remembered


def test_a_token_is_looked_up_once_in_half_a_second(client, release, token, whole_app):
    asked = []
    engine = whole_app.extensions["flagstone_database"].engine
    event.listen(engine, "before_cursor_execute", listener := lambda *given: asked.append(given[2]))
    try:
        for _ in range(20):
            client.get("/feed/v1/hosts.txt", headers=bearer(token))
    finally:
        event.remove(engine, "before_cursor_execute", listener)
    assert len([each for each in asked if "consumer_token.digest" in each]) == 1
    assert len([each for each in asked if "INSERT INTO consumer_pull" in each]) == 1


@pytest.mark.parametrize("ends", ["revoked", "closed"])
def test_a_token_dies_within_a_second_in_a_process_that_remembers_it(client, release, token, own_database, ends):
    assert client.get("/feed/v1/", headers=bearer(token)).status_code == 200
    if ends == "revoked":
        end(own_database, token, revoked_at=clock.now())
    else:
        with own_database.transaction() as session:
            session.execute(update(Consumer).where(Consumer.name == f"ISP {token}").values(disabled_at=clock.now()))
    began = time.monotonic()
    while client.get("/feed/v1/", headers=bearer(token)).status_code == 200:
        assert time.monotonic() - began < 1
    assert client.get("/feed/v1/", headers=bearer(token)).status_code == 401


def test_a_new_token_works_at_once_even_where_it_was_tried_before_it_was_made(client, release, own_database):
    made = secrets_shown.new()
    assert client.get("/feed/v1/", headers=bearer(made)).status_code == 401
    add_consumer(own_database, made)
    assert client.get("/feed/v1/", headers=bearer(made)).status_code == 200


def test_what_was_revoked_while_it_was_looked_up_counts_from_when_it_was_asked_for():
    remembered, long_ago = Authorised(), time.monotonic() - policy.AUTHORISATION_HELD.total_seconds()
    remembered.put(b"token", consumers.ConsumerSeen(reference=None, name="ISP", address_formats=()), since=long_ago)
    assert remembered.get(b"token") is None


def test_no_more_tokens_are_remembered_than_there_is_room_for(monkeypatch):
    monkeypatch.setattr(access, "REMEMBERED", 3)
    remembered, consumer = Authorised(), consumers.ConsumerSeen(reference=None, name="ISP", address_formats=())
    for number in range(5):
        remembered.put(b"%d" % number, consumer, since=time.monotonic())
    assert [bool(remembered.get(b"%d" % number)) for number in range(5)] == [False, False, True, True, True]


# --- What is written down


def test_a_pull_is_written_down_with_the_serial_that_went_out(client, release, token, own_database):
    client.get("/feed/v1/hosts.txt.gz", headers=bearer(token))
    client.get("/feed/v1/", headers=bearer(token))
    assert carried(own_database, token) == {"hosts.txt": 7, "": 7}


def test_who_has_it_already_carries_it(client, release, token, own_database):
    etag = client.get("/feed/v1/hosts.txt", headers=BEARER).headers["ETag"]
    assert client.get("/feed/v1/hosts.txt", headers=bearer(token) | {"If-None-Match": etag}).status_code == 304
    assert carried(own_database, token) == {"hosts.txt": 7}


def test_a_new_serial_is_written_at_once_and_the_same_one_only_after_a_minute(client, shelf, release, token, own_database, whole_app):
    client.get("/feed/v1/hosts.txt", headers=bearer(token))
    bring_out(shelf, header(serial=8), [host("other.example.net")])
    client.get("/feed/v1/hosts.txt", headers=bearer(token))
    assert carried(own_database, token) == {"hosts.txt": 8}
    with own_database.transaction() as session:
        old = clock.now() - policy.PULL_NOTED / 2
        session.execute(update(ConsumerPull).where(ConsumerPull.serial == 8).values(pulled_at=old))
    # Another process knows nothing of what this one wrote; the database does.
    whole_app.extensions[pulls.EXTENSION] = pulls.Noted()
    client.get("/feed/v1/hosts.txt", headers=bearer(token))
    with own_database.reading() as session:
        assert session.scalars(select(ConsumerPull.pulled_at).where(ConsumerPull.serial == 8)).one() == old


@pytest.mark.parametrize(
    ("method", "headers", "file"),
    [
        ("HEAD", {}, "hosts.txt"),
        ("GET", {"Range": "bytes=0-9"}, "hosts.txt"),
        ("GET", {}, "nothing.txt"),
        ("GET", {"If-Match": '"x"'}, "hosts.txt"),
    ],
)
def test_what_nobody_took_whole_is_not_written_down(client, release, token, own_database, method, headers, file):
    client.open(f"/feed/v1/{file}", method=method, headers=bearer(token) | headers)
    assert carried(own_database, token) == {}


def test_a_download_that_goes_on_to_the_end_is_written_down(client, release, token, own_database):
    client.get("/feed/v1/hosts.txt", headers=bearer(token) | {"Range": "bytes=10-"})
    assert carried(own_database, token) == {"hosts.txt": 7}


def test_the_list_goes_out_where_nothing_can_be_written(client, release, token, monkeypatch, caplog):
    def full(*_, **__):
        raise pulls.SQLAlchemyError("the disk is full")

    monkeypatch.setattr("moderation.consumers.note", full)
    assert client.get("/feed/v1/hosts.txt", headers=bearer(token)).status_code == 200


def test_many_at_once_write_one_row(client, release, token, own_database, whole_app):
    def pull():
        whole_app.test_client().get("/feed/v1/hosts.txt", headers=bearer(token))

    at_once = [threading.Thread(target=pull) for _ in range(8)]
    for each in at_once:
        each.start()
    for each in at_once:
        each.join()
    assert carried(own_database, token) == {"hosts.txt": 7}


# --- Behind a proxy


@pytest.fixture(scope="module")
def behind_proxy(own_database, tmp_path_factory):
    """The application behind nginx, which writes X-Real-IP; and behind one that tells nothing."""
    made = []
    for name in ("X-Real-IP", ""):
        settings = replace(builders.settings(tmp_path_factory.mktemp("proxied")), behind_proxy=True, client_header=name)
        made.append(create_app(settings, database_url=own_database.url))
    yield made
    for app in made:
        app.extensions["flagstone_database"].engine.dispose()


def test_behind_a_proxy_its_own_header_counts_and_none_that_the_client_wrote(behind_proxy, own_database, token):
    with own_database.transaction() as session:
        session.execute(update(Consumer).where(Consumer.name == f"ISP {token}").values(allowed_networks=["192.0.2.0/24"]))
    tells, mute = (app.test_client() for app in behind_proxy)

    def status(client, **headers):
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.get("/feed/v1/", headers=bearer(token) | given, environ_overrides={"REMOTE_ADDR": "192.0.2.1"}).status_code

    assert status(tells, X_Real_IP="192.0.2.7") == 503
    assert status(tells, X_Real_IP="198.51.100.7") == 403
    assert status(tells, X_Real_IP="192.0.2.7, 198.51.100.7") == 403
    assert status(tells, X_Forwarded_For="192.0.2.7") == 403
    assert status(tells) == 403
    # Where only the proxy's own address is seen, nobody can be told from anybody.
    assert status(mute) == 403
    assert status(mute, X_Real_IP="192.0.2.7") == 403
