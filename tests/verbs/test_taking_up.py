"""Whoever comes back to a refused attempt is told what still stands in its way, and nothing that was done since."""

from datetime import timedelta

import pytest

from moderation import queue, reviewing
from moderation.models import KnownHostRow
from moderation.vocabulary import Category, ChildMaterial, Conclusion, Outcome, Refused
from tests import builders
from tests.builders import NOON

LATER = NOON + timedelta(minutes=1)


@pytest.fixture
def amira(session):
    return builders.person(session)


def refused(session, case, by, **changes):
    """An attempt at listing before anybody was told, in a case that this person holds."""
    builders.claimed(session, case, by)
    given = builders.answers(**changes)
    assert isinstance(reviewing.propose(session, case.reference, given, by=by, at=NOON, version=case.version), Refused)


def blocking(session, case, by):
    findings = reviewing.view(session, case.reference, by=by, at=NOON).refused.findings
    return {finding.safeguard for finding in findings if finding.effect == "block"}


def test_a_notice_that_was_recorded_since_is_asked_for_no_more(session, amira):
    case = builders.case(session)
    refused(session, case, amira, lifeline="")
    assert blocking(session, case, amira) == {"RS13", "RS16"}
    builders.notice(session, case, amira)
    assert blocking(session, case, amira) == {"RS16"}


def test_a_referral_that_was_only_written_down_is_asked_for_no_more(session, amira):
    case = builders.case(session, danger_now=True)
    refused(session, case, amira)
    assert "RS20" in blocking(session, case, amira)
    told = Conclusion(outcome=Outcome.REFER_POLICE, **builders.referral())
    reviewing.refer(session, case.reference, told, by=amira, at=NOON, version=case.version)
    assert "RS20" not in blocking(session, case, amira)


def test_what_somebody_suspected_and_took_back_stands_in_nobodys_way(session, amira):
    case = builders.case(session, category=Category.CHILD)
    refused(session, case, amira, child_material=ChildMaterial.SUSPECTED)
    assert blocking(session, case, amira) == {"RS19"}
    reviewing.say_child_material(session, case.reference, ChildMaterial.NO, by=amira, at=LATER)
    assert blocking(session, case, amira) == set()


def test_what_came_up_since_is_told_when_the_attempt_is_sent_again(session, amira):
    case = builders.case(session)
    refused(session, case, amira, lifeline="")
    session.add(KnownHostRow(host="jobs.test", host_class="bank", source="A list of banks"))
    session.flush()
    assert "RS11" not in blocking(session, case, amira)


def test_to_who_holds_it_no_more_the_attempt_stays_as_it_was_refused(session, amira):
    case = builders.case(session)
    refused(session, case, amira, lifeline="")
    builders.notice(session, case, amira)
    queue.hand_back(session, case.reference, by=amira, at=NOON)
    assert blocking(session, case, amira) == {"RS13", "RS16"}
