"""What the conversation between desk and reporter gives away: to another receipt, to the database, to the record, nothing."""

import html
import re
import uuid

import pytest
from sqlalchemy import select

from app import clock, sealing
from moderation.models import AuditRecord, ContactKey, Message, Report, ReportKey
from tests.web.conversations import ANSWER, Story
from tests.web.reporters import words
from tests.web.visitors import database_of, one_app, signed_in


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    yield from one_app(server, template, tmp_path_factory.mktemp("instance"))


@pytest.fixture
def story(app):
    return Story(app, contact="heron@mail.test", more="They keep passports.")


def test_another_receipt_does_not_open_the_question(story, app):
    story.ask()
    (row,) = story.rows(select(Message.sealed).where(Message.report_id == story.report().id))
    other = sealing.receipt_identity(sealing.new_receipt(), app.extensions["keys"])
    with pytest.raises(sealing.CannotOpen):
        sealing.open_message(row.sealed, other)


def test_a_receipt_opens_no_answer_and_no_report(story, app):
    story.ask()
    story.answer()
    mine, found = sealing.receipt_identity(story.code, app.extensions["keys"]), story.report()
    (answer,) = story.rows(select(Message.sealed).where(Message.report_id == found.id, Message.kind == "answer"))
    for sealed in (answer.sealed, found.sealed, found.contact):
        with pytest.raises(sealing.CannotOpen):
            sealing.open_message(sealed, mine)


def test_what_was_said_lies_nowhere_in_clear(story):
    story.ask("Did the heron call?")
    story.answer("The pelican did.")
    story.add("A flamingo came.")
    with database_of(story.app).reading() as session:
        held = repr([session.execute(select(table.__table__)).all() for table in (Message, Report, AuditRecord, ReportKey, ContactKey)])
    assert not [secret for secret in ("heron", "pelican", "flamingo") if secret in held]


@pytest.mark.parametrize("act", ["answer", "add", "withdraw"])
def test_an_unknown_code_is_told_and_no_address_carries_one(story, act):
    code = sealing.new_receipt()
    answer = story.client.post(f"/en/status/{act}", data={"code": code, f"answer-{uuid.uuid4()}": "x", "more": "x", "once": "x"})
    assert answer.status_code == 422
    assert "We know no report with this code." in words(answer)
    assert code not in "".join(re.findall(r'(?:href|action)="([^"]*)"', answer.text))


def test_no_page_of_the_conversation_sets_a_cookie(story):
    story.ask()
    pages = [story.follow(), story.answer(), story.add("More."), story.withdraw(), story.withdraw(sure="1")]
    assert not [page for page in pages if "Set-Cookie" in page.headers]


def test_times_of_the_conversation_are_kept_to_the_hour(story):
    story.ask()
    story.answer()
    story.add("More.")
    assert {row.at for row in story.rows(select(Message.at).where(Message.report_id == story.report().id))} <= {
        clock.to_the_hour(clock.now())
    }


def test_the_record_says_that_it_happened_and_never_what(story):
    story.ask()
    story.answer()
    reference = story.report().reference
    noted = story.rows(
        select(AuditRecord.action, AuditRecord.actor, AuditRecord.detail).where(AuditRecord.subject == f"report:{reference}")
    )
    assert ("answer received", "system") in {(row.action, row.actor) for row in noted}
    assert ANSWER not in html.unescape(repr(noted))


def test_a_second_seat_reads_the_answer_and_not_who_asked(story, app):
    story.ask()
    story.answer()
    story.moderator.post(f"/desk/cases/{story.case}/hand-back")
    second = signed_in(app)
    page = words(second.get(f"/desk/cases/{story.case}"))
    assert ANSWER in page
    assert "The desk asked" in page
