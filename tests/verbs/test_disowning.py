"""Something of their own leaves a report, while others report the same, propose to list it, or have listed it."""

import itertools
import uuid

import pytest
from sqlalchemy import event, select

from app import clock
from moderation import cases, conversing, disowning, joining, reporting, reviewing, shredding
from moderation.errors import IllegalTransition, Stale
from moderation.models import Case, CaseReport, Message, ResourceRow, Round
from moderation.states import State
from moderation.urgency import Urgency
from moderation.vocabulary import Category, Lane, Outcome, Resource
from tests import builders
from tests.builders import NOON
from tests.verbs.together import begun, until_somebody_waits

HANDLE = "https://www.instagram.com/heron_and_me/"
KIND = "social_account"


def take_out(session, made, canonical=HANDLE, kind=KIND):
    words = Resource(kind="free_text", canonical=builders.digest_of_text(str(uuid.uuid4())))
    own = disowning.Own(kind=kind, canonical=canonical, mark=b"mark", words=words)
    return disowning.take_out(session, made.receipt_digest, own, new_reference=uuid.uuid4, at=NOON)


def case_of(session, canonical=HANDLE):
    return session.scalars(select(Case).join(ResourceRow).where(ResourceRow.canonical == canonical)).one()


def test_a_proposal_to_list_it_ends_with_it(session):
    made = builders.report(session, HANDLE)
    found, first, second = case_of(session), builders.person(session), builders.person(session)
    builders.propose(session, found, first, builders.answers(builders.target(HANDLE)))
    builders.claimed(session, found, second)
    before = found.version
    assert take_out(session, made)
    session.refresh(found)
    assert (found.state, found.holder_id) == (State.REJECTED, None)
    assert [row.outcome for row in session.scalars(select(Round).where(Round.case_id == found.id))] == ["withdrawn"]
    with pytest.raises((Stale, IllegalTransition)):
        reviewing.confirm(session, found.reference, builders.answers(), by=second, at=NOON, version=before)


def test_what_is_on_the_list_stays_there_and_leaves_the_report(session):
    made = builders.report(session, HANDLE)
    found, given = case_of(session), builders.answers(builders.target(HANDLE))
    builders.propose(session, found, builders.person(session), given)
    builders.confirm(session, found, builders.person(session), given)
    assert take_out(session, made)
    assert case_of(session).state == State.LISTED
    assert [one.canonical for one in reporting.status(session, made.receipt_digest).resources if one.address] == []


def test_a_question_about_it_is_asked_no_more(session):
    made = builders.report(session, f"{HANDLE} https://asked.test/offer")
    builders.report(session, HANDLE)
    found, by = case_of(session), builders.person(session)
    builders.question(session, builders.claimed(session, found, by), by, report=made.reference)
    assert take_out(session, made)
    assert conversing.conversation(session, made.receipt_digest).questions == ()
    assert session.scalars(select(Message)).all() == []


def test_an_answer_that_was_given_stays_with_the_report(session):
    made = builders.report(session, f"{HANDLE} https://asked.test/offer")
    found, by = case_of(session), builders.person(session)
    asked = builders.question(session, builders.claimed(session, found, by), by, report=made.reference)
    conversing.answer(session, made.receipt_digest, asked.reference, lambda _: b"answer", at=NOON)
    assert take_out(session, made)
    assert len(session.scalars(select(Message)).all()) == 2


def test_whoever_reports_it_at_that_moment_is_heard(database):
    with database.transaction() as session:
        made = builders.report(session, HANDLE)
    later = builders.submission(HANDLE)

    def reported():
        with database.transaction() as session:
            return reporting.receive(session, later, new_reference=uuid.uuid4, at=clock.to_the_hour(NOON))

    with database.transaction() as session:
        take_out(session, made)
        session.flush()
        arriving = begun(reported)
        until_somebody_waits(database)
    assert arriving.result(20)
    with database.reading() as session:
        found = case_of(session)
        assert found.closed_at is None
        assert len(session.scalars(select(CaseReport).where(CaseReport.case_id == found.id)).all()) == 1


def test_whoever_reported_it_just_before_keeps_its_case(database):
    with database.transaction() as session:
        made = builders.report(session, HANDLE)

    def taken_out():
        with database.transaction() as session:
            return take_out(session, made)

    with database.transaction() as session:
        builders.report(session, HANDLE)
        leaving = begun(taken_out)
        until_somebody_waits(database)
    assert leaving.result(20)
    with database.reading() as session:
        assert case_of(session).closed_at is None


def test_a_case_is_never_opened_for_what_is_being_erased(database):
    """A report found the resource without an open case, and opens one while the resource is erased."""
    with database.transaction() as session:
        made = builders.report(session, HANDLE)
        found, by = case_of(session), builders.person(session)
        given = {"by": by, "at": NOON, "version": builders.claimed(session, found, by).version, "sent_none_of_the_reports": True}
        reviewing.reject(session, found.reference, Outcome.REJECT_SCOPE, "Nothing of it is here.", **given)
        report_id = session.scalars(select(CaseReport.report_id)).one()
        resource_id = found.resource_id

    def opened():
        urgency = Urgency(category=Category.LABOUR, danger_now=False, lane=Lane.STANDARD)
        given = {"resource_id": [resource_id], "case_reference": [uuid.uuid4()], "report_id": report_id}
        with database.transaction() as session:
            return session.execute(joining.OPEN, given | cases.opening(urgency, at=NOON)).all()

    with database.transaction() as session:
        take_out(session, made)
        session.flush()
        arriving = begun(opened)
        until_somebody_waits(database)
    assert arriving.result(20) == []


def test_what_was_erased_before_its_turn_came_is_stored_anew(session):
    """A report stored nothing, since the resource was there; then it was erased."""
    builders.report(session, HANDLE)
    report_id, (resource,) = session.scalars(select(CaseReport.report_id)).one(), builders.submission(HANDLE).resources
    shredding.erase_resources(session, session.scalars(select(ResourceRow.id)).all(), at=NOON)
    statements = itertools.count()

    def no_more_than_a_few(*_):
        assert next(statements) < 20, "This never ends."

    event.listen(session.connection(), "before_cursor_execute", no_more_than_a_few)
    urgency = Urgency(category=Category.LABOUR, danger_now=False, lane=Lane.STANDARD)
    cases.join(session, report_id, [resource], urgency, new_reference=uuid.uuid4, at=NOON)
    assert case_of(session).state == State.WAITING
