"""After the report: a moderator asked, and its reporter answers with the receipt alone; nothing that was typed is lost."""

import html
import re
import uuid

import pytest
from sqlalchemy import select

from app import create_app, sealing
from moderation import policy
from moderation.models import Message, ReportMark
from tests.web.conversations import ANSWER, QUESTION, Story, fields_on
from tests.web.reporters import Reporter, words
from tests.web.visitors import claim, new_site, one_app, send, signed_in


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    yield from one_app(server, template, tmp_path_factory.mktemp("instance"))


@pytest.fixture
def story(app):
    return Story(app, contact="heron@mail.test", more="They keep passports.")


def test_a_reporter_reads_the_question_and_the_desk_reads_the_answer(story):
    assert story.ask().status_code == 303
    assert QUESTION in words(story.follow())
    assert "We have your answer" in words(story.answer())
    assert ANSWER in story.desk()


def test_an_answer_is_taken_once_however_often_it_is_sent(story):
    story.ask()
    data = {"code": story.code, fields_on(story.follow().text)[0]: ANSWER}
    answers = [story.client.post("/en/status/answer", data=data) for _ in range(3)]
    assert {one.status_code for one in answers} == {200}
    assert len(story.rows(select(Message).where(Message.report_id == story.report().id, Message.kind == "answer"))) == 1


def test_what_an_answer_names_leads_to_its_case(app, story):
    story.ask()
    site = new_site()
    story.answer(f"They moved to {site} on Monday.")
    Reporter(app).send(what=site)
    page = story.moderator.get(f"/desk/cases/{story.newest_case()}").text
    assert f"/desk/cases/{story.case}" in page
    assert "A report’s text there names this" in html.unescape(page)


def test_a_number_of_their_own_in_an_answer_leads_to_no_case(story):
    story.ask()
    story.answer("Call me: +33 6 55 12 34 56")
    assert story.rows(select(ReportMark).where(ReportMark.report_id == story.report().id)) == []


def test_two_questions_are_answered_in_one_form(story):
    story.ask("Where is it?")
    story.ask("Who is it?")
    page = story.follow().text
    assert page.count("/status/answer") == 1
    where, who = reversed(fields_on(page))
    answer = story.client.post("/en/status/answer", data={"code": story.code, where: "By the pelicans.", who: "A heron."})
    assert fields_on(answer.text) == []
    assert [text in story.desk() for text in ("By the pelicans.", "A heron.")] == [True, True]


def test_one_of_two_questions_can_be_left_for_later(story):
    story.ask("Where is it?")
    story.ask("Who is it?")
    who, where = fields_on(story.follow().text)
    answer = story.client.post("/en/status/answer", data={"code": story.code, where: "By the pelicans.", who: " "})
    assert "We have your answer." in words(answer)
    assert fields_on(answer.text) == [who]


def test_what_was_typed_below_the_other_question_comes_back_when_one_is_too_long(story):
    story.ask("Where is it?")
    story.ask("Who is it?")
    who, where = fields_on(story.follow().text)
    answer = story.client.post("/en/status/answer", data={"code": story.code, where: "a" * (policy.MESSAGE_LIMIT + 1), who: "A heron."})
    assert answer.status_code == 422
    assert "A heron." in answer.text
    assert f'href="#{where}"' in answer.text
    assert f'id="{where}"' in answer.text


@pytest.mark.long
def test_an_answer_that_nobody_wants_any_more_comes_back_and_keeps_no_other_away(story, app):
    story.ask("Where is it?")
    (late,) = fields_on(story.follow().text)
    more = new_site()
    story.add(more)
    other = signed_in(app)
    case = story.newest_case()
    claim(other, case)
    other.get(f"/desk/cases/{case}")
    other.post(f"/desk/cases/{case}/questions", {"question": "Who is it?", "once": str(uuid.uuid4())})
    in_time = next(name for name in fields_on(story.follow().text) if name != late)
    rejected = {"outcome": "reject_scope", "note": "Nothing of it is here.", "sent_none_of_the_reports": "1"}
    send(story.moderator, story.case, "reject", rejected)
    answer = story.client.post("/en/status/answer", data={"code": story.code, late: "By the pelicans.", in_time: "A heron."})
    assert answer.status_code == 409
    assert "no answer is needed any more" in words(answer)
    assert "By the pelicans." in answer.text
    assert "A heron." in words(other.get(f"/desk/cases/{case}"))


def test_nothing_typed_at_all_is_told_at_the_first_question(story):
    story.ask()
    answer = story.answer("  ")
    assert answer.status_code == 422
    assert "Write something first" in words(answer)


def test_a_hostile_answer_is_shown_as_text(story):
    story.ask()
    story.answer("<script>alert(1)</script>\u202egnp.exe")
    page = story.moderator.get(f"/desk/cases/{story.case}").text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert "\u202e" not in page


def test_an_answer_that_is_too_long_comes_back_as_it_was_typed(story):
    story.ask()
    long = "a" * (policy.MESSAGE_LIMIT + 1)
    page = story.answer(long)
    assert page.status_code == 422
    assert long in page.text
    assert "Shorten it" in words(page)


def test_the_queue_and_the_case_say_that_an_answer_came_until_it_is_read(story):
    story.ask()
    story.answer()
    assert "a reporter wrote" in words(story.moderator.get("/desk/queue?mine=1"))
    assert "Mark as read" in story.desk()
    story.moderator.post(f"/desk/cases/{story.case}/read", {"newest": re.search(r'name="newest" value="([^"]+)"', story.moderator.page)[1]})
    assert "Mark as read" not in story.desk()
    assert "a reporter wrote" not in words(story.moderator.get("/desk/queue?mine=1"))


@pytest.mark.parametrize(("way", "field"), [("answer", f"answer-{uuid.UUID(int=7)}"), ("add", "more")])
def test_while_the_database_is_away_nothing_written_to_the_desk_is_lost(settings, way, field):
    alone = create_app(settings, database_url="postgresql+psycopg://nobody@127.0.0.1:1/nothing").test_client()
    code = sealing.new_receipt()
    answer = alone.post(f"/en/status/{way}", data={"code": code, "once": "o", field: "They moved on Friday."})
    assert answer.status_code == 503
    assert "We could not save this just now" in words(answer)
    assert f'action="/en/status/{way}"' in answer.text
    assert "They moved on Friday." in answer.text
    assert code in answer.text
