"""After the report: its reporter adds something with the receipt alone, and what it names joins its case."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from moderation import policy
from moderation.models import Case, Message, ResourceRow
from moderation.vocabulary import Budget, Lane
from tests.web.conversations import Story, once_on
from tests.web.reporters import words
from tests.web.visitors import new_site, one_app


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    yield from one_app(server, template, tmp_path_factory.mktemp("instance"))


@pytest.fixture
def story(app):
    return Story(app, contact="heron@mail.test", more="They keep passports.")


def test_something_is_added_and_read_at_the_desk(story):
    assert "We added it" in words(story.add("The man is called Pelican."))
    assert "The man is called Pelican." in story.desk()


def test_a_link_that_is_added_joins_its_case_and_is_followed_by_the_same_receipt(story):
    more = new_site()
    page = words(story.add(f"They also use {more} now."))
    assert more in page
    assert story.site in page


@pytest.mark.long
@pytest.mark.parametrize(
    "told",
    [
        "It is me again. Please write to heron@mail.test or call +33 6 12 34 56 78.",
        "My number: +33 6 12 34 56 78",
        "me: heron@mail.test",
        "I am on telegram @heron_me\nand https://www.instagram.com/heron_me/ too",
        "My wallet is 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
    ],
)
def test_a_way_to_reach_the_reporter_in_what_they_add_opens_no_case_and_lies_nowhere_in_clear(story, told):
    before = story.rows(select(Case.id))
    assert "We added it" in words(story.add(told))
    assert len(story.rows(select(Case.id))) == len(before)
    assert told.splitlines()[0] in story.desk()


def test_numbers_and_names_that_are_added_on_lines_of_their_own_join_their_cases(story):
    page = words(story.add("They use these now:\n+33 6 98 76 54 32\r\npelican@mail.test, telegram @pelican_jobs"))
    assert [name in page for name in ("+33698765432", "pelican@mail.test", "https://t.me/pelican_jobs")] == [True] * 3


def test_what_is_added_over_a_budget_takes_the_slower_lane_like_a_report(story, monkeypatch):
    monkeypatch.setattr(policy, "REPORTS_TOGETHER", Budget(1, timedelta(hours=1)))
    sites = [new_site(), new_site()]
    for site in sites:
        story.add(site)
    lanes = select(Case.lane).join(ResourceRow, ResourceRow.id == Case.resource_id).where(ResourceRow.canonical == sites[-1])
    assert [row.lane for row in story.rows(lanes)] == [Lane.SLOW]


def test_words_that_are_added_open_no_case_of_their_own(story):
    before = story.rows(select(Case.id))
    story.add("Only words.")
    assert len(story.rows(select(Case.id))) == len(before)


def test_an_addition_sent_twice_is_stored_once(story):
    once = once_on(story.follow().text)
    for _ in range(2):
        assert story.add("The same.", once).status_code == 200
    assert len(story.rows(select(Message).where(Message.report_id == story.report().id))) == 1


def test_a_report_that_is_full_says_so_and_keeps_what_was_typed(story, monkeypatch):
    monkeypatch.setattr(policy, "ADDITIONS_PER_REPORT", 1)
    story.add("One.")
    page = story.add("Two pelicans.")
    assert page.status_code == 409
    assert "Two pelicans." in page.text
    assert "This report is full" in words(page)
