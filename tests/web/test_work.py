"""Proof of work: shown only under load, taken once, worthless when it is old, forged or too long, and never a reason to refuse."""

import base64
import hashlib
import json
from datetime import timedelta

import altcha
import pytest

from app import clock, limits, work
from config import CHECKOUT
from moderation import policy
from moderation.vocabulary import Budget, Channel, Lane
from tests.machine.served import hidden
from tests.web.reporters import Reporter, code_on, stored

WORKER_OF_ALTCHA_3_2_2 = "7862add9c9d3d847ded3da928edcf406b46478754b9883351111414825b9c86f"


@pytest.fixture
def counters(app):
    with app.app_context():
        return limits.counters()


@pytest.fixture
def easy(monkeypatch):
    """Little work for a test's processor."""
    monkeypatch.setattr(policy, "WORK_ROUNDS", 1)


@pytest.fixture
def loaded(monkeypatch, easy):
    """The next report is the last that fits."""
    monkeypatch.setattr(policy, "REPORTS_BY_CHANNEL", dict.fromkeys(Channel, Budget(1, timedelta(hours=1))))


def solved(challenge):
    made = altcha.Challenge.from_dict(json.loads(challenge))
    return altcha.Payload(made, altcha.solve_challenge(made)).to_base64()


def changed(solution, **parameters):
    told = json.loads(base64.b64decode(solution))
    told["challenge"]["parameters"] |= parameters
    return base64.b64encode(json.dumps(told).encode()).decode()


def test_a_solution_is_taken_once(counters, easy):
    solution = solved(work.challenge(counters))
    assert [work.is_done(solution, counters) for _ in range(3)] == [True, False, False]


def test_the_same_solution_written_in_another_way_is_not_another(counters, easy):
    solution = solved(work.challenge(counters))
    assert work.is_done(solution, counters)
    told = json.loads(base64.b64decode(solution))
    told["solution"]["time"] = 12345
    assert not work.is_done(base64.b64encode(json.dumps(told, indent=1).encode()).decode(), counters)


def test_an_old_solution_is_refused_before_any_key_is_derived(counters, easy, monkeypatch):
    monkeypatch.setattr(policy, "WORK_LIFETIME", timedelta(seconds=-1))
    solution = solved(work.challenge(counters))
    monkeypatch.setattr(hashlib, "pbkdf2_hmac", lambda *_, **__: pytest.fail("derived"))
    assert not work.is_done(solution, counters)


def test_a_longer_life_or_lighter_work_cannot_be_written_in(counters, easy, monkeypatch):
    solution = solved(work.challenge(counters))
    monkeypatch.setattr(hashlib, "pbkdf2_hmac", lambda *_, **__: pytest.fail("derived"))
    later = int((clock.now() + timedelta(days=9)).timestamp())
    assert not work.is_done(changed(solution, expiresAt=later), counters)
    assert not work.is_done(changed(solution, cost=2, keyPrefix=""), counters)


@pytest.mark.long
@pytest.mark.parametrize(
    "sent", ["", "=", "AAAA", base64.b64encode(b"[]").decode(), base64.b64encode(b'{"challenge":1,"solution":2}').decode(), "A" * 5_000]
)
def test_what_is_no_solution_is_no_solution(counters, sent):
    assert not work.is_done(sent, counters)


def test_a_form_without_load_carries_no_work(app):
    page = app.test_client().get("/en/report").text
    assert "altcha" not in page
    assert "work.js" not in page


def test_a_form_under_load_carries_work_and_its_solution_keeps_the_standard_lane(app, loaded):
    reporter = Reporter(app)
    reporter.send("https://jobs.test/1", scripted="1")
    page = reporter.client.get("/en/report").text
    assert 'src="/static/work.js' in page
    solution = solved(hidden(page, "data-work"))
    reporter.send("https://jobs.test/2", scripted="1", work=solution)
    reporter.send("https://jobs.test/3", scripted="1", work=solution)
    reporter.send("https://jobs.test/4", scripted="1")
    assert [report.lane for report in stored(app)] == [Lane.STANDARD, Lane.STANDARD, Lane.SLOW, Lane.SLOW]


@pytest.mark.parametrize("sent", ["forged", "A" * 900_000])
def test_a_report_with_worthless_work_is_kept(app, loaded, sent):
    reporter = Reporter(app)
    answers = [reporter.send(f"https://jobs.test/{number}", scripted="1", work=sent) for number in range(2)]
    assert all(code_on(answer) for answer in answers)


def test_scripts_under_load_do_not_slow_who_has_none(app, loaded):
    reporter = Reporter(app)
    for number in range(3):
        reporter.send(f"https://jobs.test/{number}", scripted="1")
    reporter.send("https://jobs.test/plain")
    assert stored(app)[-1].lane == Lane.STANDARD


def test_the_worker_is_the_one_that_was_published():
    assert hashlib.sha256((CHECKOUT / "app/static/altcha/pbkdf2.js").read_bytes()).hexdigest() == WORKER_OF_ALTCHA_3_2_2
