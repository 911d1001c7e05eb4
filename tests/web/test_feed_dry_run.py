"""Dry runs over HTTP: an engineer asks before they load, and every way in which they can ask wrongly."""

import hashlib
import uuid
from dataclasses import replace

import pytest

from app.release.deltas import Chain, Deltas
from app.release.newest import bring_out
from app.release.shelf import Shelf
from moderation import consumers, policy
from moderation.vocabulary import SYSTEM, Budget, Change
from tests import builders
from tests.release.builders import header, host, listed, page
from tests.web.visitors import database_of, one_app

HERE = "/feed/v1/dry-run"


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    for app in one_app(server, template, tmp_path_factory.mktemp("instance")):
        data = app.extensions["settings"].data
        bring_out(Shelf(data), header(serial=2), [host("shop.example.net"), page("https://example.net/ad")])
        deltas = Deltas(data)
        deltas.write(header(serial=1))
        new = [host("shop.example.net"), listed("page", "https://example.net/ad", "example.net", number=2)]
        deltas.write(header(serial=2), [Change(old=None, new=each) for each in new])
        deltas.reach(Chain(oldest=1, serial=2, made_at="", rules=""))
        yield app


@pytest.fixture
def ask(app):
    """Asks as a network of the test's own."""
    token = uuid.uuid4().hex
    with database_of(app).transaction() as session:
        digest = hashlib.sha256(token.encode()).digest()
        consumers.add_consumer(session, token, token_digest=digest, reference=uuid.uuid4(), address_formats=(), by=SYSTEM, at=builders.NOON)
    client, bearer = app.test_client(), {"Authorization": f"Bearer {token}"}
    return lambda address="", body=None: client.open(HERE + address, method="GET" if body is None else "POST", data=body, headers=bearer)


def test_a_cautious_network_sees_what_a_file_would_gain_before_it_loads_it(ask):
    answer = ask("?since=1&format=rpz.zone")
    assert answer.json["counts"] == {"add": 1, "change": 0, "remove": 0}
    assert [line["target"] for line in answer.json["changes"]] == ["shop.example.net"]
    assert (answer.headers["Cache-Control"], answer.headers["X-Flagstone-Serial"]) == ("no-store", "2")


def test_names_of_ones_own_are_compared_and_not_kept(ask):
    answer = ask(body="blocktest.list.example\nfreed.example\n")
    assert [(line["type"], line["target"]) for line in answer.json["changes"]] == [("add", "shop.example.net"), ("remove", "freed.example")]
    assert answer.json["since"] is None


def test_pages_follow_one_another(ask, monkeypatch):
    monkeypatch.setattr(policy, "DRY_RUN_A_PAGE", 1)
    first = ask("?since=1")
    assert first.headers["Link"] == f'<{HERE}?since=1&page=2>; rel="next"'
    last = ask("?since=1&page=2")
    assert "Link" not in last.headers
    assert {answer.json["changes"][0]["target"] for answer in (first, last)} == {"shop.example.net", "https://example.net/ad"}


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("", 400),
        ("?since=-1", 400),
        ("?since=2%0a", 400),
        ("?since=3", 400),
        ("?since=0", 410),
        ("?since=1&format=../../etc/passwd", 400),
        ("?since=1&page=0", 404),
        ("?since=1&page=2", 404),
        ("?since=1&page=99999999999999999999", 404),
        ("?since=1&page=%D9%A1", 404),
    ],
)
def test_what_is_asked_wrongly_is_refused_in_one_line_of_text(ask, address, status):
    answer = ask(address)
    assert answer.status_code == status
    assert answer.text.count("\n") == 1


def test_without_a_token_nothing_is_told(app):
    assert [app.test_client().open(f"{HERE}?since=1", method=method).status_code for method in ("GET", "POST")] == [401, 401]


def test_too_many_names_are_refused_and_too_many_octets_not_even_read(ask, monkeypatch):
    monkeypatch.setattr(policy, "DRY_RUN_NAMES", 1)
    assert ask(body="a.example\nb.example\n").status_code == 413
    monkeypatch.setattr(policy, "DRY_RUN_BYTES", 10)
    assert ask(body="a.example\n" * 10).status_code == 413


def test_a_script_that_asks_without_end_must_wait(ask, monkeypatch):
    monkeypatch.setattr(policy, "DRY_RUNS", replace(policy.DRY_RUNS, each=Budget(2, policy.DRY_RUNS.each.per)))
    answers = [ask("?since=1") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].headers["Retry-After"] == "600"
