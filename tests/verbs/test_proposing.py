"""What no proposal gets past: who may not make it, what may not be listed, and that a refusal keeps all that was written."""

import pytest
from sqlalchemy import delete, select

from moderation import facts, queue, reviewing
from moderation.errors import AlreadyListed, DeclarationMissing, NotIndependent, NotOnLadder
from moderation.models import KnownHostRow, Report
from moderation.states import State
from moderation.vocabulary import Conflict, Outcome, Proposed, Protection, Refused, Scope, Target
from tests import builders
from tests.builders import NOON


def test_who_sent_a_report_from_an_account_takes_no_seat(session):
    found, moderator = builders.case(session), builders.person(session)
    session.scalars(select(Report)).one().sender_id = moderator.person_id
    session.flush()
    with pytest.raises(NotIndependent):
        queue.claim(session, found.reference, by=moderator, at=NOON)
    assert queue.next_case(session, State.WAITING, by=moderator, at=NOON) is None


def test_every_seat_declares_that_it_sent_none_of_the_reports(session):
    found, moderator = builders.case(session), builders.person(session)
    with pytest.raises(DeclarationMissing):
        builders.propose(session, found, moderator, builders.answers(sent_none_of_the_reports=False))


def test_a_moderator_with_a_conflict_is_refused_and_told_so(session):
    found = builders.case(session)
    outcome = builders.propose(
        session, found, builders.person(session), builders.answers(conflict=Conflict.MINE, conflict_note="I work for a rival.")
    )
    assert isinstance(outcome, Refused)
    assert [finding.safeguard for finding in outcome.blocking] == ["RS21"]
    assert found.state == State.WAITING


def test_a_refused_proposal_keeps_all_that_was_written(session):
    found, moderator = builders.case(session), builders.person(session)
    given = builders.answers(lifeline="")
    assert isinstance(builders.propose(session, found, moderator, given), Refused)
    kept = reviewing.view(session, found.reference, by=moderator, at=NOON).refused
    assert kept.answers == given
    assert "RS16" in [finding.safeguard for finding in kept.findings]


def test_a_popular_site_cannot_be_listed_whole(session):
    session.add(KnownHostRow(host="search.example", host_class="popular_10k", source="top list", rank=3))
    session.flush()
    found = builders.case(session, "search.example")
    outcome = builders.propose(session, found, builders.person(session), builders.answers(builders.target("search.example", Scope.DOMAIN)))
    assert isinstance(outcome, Refused)
    assert "RS11" in [finding.safeguard for finding in outcome.blocking]


def test_a_private_suffix_cannot_be_listed_but_a_name_under_it_can_with_three(session):
    decided = builders.listed(session, "https://agent9.github.io/", Scope.DOMAIN)
    assert decided.outcome is Outcome.LIST
    found = builders.case(session, "https://github.io/")
    outcome = builders.propose(
        session, found, builders.person(session), builders.answers(builders.target("https://github.io/", Scope.HOST))
    )
    assert isinstance(outcome, Refused)
    assert "RS08" in [finding.safeguard for finding in outcome.blocking]


@pytest.mark.parametrize(
    "wider",
    [
        Target(Scope.HOST, "test"),
        Target(Scope.DOMAIN, "other.test"),
        Target(Scope.PATH, "https://jobs.test/"),
        Target(Scope.HOST, "192.0.2.1"),
    ],
)
def test_nothing_outside_the_ladder_can_be_proposed(session, wider):
    found, moderator = builders.case(session), builders.person(session)
    with pytest.raises(NotOnLadder):
        builders.propose(session, found, moderator, builders.answers(wider))


def test_what_is_on_the_list_is_not_listed_twice(session):
    builders.listed(session, "https://jobs.test/offer/7", Scope.DOMAIN)
    found = builders.case(session, "https://jobs.test/offer/8")
    with pytest.raises(AlreadyListed):
        builders.propose(
            session, found, builders.person(session), builders.answers(builders.target("https://jobs.test/offer/8", Scope.DOMAIN))
        )


def test_without_any_list_of_known_hosts_no_whole_name_is_listed(session):
    session.execute(delete(KnownHostRow))
    found, moderator = builders.case(session), builders.person(session)
    outcome = builders.propose(session, found, moderator, builders.answers(builders.target(scope=Scope.DOMAIN)))
    assert [finding.safeguard for finding in outcome.blocking] == ["RS11"]
    assert isinstance(builders.propose(session, found, moderator), Proposed)


def test_an_operators_own_lines_do_not_stand_for_the_packaged_lists(session):
    session.execute(delete(KnownHostRow))
    session.add(KnownHostRow(host="clinic.example", host_class="protected", source="our partners", protected_as="health"))
    session.flush()
    assert not facts.lists_are_loaded(session)


def test_why_a_host_is_protected_is_among_the_facts(session):
    session.add(KnownHostRow(host="clinic.example", host_class="protected", source="our partners", protected_as="health"))
    session.flush()
    assert [known.protected_as for known in facts.known_hosts(session, "www.clinic.example")] == [Protection.HEALTH]
