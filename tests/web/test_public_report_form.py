"""The report form: what it offers, what it asks nobody, which lane its reports take, and where else to turn."""

import re
from datetime import timedelta

import pytest

from app import report_fields
from moderation import policy
from moderation.vocabulary import Category, Lane
from tests.web.reporters import LINK, Reporter, code_on, opened, stored, words


def test_a_person_gets_the_standard_lane(app, reporter):
    reporter.send()
    assert stored(app)[0].lane == Lane.STANDARD


@pytest.mark.parametrize(
    "shown_ago",
    [timedelta(0), policy.FORM_TOKEN_LIFETIME + timedelta(minutes=1), timedelta(hours=-2)],
    ids=["faster than anyone types", "older than a day", "from the future"],
)
def test_an_untimely_form_goes_to_the_slower_lane_never_away(app, shown_ago):
    assert code_on(Reporter(app, shown_ago=shown_ago).send())
    assert stored(app)[0].lane == Lane.SLOW


@pytest.mark.parametrize("token", ["", "forged", "WyJhIiwxXQ.abc", "\x00"])
def test_a_missing_or_forged_token_goes_to_the_slower_lane_never_away(app, reporter, token):
    reporter.token = token
    assert code_on(reporter.send())
    assert stored(app)[0].lane == Lane.SLOW


def test_a_filled_trap_goes_to_the_slower_lane_never_away(app, reporter):
    assert code_on(reporter.send(subject="buy now"))
    assert stored(app)[0].lane == Lane.SLOW


def test_a_form_that_comes_back_keeps_the_time_it_was_first_shown(passer_by):
    assert f'name="token" value="{passer_by.token}"' in passer_by.send(category="").text


def test_a_report_to_the_bare_address_is_taken(app, reporter):
    assert code_on(reporter.send(address="/report"))
    assert stored(app)[0].language == "en"


def test_a_report_remembers_the_language_it_was_asked_in(app, reporter):
    reporter.send(address="/ar/report")
    assert stored(app)[0].language == "ar"


def test_the_time_of_a_report_is_kept_to_the_hour(app, reporter):
    reporter.send()
    received = stored(app)[0].received_at
    assert (received.minute, received.second, received.microsecond) == (0, 0, 0)


def test_choices_that_the_form_does_not_offer_are_not_stored(app, reporter):
    reporter.send(forms=["weather"], stages=["moving", "x" * 1000], how_known="y" * 1000)
    assert opened(app, stored(app)[0]) == {"what": LINK, "stages": "moving"}


FORMS = {"sexual", "labour", "criminality", "servitude", "organs", "marriage", "begging", "child_images", "armed", "other"}
STAGES = {"advertising", "recruiting", "moving", "controlling", "exploiting", "paying"}


@pytest.mark.parametrize(("field", "offered"), [("forms", FORMS), ("stages", STAGES)])
def test_the_form_offers_every_form_and_stage_of_trafficking(standing_app, field, offered):
    page = standing_app.test_client().get("/en/report").text
    assert set(re.findall(rf'name="{field}" value="([^"]+)"', page)) == offered


def test_the_desk_reads_the_terms_where_the_reporter_chose_plain_words(standing_app):
    with standing_app.test_request_context("/desk/"):
        shown = dict(report_fields.readable({"forms": "criminality,child_images", "stages": "recruiting"}))
    assert list(shown.values()) == ["forced criminality; child sexual abuse material", "recruiting"]


@pytest.mark.parametrize(
    ("plain", "terms"), [(report_fields.FORMS, report_fields.FORM_TERMS), (report_fields.STAGES, report_fields.STAGE_TERMS)]
)
def test_every_choice_has_plain_words_and_a_term(plain, terms):
    assert list(plain) == list(terms)


DANGER = "Please call your local emergency number, if it is safe for you."
HOTLINE = "Please tell a hotline for pictures of children, too."
CHILD = "If a child may be in danger now"


@pytest.mark.parametrize(
    ("answers", "routes"),
    [
        ({}, []),
        ({"danger_now": "y"}, [DANGER]),
        ({"category": "child"}, [CHILD]),
        ({"forms": ["child_images"]}, [HOTLINE]),
        ({"forms": ["child_images"], "category": "child", "danger_now": "y"}, [DANGER, HOTLINE]),
    ],
)
def test_the_receipt_says_where_else_to_turn(passer_by, answers, routes):
    told = words(passer_by.send(**answers))
    assert [route for route in (DANGER, HOTLINE, CHILD) if route in told] == routes


def test_nobody_is_asked_for_a_picture(standing_app):
    page = standing_app.test_client().get("/en/report").text
    assert 'type="file"' not in page
    assert "multipart" not in page


@pytest.mark.parametrize("category", list(Category))
def test_each_category_and_danger_are_stored(app, reporter, category):
    reporter.send(category=category, danger_now="y")
    assert (stored(app)[0].category, stored(app)[0].danger_now) == (category, True)
