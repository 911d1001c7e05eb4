"""A request that is sent twice under one key is stored once; the key tells nobody anything."""

import uuid

import pytest
from sqlalchemy import select

from moderation.models import RequestKey
from tests import builders
from tests.web.api import counted, one, send
from tests.web.visitors import database_of, one_app


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    yield from one_app(server, template, tmp_path_factory.mktemp("instance"))


@pytest.fixture(scope="module")
def token(app):
    """The token of an accredited partner."""
    with database_of(app).transaction() as session:
        builders.partner(session, "Hotline", token="the hotline's token")
    return "the hotline's token"


def fresh_key():
    return str(uuid.uuid4())


def test_the_same_request_under_the_same_key_is_stored_once_and_answered_the_same(app, token):
    key, body = fresh_key(), {"reports": [one(), {}, one()]}
    first = send(app, body, token=token, key=key)
    before = counted(app)
    again = send(app, body, token=token, key=key)
    assert (again.status_code, again.json) == (first.status_code, first.json)
    assert (first.headers.get("Idempotency-Replayed"), again.headers["Idempotency-Replayed"]) == (None, "true")
    assert counted(app) == before


def test_anyone_may_send_the_same_report_again_under_a_key(app):
    key, body = fresh_key(), one()
    assert send(app, body, key=key).json == send(app, body, key=key).json


def test_another_request_under_the_same_key_is_refused(app):
    key = fresh_key()
    send(app, one(), key=key)
    assert send(app, one(), key=key).status_code == 422


def test_two_senders_with_one_key_never_meet(app, token):
    key = fresh_key()
    assert send(app, one(), key=key).status_code == 201
    assert send(app, one(), key=key, token=token).status_code == 201


def test_without_a_key_the_same_report_is_two(app):
    body = one()
    assert send(app, body).json["receipt"] != send(app, body).json["receipt"]


def test_a_refused_request_uses_up_no_key(app):
    key = fresh_key()
    assert send(app, {"what": "a"}, key=key).status_code == 422
    assert send(app, one(), key=key).status_code == 201


def test_nothing_of_a_request_is_kept_under_its_key_but_digests(app):
    key = fresh_key()
    send(app, one("https://jobs.test/kept-under-a-key"), key=key)
    with database_of(app).reading() as session:
        kept = [row.digest + row.body_digest for row in session.scalars(select(RequestKey))]
    assert all(len(each) == 64 for each in kept)
    assert not [each for each in kept if key.encode() in each or b"kept-under-a-key" in each]


@pytest.mark.parametrize("key", ["short", "x" * 129, "with a space in it!"])
def test_a_key_that_others_could_draw_too_is_refused(app, key):
    assert send(app, one(), key=key).status_code == 400
