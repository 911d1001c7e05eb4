"""The desk asks while the reporter writes or takes the report back: who comes second sees what the first did, and nobody waits for good."""

import uuid

import pytest
from sqlalchemy import select

from moderation import cases, conversing, receipts
from moderation.errors import NobodyToAsk
from moderation.models import Message, Report
from tests import builders
from tests.builders import NOON
from tests.verbs.together import begun, until_somebody_waits

OFFER = "https://jobs.test/offer/7"


class Story:
    """A report of a case that somebody holds."""

    def __init__(self, database):
        self.database = database
        with database.transaction() as session:
            self.made = builders.report(session, OFFER)
            self.by = builders.person(session)
            found = session.scalars(select(builders.Case)).one()
            self.case_id, self.case = found.id, builders.claimed(session, found, self.by).reference

    def ask(self):
        with self.database.transaction() as session:
            conversing.ask(session, self.case, None, lambda *_: b"question", once=uuid.uuid4(), by=self.by, at=NOON)

    def withdraw(self):
        with self.database.transaction() as session:
            return conversing.withdraw(session, self.made.receipt_digest, at=NOON)

    def rows(self, query):
        with self.database.reading() as session:
            return session.scalars(query).all()


@pytest.fixture
def story(database):
    return Story(database)


def test_a_report_that_is_being_taken_back_is_not_asked(story):
    with story.database.transaction() as session:
        conversing.withdraw(session, story.made.receipt_digest, at=NOON)
        asking = begun(story.ask)
        until_somebody_waits(story.database)
    with pytest.raises(NobodyToAsk):
        asking.result(20)
    assert story.rows(select(Message.id)) == []


def test_a_question_that_is_being_asked_goes_with_the_report_that_is_taken_back(story):
    with story.database.transaction() as session:
        conversing.ask(session, story.case, None, lambda *_: b"question", once=uuid.uuid4(), by=story.by, at=NOON)
        leaving = begun(story.withdraw)
        until_somebody_waits(story.database)
    assert leaving.result(20)
    assert story.rows(select(Message.id)) == []
    assert story.rows(select(Report.withdrawn_at)) == [NOON]


def test_who_asks_and_who_writes_never_wait_for_each_other_in_a_circle(story):
    """Whoever writes holds the report, then marks its case."""
    with story.database.transaction() as session:
        receipts.report_of(session, story.made.receipt_digest, lock=True)
        asking = begun(story.ask)
        until_somebody_waits(story.database)
        cases.set_unread(session, [story.case_id])
    asking.result(20)
    assert len(story.rows(select(Message.id))) == 1
