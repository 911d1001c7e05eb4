"""What is told of a case whose host imitates a name on the lists: a fact, and no verdict."""

import pytest

from moderation import cases, facts, reviewing
from moderation.models import KnownHostRow
from moderation.vocabulary import HostClass, LookAlike, Manner
from tests import builders
from tests.builders import NOON

IMITATING = "xn--80ak6aa92e.com"


def know(session, host, host_class):
    session.add(KnownHostRow(host=host, host_class=host_class, source="tests"))
    session.flush()


def told(session, host):
    opened = builders.case(session, f"https://{host}/login")
    return reviewing.view(session, opened.reference, by=builders.person(session), at=NOON).look_alikes


@pytest.mark.parametrize("host_class", [HostClass.NEVER, HostClass.BANK, HostClass.POPULAR_10K, HostClass.POPULAR_1M, HostClass.PROTECTED])
def test_a_host_that_imitates_a_name_people_trust_is_told_of(session, host_class):
    know(session, "apple.com", host_class)
    assert told(session, IMITATING) == (LookAlike(host="apple.com", manner=Manner.WHOLE_SCRIPT, host_class=host_class),)


def test_a_host_that_imitates_what_no_list_names_is_not(session):
    assert told(session, IMITATING) == ()


def test_a_host_that_imitates_a_parked_name_is_not(session):
    know(session, "apple.com", HostClass.PARKING)
    assert told(session, IMITATING) == ()


def test_the_imitated_name_itself_imitates_nobody(session):
    know(session, "apple.com", HostClass.NEVER)
    assert told(session, "apple.com") == ()


def test_a_name_on_two_lists_is_told_of_once(session):
    know(session, "apple.com", HostClass.NEVER)
    know(session, "apple.com", HostClass.POPULAR_1M)
    assert [each.host for each in told(session, IMITATING)] == ["apple.com"]


def test_safeguards_see_it_among_the_facts(session):
    know(session, "apple.com", HostClass.NEVER)
    opened = builders.case(session, f"https://{IMITATING}/login")
    given = builders.answers(builders.target(f"https://{IMITATING}/login"))
    opened = cases.fetch(session, opened.reference)
    seen = facts.gather(session, opened, given, seat=1, by=builders.person(session), at=NOON)
    assert [each.host for each in seen.look_alikes] == ["apple.com"]


def test_it_refuses_nothing(session):
    know(session, "apple.com", HostClass.NEVER)
    assert builders.listed(session, f"https://{IMITATING}/login").outcome == "list"
