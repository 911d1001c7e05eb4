"""Who says in an assessment that they have an interest of their own is out of the case, whatever they say later (RS21)."""

import pytest
from sqlalchemy import select

from moderation import queue, reviewing
from moderation.errors import NotIndependent
from moderation.models import AuditRecord, RefusedAssessment, StoodAside
from moderation.states import State
from moderation.vocabulary import Conflict, Outcome, Refused
from tests import builders
from tests.builders import NOON

MINE = {"conflict": Conflict.MINE, "conflict_note": "My brother runs a rival agency."}


@pytest.fixture
def case(session):
    return builders.case(session, "https://agency.test/")


@pytest.fixture
def rival(session):
    return builders.person(session)


def declared(session, case, rival, **changes):
    answers = builders.answers(builders.target("https://agency.test/"), **{**MINE, **changes})
    return builders.propose(session, case, rival, answers)


def test_who_declared_an_own_interest_cannot_take_it_back_by_another_answer(session, case, rival):
    assert isinstance(declared(session, case, rival), Refused)
    with pytest.raises(NotIndependent, match="declared an interest"):
        declared(session, case, rival, conflict=Conflict.NONE)


def test_the_case_is_free_for_a_colleague_and_never_offered_to_them_again(session, case, rival):
    declared(session, case, rival)
    assert (case.holder_id, case.state) == (None, State.WAITING)
    assert queue.next_case(session, State.WAITING, by=rival, at=NOON) is None
    assert queue.next_case(session, State.WAITING, by=builders.person(session), at=NOON) == case.reference


def test_no_other_form_of_the_case_is_open_to_them_either(session, case, rival):
    declared(session, case, rival)
    given = {"note": "It is nothing but an agency.", "by": rival, "at": NOON, "version": case.version}
    with pytest.raises(NotIndependent):
        reviewing.reject(session, case.reference, Outcome.REJECT_LAWFUL, sent_none_of_the_reports=True, **given)


def test_an_own_interest_binds_in_a_later_seat_too(session, case, rival):
    target = builders.target("https://agency.test/")
    builders.propose(session, case, builders.person(session), builders.answers(target))
    assert isinstance(builders.confirm(session, case, rival, builders.answers(target, **MINE)), Refused)
    with pytest.raises(NotIndependent, match="declared an interest"):
        builders.confirm(session, case, rival, builders.answers(target))


def test_it_binds_whatever_else_the_form_lacks(session, case, rival):
    refused = declared(session, case, rival, target=None, sent_none_of_the_reports=False)
    assert [finding.safeguard for finding in refused.findings] == ["RS21"]
    assert session.scalars(select(StoodAside.person_id)).all() == [rival.person_id]


def test_it_is_counted_as_a_refusal_and_written_down_without_the_reason(session, case, rival):
    declared(session, case, rival)
    assert session.scalars(select(RefusedAssessment.moderator_id)).all() == [rival.person_id]
    told = session.scalars(select(AuditRecord).where(AuditRecord.action == "stood aside")).one()
    assert "brother" not in str(told.detail)


def test_an_interest_that_nobody_spoke_of_is_asked_for(session, case, rival):
    refused = declared(session, case, rival, conflict=None, conflict_note="")
    assert [(finding.safeguard, finding.field) for finding in refused.blocking] == [("RS21", "conflict")]
    assert case.holder_id == rival.person_id
