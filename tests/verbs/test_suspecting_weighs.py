"""A suspicion gives a case points of its own, told as such, for as long as anybody's last answer is one."""

from datetime import timedelta

from moderation import policy, queue, reviewing
from moderation.states import State
from moderation.vocabulary import Conclusion, Outcome
from tests import builders
from tests.builders import NOON
from tests.verbs.sealed import OTHER, case_of, told
from tests.verbs.suspicions import NO, SUSPECTED, suspects

HOUR = timedelta(hours=1)


def why(session, found):
    session.refresh(found)
    given = {point.why: point.points for point in queue.points_of(found)}
    assert found.priority == sum(given.values())
    return given.get(queue.Why.CHILD_MATERIAL)


def test_an_answer_in_an_attempt_that_was_refused_weighs(session, amira):
    told(session)
    assert why(session, case_of(session)) is None
    suspects(session, case_of(session), amira)
    assert why(session, case_of(session)) == policy.PRIORITY_CHILD_MATERIAL


def test_it_comes_before_a_case_of_a_child_that_nobody_suspects_more_of(session, amira):
    told(session, OTHER, at=NOON - HOUR)
    told(session)
    suspects(session, case_of(session), amira)
    queue.hand_back(session, case_of(session).reference, by=amira, at=NOON)
    assert queue.next_case(session, State.WAITING, by=builders.person(session), at=NOON) == case_of(session).reference


def test_it_weighs_until_the_last_who_suspects_them_says_no(session, amira):
    told(session)
    found, luis = case_of(session), builders.person(session)
    for who in (amira, luis):
        reviewing.say_child_material(session, found.reference, SUSPECTED, by=who, at=NOON)
    reviewing.say_child_material(session, found.reference, NO, by=amira, at=NOON + HOUR)
    assert why(session, found) == policy.PRIORITY_CHILD_MATERIAL
    reviewing.say_child_material(session, found.reference, NO, by=luis, at=NOON + HOUR)
    assert why(session, found) is None


def test_a_referral_to_the_police_that_says_so_weighs_too(session, amira):
    told(session)
    found = builders.claimed(session, case_of(session), amira)
    police = Conclusion(outcome=Outcome.REFER_POLICE, **builders.referral(child_material=SUSPECTED))
    reviewing.refer(session, found.reference, police, by=amira, at=NOON, version=found.version)
    assert why(session, found) == policy.PRIORITY_CHILD_MATERIAL


def test_what_joins_later_and_the_night_keep_its_points(session, amira):
    told(session)
    suspects(session, case_of(session), amira)
    told(session, more="I saw it too, on another day.")
    queue.grow_older(session, at=NOON + timedelta(days=8))
    assert why(session, case_of(session)) == policy.PRIORITY_CHILD_MATERIAL
