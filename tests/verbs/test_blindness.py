"""Each seat is blind: what a reviewer sees of others before and after they conclude, and of what was done."""

from datetime import timedelta

import pytest

from moderation import queue, reviewing
from moderation.errors import AlreadyListed, NotIndependent
from moderation.states import State
from moderation.vocabulary import Proposed, Role, Scope
from tests import builders
from tests.builders import NOON

OFFER = "https://jobs.test/offer/7"


def test_a_seat_that_comes_too_late_does_not_learn_what_the_first_one_chose(session):
    narrow, wide = builders.target(scope=Scope.PATH), builders.target(scope=Scope.DOMAIN)
    found = builders.case(session)
    builders.propose(session, found, builders.person(session), builders.answers(narrow))
    builders.listed(session, "https://jobs.test/offer/8", Scope.PATH)
    with pytest.raises(AlreadyListed) as refusal:
        builders.confirm(session, found, builders.person(session), builders.answers(wide))
    assert narrow.text not in str(refusal.value)


def test_a_withdrawn_proposal_puts_the_case_back_as_if_new(session):
    found, proposer = builders.case(session), builders.person(session)
    builders.propose(session, found, proposer)
    reviewing.withdraw(session, found.reference, by=proposer, at=NOON)
    assert found.state == State.WAITING
    assert isinstance(builders.propose(session, found, builders.person(session)), Proposed)


def test_two_who_read_each_other_in_a_withdrawn_round_take_no_blind_seat_in_the_next(session):
    found, given = builders.case(session), builders.answers(builders.target(scope=Scope.DOMAIN))
    first, second = builders.person(session), builders.person(session)
    builders.propose(session, found, first, given)
    builders.confirm(session, found, second, given)
    reviewing.withdraw(session, found.reference, by=first, at=NOON)
    for one in (first, second):
        assert queue.next_case(session, State.WAITING, by=one, at=NOON) is None
        with pytest.raises(NotIndependent):
            builders.propose(session, found, one)
    assert isinstance(builders.propose(session, found, builders.person(session), given), Proposed)
    with pytest.raises(NotIndependent):
        builders.confirm(session, found, first, given)


def test_the_history_shows_the_newest_acts_and_older_ones_page_by_page(session):
    case, by = builders.case(session), builders.person(session)
    for number in range(130):
        at = NOON + timedelta(minutes=number)
        reviewing.write_note(session, case.reference, f"Note {number}.", by=by, at=at)
    newest, older = (reviewing.view(session, case.reference, by=by, at=NOON, history_page=page) for page in (1, 2))
    assert [(len(seen.history), seen.has_older_history) for seen in (newest, older)] == [(100, True), (30, False)]
    assert [seen.history[-1].at for seen in (newest, older)] == [NOON + timedelta(minutes=129), NOON + timedelta(minutes=29)]


class TestBlindness:
    """Seats two and three know that a listing was proposed, and nothing else, until their own assessment is stored."""

    def test_the_second_seat_sees_nothing_of_the_first(self, session):
        found, second = builders.case(session), builders.person(session)
        builders.propose(session, found, builders.person(session))
        builders.claimed(session, found, second)
        seen = reviewing.view(session, found.reference, by=second, at=NOON)
        assert seen.is_blind
        assert (seen.assessments, seen.refused, seen.decision, seen.listing) == ((), None, None, None)
        assert {line.action for line in seen.history} <= {"case claimed", "case handed back", "notice recorded", "case taken over"}

    def test_after_her_own_assessment_she_sees_both(self, session):
        found, second, given = builders.case(session), builders.person(session), builders.answers(builders.target(scope=Scope.DOMAIN))
        builders.propose(session, found, builders.person(session), given)
        builders.confirm(session, found, second, given)
        seen = reviewing.view(session, found.reference, by=second, at=NOON)
        assert [assessment.seat for assessment in seen.assessments] == [1, 2]

    def test_the_third_seat_sees_neither(self, session):
        found, given = builders.case(session), builders.answers(builders.target(scope=Scope.DOMAIN))
        builders.propose(session, found, builders.person(session), given)
        builders.confirm(session, found, builders.person(session), given)
        seen = reviewing.view(session, found.reference, by=builders.person(session, Role.SENIOR), at=NOON)
        assert seen.assessments == ()

    def test_a_withdrawn_proposal_stays_hidden_from_whoever_comes_next(self, session):
        found, proposer = builders.case(session), builders.person(session)
        builders.propose(session, found, proposer)
        reviewing.withdraw(session, found.reference, by=proposer, at=NOON)
        assert reviewing.view(session, found.reference, by=builders.person(session), at=NOON).assessments == ()

    def test_once_it_is_decided_everyone_sees_everything(self, session):
        found = builders.case(session)
        builders.propose(session, found, builders.person(session))
        builders.confirm(session, found, builders.person(session))
        seen = reviewing.view(session, found.reference, by=builders.person(session), at=NOON)
        assert [assessment.seat for assessment in seen.assessments] == [1, 2]
        assert seen.listing.target == OFFER
