"""Questions to reporters, as the desk asks them: who may, how many, and of whom."""

import re

import pytest
from sqlalchemy import select

from app import sealing
from moderation import policy
from moderation.models import Message, Report, ResourceRow
from moderation.vocabulary import Role
from tests.web.conversations import QUESTION, Story, fields_on, once_on
from tests.web.reporters import Reporter, code_on, words
from tests.web.visitors import claim, database_of, one_app, report, send, signed_in


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    yield from one_app(server, template, tmp_path_factory.mktemp("instance"))


@pytest.fixture
def story(app):
    return Story(app, contact="heron@mail.test", more="They keep passports.")


def test_only_who_holds_the_case_sees_how_to_reach_the_reporter(story, app):
    assert "heron@mail.test" in story.desk()
    other = signed_in(app, Role.MODERATOR)
    page = other.get(f"/desk/cases/{story.case}").text
    assert "heron@mail.test" not in page
    assert "Only who holds the case can see it" in page


def test_a_question_names_nobody_to_the_reporter(story):
    story.ask()
    page = story.follow().text
    assert "Questions from the people who check" in page
    assert "demo.example" not in page
    assert "moderator" not in page.lower()


def test_a_question_sent_twice_is_asked_once(story):
    story.moderator.get(f"/desk/cases/{story.case}")
    form = {
        "question": QUESTION,
        "once": once_on(story.moderator.page),
        "csrf_token": re.search(r'csrf_token" value="([^"]+)', story.moderator.page)[1],
    }
    for _ in range(2):
        story.moderator.post(f"/desk/cases/{story.case}/questions", form)
    assert story.follow().text.count(QUESTION) == 1


def test_no_more_questions_wait_than_policy_lets(story):
    for number in range(policy.OPEN_QUESTIONS_PER_REPORT):
        assert story.ask(f"Question {number}?").status_code == 303
    refused = story.ask("One more?")
    assert refused.status_code == 409
    assert "One more?" in words(refused)


def test_who_does_not_hold_the_case_cannot_ask(story, app):
    other = signed_in(app)
    other.get(f"/desk/cases/{story.case}")
    assert other.post(f"/desk/cases/{story.case}/questions", {"question": QUESTION}).status_code == 409
    assert QUESTION not in words(story.follow())


def test_asking_all_tells_nobody_how_many_there_are(story):
    Reporter(story.app).send(what=story.site)
    Reporter(story.app).send(what=story.site)
    story.ask()
    told = words(story.moderator.follow())
    assert "The question waits behind the receipt." in told
    assert (
        len(story.rows(select(Message).join(ResourceRow, ResourceRow.canonical == story.site).where(Message.kind == "question").distinct()))
        >= 3
    )


def test_a_question_to_one_reporter_reaches_that_one_alone(story):
    other = code_on(Reporter(story.app).send(what=story.site))
    story.ask(report=str(story.report().reference))
    assert QUESTION in words(story.follow())
    assert QUESTION not in words(story.follow(other))


def test_an_empty_question_comes_back_with_a_fault(story):
    answer = story.ask("  ")
    assert answer.status_code == 422
    assert "Write the question." in words(answer)


def test_what_is_decided_wants_no_answer_any_more(story):
    story.ask()
    send(
        story.moderator,
        story.case,
        "reject",
        {"outcome": "reject_scope", "note": "Nothing of it is here.", "sent_none_of_the_reports": "1"},
    )
    page = story.follow()
    assert "No answer is needed any more" in words(page)
    assert fields_on(page.text) == []
    assert 'name="more"' not in page.text


def test_a_report_from_before_questions_is_followed_and_cannot_be_asked(app):
    code = sealing.new_receipt()
    case = report(app, code=code)
    with database_of(app).transaction() as session:
        found = session.scalars(select(Report).where(Report.receipt_digest == sealing.receipt_digest(code))).one()
        found.recipient = found.receipt_recipient = None
    assert app.test_client().post("/en/status", data={"code": code}).status_code == 200
    moderator = signed_in(app)
    claim(moderator, case)
    page = moderator.get(f"/desk/cases/{case}").text
    assert "Ask a reporter" not in page
    refused = moderator.post(f"/desk/cases/{case}/questions", {"question": QUESTION})
    assert refused.status_code == 409
    assert QUESTION in words(refused)
