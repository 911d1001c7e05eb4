"""A senior looks at the whole desk: figures in tables, a file for each, and a way from each figure to what is behind it."""

import csv
import io
import re

import pytest

from app import clock
from moderation import overview, publishing
from moderation.vocabulary import Category, DeskLane, Outcome, Role
from tests import builders
from tests.web.visitors import assess, claim, database_of, new_site, one_app, report, send, signed_in

SHEETS = ("waiting", "overdue", "decided", "released", "refused", "misused")
LINKS = re.compile(r'href="(/desk/[^"]+)"')


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    """A bit of everything: a case that waits, one refused and then rejected, a partner's misuse, a listing that left again."""
    for app in one_app(server, template, tmp_path_factory.mktemp("instance")):
        moderator = signed_in(app)
        report(app, category=Category.CHILD)
        refused = report(app)
        assess(moderator, refused, "propose", lifeline=" ")
        send(moderator, refused, "reject", {"outcome": "reject_lawful", "note": "It is a news report.", "sent_none_of_the_reports": "1"})
        with database_of(app).transaction() as session:
            careless = builders.partner(session, "Careless")
        abusive = report(app, partner_id=careless.id)
        claim(moderator, abusive)
        send(moderator, abusive, "reject", {"outcome": "reject_abuse", "note": "A rival's shop.", "sent_none_of_the_reports": "1"})
        with database_of(app).transaction() as session:
            listed = builders.listed(session, new_site(), at=clock.now())
            publishing.release(session, at=clock.now())
        moderator.get("/desk/listings")
        moderator.post(f"/desk/listings/{listed.listing}/delist", {"because": "The owner took the page down."})
        with database_of(app).transaction() as session:
            publishing.release(session, at=clock.now())
        yield app


@pytest.fixture(scope="module")
def senior(app):
    return signed_in(app, Role.SENIOR)


def file_of(visitor, name, **given):
    answer = visitor.get(f"/desk/overview/{name}.csv", **given)
    assert answer.content_type == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def links_of(visitor, address="/desk/overview"):
    return {link.replace("&amp;", "&") for link in LINKS.findall(visitor.get(address).text) if "overview/" in link or "lane=" in link}


def test_a_senior_sees_what_waits_and_gets_to_it_with_one_step(app, senior):
    assert "/desk/queue?lane=minors" in links_of(senior)
    case = report(app, category=Category.CHILD)
    assert f"/desk/cases/{case}" in senior.get("/desk/queue?lane=minors").text


@pytest.mark.parametrize("name", SHEETS)
def test_each_table_has_a_caption_and_a_file(senior, name):
    page = senior.get("/desk/overview").text
    assert page.count("<caption") == len(SHEETS)
    assert f"/desk/overview/{name}.csv" in page
    assert file_of(senior, name)


def test_every_link_of_the_overview_leads_somewhere(senior):
    found = links_of(senior)
    assert {link.split("?")[0] for link in found} >= {
        f"/desk/overview/{kind}" for kind in ("cases/decided", "cases/refused", "listings/removed")
    }
    assert {link: senior.get(link).status_code for link in found if senior.get(link).status_code != 200} == {}


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMIN])
def test_who_may_open_no_case_is_led_to_none(app, role):
    visitor = signed_in(app, role)
    found = links_of(visitor)
    assert not [link for link in found if "cases" in link or "queue" in link]
    assert {visitor.get(link).status_code for link in found} == {200}


def test_a_file_counts_hours_where_the_page_speaks_of_days(senior):
    (waits,) = [row for row in file_of(senior, "waiting") if row["Lane"] == DeskLane.MINORS]
    assert int(waits["Longest wait"]) >= 0


def test_decisions_of_today_stand_under_their_outcomes(senior):
    today = file_of(senior, "decided")[0]
    assert (today["All"], today["Lawful, or protected speech"], today["Delisted"]) == ("4", "1", "1")


def test_an_outcome_that_never_came_up_is_named_instead_of_a_column_of_nothing(senior):
    page = senior.get("/desk/overview").text
    assert "Not once in this time:" in page
    assert "Withdrawn" in page.split("Not once in this time:")[1].split("</p>")[0]


@pytest.mark.parametrize(("days", "rows"), [("14", 14), ("30", 30), ("7", 14), ("a year", 14)])
def test_the_overview_looks_back_a_fortnight_or_a_month(senior, days, rows):
    assert len(file_of(senior, "decided", query_string={"days": days})) == rows


def test_the_check_that_refused_leads_to_its_case(senior):
    (link,) = [link for link in links_of(senior) if "refused" in link and "RS16" in link]
    assert "/desk/cases/" in senior.get(link).text


@pytest.mark.parametrize(
    "address",
    [
        "/desk/overview/people.csv",
        "/desk/overview/cases/decided",
        "/desk/overview/cases/decided?day=soon",
        "/desk/overview/cases/decided?day=2026-11-24&outcome=nothing",
        "/desk/overview/cases/refused?safeguard=RS99",
        "/desk/overview/cases/review",
        "/desk/overview/listings/leases",
        "/desk/overview/listings/added",
    ],
)
def test_what_no_figure_counts_is_not_there(senior, address):
    assert senior.get(address).status_code == 404


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.VOLUNTEER])
def test_the_overview_is_for_those_who_oversee(app, role):
    assert signed_in(app, role).get("/desk/overview").status_code == 403


def test_no_name_of_anyone_at_the_desk_is_on_it(app, senior):
    moderator = signed_in(app, email="mirabel@demo.example")
    claim(moderator, report(app))
    assert "Mirabel" in senior.get("/desk/queue").text
    assert "Mirabel" not in senior.get("/desk/overview").text


def test_outcomes_and_lanes_come_from_the_rules():
    # A new one appears by itself: its words alone are asked for.
    from app.desk.words import LABELS

    assert {f"desk_lane.{lane}" for lane in (*DeskLane, overview.PARKED)} | {f"outcome.{outcome}" for outcome in Outcome} <= set(LABELS)
