"""After the report: its reporter takes it all back."""

import pytest
from sqlalchemy import select

from moderation.models import ContactKey, Message, ReportKey
from tests.web.conversations import ANSWER, QUESTION, Story, once_on
from tests.web.reporters import words
from tests.web.visitors import one_app


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    yield from one_app(server, template, tmp_path_factory.mktemp("instance"))


@pytest.fixture
def story(app):
    return Story(app, contact="heron@mail.test", more="They keep passports.")


def test_withdrawing_asks_first(story):
    page = words(story.withdraw())
    assert "This cannot be undone." in page
    assert "They keep passports." in story.desk()


def test_a_withdrawn_report_cannot_be_opened_by_the_desk_any_more(story):
    story.ask()
    story.answer()
    assert "Your report is withdrawn" in words(story.withdraw(sure="1"))
    page = story.desk()
    assert "Withdrawn by its reporter" in page
    assert not [text for text in ("They keep passports.", "heron@mail.test", QUESTION, ANSWER) if text in page]
    found = story.report()
    assert (found.sealed, found.contact, found.recipient) == (None, None, None)
    for table in (ReportKey, ContactKey):
        assert story.rows(select(table.wrapped).where(table.report_id == found.id)) == [(None,)]
    assert story.rows(select(Message).where(Message.report_id == found.id)) == []


def test_the_case_of_a_withdrawn_report_goes_on_and_its_receipt_still_tells(story):
    story.withdraw(sure="1")
    page = words(story.follow())
    assert "You took this report back" in page
    assert story.site in page
    assert story.moderator.get(f"/desk/cases/{story.case}").status_code == 200


def test_a_withdrawn_report_takes_no_additions_and_no_questions(story):
    once = once_on(story.follow().text)
    story.withdraw(sure="1")
    assert story.add("Too late.", once).status_code == 409
    assert story.moderator.post(f"/desk/cases/{story.case}/questions", {"question": QUESTION}).status_code in (400, 409)


def test_withdrawing_twice_does_no_harm(story):
    story.withdraw(sure="1")
    assert story.withdraw(sure="1").status_code == 200
    assert story.withdraw().status_code == 200
