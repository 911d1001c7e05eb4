"""A flood, against a real server with two workers: every report is kept, and a proof of work counts once."""

import json
import time

import altcha
import pytest
from sqlalchemy import select

from app.database import Database
from moderation import policy
from moderation.models import Report
from moderation.vocabulary import Lane
from tests.machine.served import hidden, served

HOME = {"X-Real-IP": "192.88.100.7"}
AT_ONCE = 100


@pytest.fixture
def site(tmp_path, database_url):
    proxied = {"FLAGSTONE_BEHIND_PROXY": "1", "FLAGSTONE_CLIENT_HEADER": "X-Real-IP", "FLAGSTONE_WORKERS": "2"}
    with served(tmp_path / "var", database_url, logs=tmp_path, **proxied) as found:
        yield found


@pytest.fixture
def lanes(database_url):
    database = Database(database_url)

    def read():
        with database.reading() as session:
            return list(session.scalars(select(Report.lane).order_by(Report.id)))

    yield read
    database.engine.dispose()


def solved(page):
    work = altcha.Challenge.from_dict(json.loads(hidden(page, "data-work")))
    return altcha.Payload(work, altcha.solve_challenge(work)).to_base64()


def away_from_the_turn_of_the_hour():
    """What is counted together must fall into one hour."""
    left = 3600 - time.time() % 3600
    if left < 60:
        time.sleep(left + 1)


@pytest.mark.long
def test_one_solution_sent_100_times_at_once_is_taken_once_and_every_report_is_kept(site, lanes):
    away_from_the_turn_of_the_hour()
    budget = policy.REPORTS_EACH.limit
    first = site.at_once(site.report(f"https://jobs.test/first/{number}", headers=HOME) for number in range(budget))
    assert {answer.status for answer in first} == {200}
    assert lanes() == [Lane.STANDARD] * budget
    work = solved(site.ask("GET", "/en/report", headers=HOME).text)
    flood = [site.report(f"https://jobs.test/flood/{number}", headers=HOME, work=work, scripted="1") for number in range(AT_ONCE)]
    answers = site.at_once(flood)
    assert {answer.status for answer in answers} == {200}
    assert all('id="code"' in answer.text for answer in answers)
    found = lanes()[budget:]
    assert (found.count(Lane.STANDARD), found.count(Lane.SLOW)) == (1, AT_ONCE - 1)


@pytest.mark.long
def test_two_workers_count_as_one(site, lanes):
    away_from_the_turn_of_the_hour()
    site.at_once(site.report(f"https://jobs.test/{number}", headers=HOME) for number in range(60))
    assert lanes().count(Lane.STANDARD) == policy.REPORTS_EACH.limit
    asked = site.at_once({"method": "POST", "path": "/en/status", "form": {"code": "AAAA"}, "headers": HOME} for _ in range(100))
    refused = [answer for answer in asked if answer.status == 429]
    assert len(refused) == 100 - policy.RECEIPT_TRIES.each.limit
    assert all(1 <= int(answer.headers["Retry-After"]) <= 600 for answer in refused)
