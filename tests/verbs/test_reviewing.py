"""Two keys on every listing, three on a whole name: each independent, and what they agree on is the narrowest."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from moderation import policy, queue, reviewing
from moderation.errors import HeldByAnother, IllegalTransition, InvalidAnswer, NotAllowed, NotIndependent, Stale
from moderation.models import Case, Decision, Listing
from moderation.reviewing import Decided
from moderation.states import State
from moderation.vocabulary import Outcome, Proposed, Role, Scope, Target
from tests import builders
from tests.builders import NOON

OFFER = "https://jobs.test/offer/7"


def test_a_page_is_listed_once_two_people_agree(session):
    found = builders.case(session)
    builders.propose(session, found, builders.person(session))
    outcome = builders.confirm(session, found, builders.person(session))
    assert isinstance(outcome, Decided)
    assert outcome.outcome is Outcome.LIST
    listing = session.scalars(select(Listing)).one()
    assert (listing.scope, listing.target, found.state) == (Scope.PAGE, OFFER, State.LISTED)


def test_no_listing_exists_after_a_proposal_alone(session):
    found = builders.case(session)
    builders.propose(session, found, builders.person(session))
    assert session.scalars(select(Listing)).all() == []
    assert found.state == State.PROPOSED


def test_the_proposer_cannot_confirm_her_own_proposal(session):
    found, proposer = builders.case(session), builders.person(session)
    builders.propose(session, found, proposer)
    with pytest.raises(NotIndependent):
        queue.claim(session, found.reference, by=proposer, at=NOON)
    with pytest.raises(NotIndependent):
        reviewing.confirm(session, found.reference, builders.answers(), by=proposer, at=NOON, version=found.version)


def test_a_whole_domain_waits_for_a_senior_after_two_agree(session):
    found, given = builders.case(session), builders.answers(builders.target(scope=Scope.DOMAIN))
    builders.propose(session, found, builders.person(session), given)
    outcome = builders.confirm(session, found, builders.person(session), given)
    assert isinstance(outcome, Proposed)
    assert outcome.needs_third
    assert found.state == State.AWAITING_THIRD
    assert session.scalars(select(Listing)).all() == []


def test_the_third_seat_is_for_a_senior(session):
    found, given = builders.case(session), builders.answers(builders.target(scope=Scope.DOMAIN))
    builders.propose(session, found, builders.person(session), given)
    builders.confirm(session, found, builders.person(session), given)
    with pytest.raises(NotAllowed):
        queue.claim(session, found.reference, by=builders.person(session), at=NOON)
    outcome = builders.confirm(session, found, builders.person(session, Role.SENIOR), given)
    assert outcome.outcome is Outcome.LIST


def test_the_narrower_of_two_scopes_wins(session):
    found = builders.case(session)
    builders.propose(session, found, builders.person(session), builders.answers(builders.target(scope=Scope.DOMAIN)))
    outcome = builders.confirm(session, found, builders.person(session), builders.answers(builders.target(scope=Scope.PAGE)))
    assert outcome.outcome is Outcome.LIST
    assert session.scalars(select(Listing.scope)).one() == Scope.PAGE


def test_of_two_paths_the_longer_one_wins(session):
    found = builders.case(session, "https://jobs.test/a/b/offer")
    short, long = Target(Scope.PATH, "https://jobs.test/a/"), Target(Scope.PATH, "https://jobs.test/a/b/")
    builders.propose(session, found, builders.person(session), builders.answers(short))
    builders.confirm(session, found, builders.person(session), builders.answers(long))
    assert session.scalars(select(Listing.target)).one() == "https://jobs.test/a/b/"


def test_the_shortest_time_that_a_seat_gave_is_what_the_listing_lasts(session):
    found = builders.case(session)
    builders.propose(session, found, builders.person(session), builders.answers(expires_after=timedelta(days=180)))
    brief = builders.answers(expires_after=timedelta(days=20), review_after=timedelta(days=10))
    builders.confirm(session, found, builders.person(session), brief)
    assert session.scalars(select(Listing.expires_at)).one() == NOON + timedelta(days=20)


def test_a_listing_holds_only_where_every_seat_says(session):
    found = builders.case(session)
    builders.propose(session, found, builders.person(session), builders.answers(territories=("FR", "DE")))
    builders.confirm(session, found, builders.person(session), builders.answers(territories=("DE", "AT")))
    assert session.scalars(select(Listing.territories)).one() == ["DE"]


def test_seats_with_no_territory_in_common_list_nothing(session):
    found = builders.case(session)
    builders.propose(session, found, builders.person(session), builders.answers(territories=("FR",)))
    outcome = builders.confirm(session, found, builders.person(session), builders.answers(territories=("AT",)))
    assert outcome.outcome is Outcome.NOT_LISTED
    assert found.state == State.NOT_LISTED


def test_disagreement_means_not_listed(session):
    found = builders.case(session)
    builders.propose(session, found, builders.person(session))
    second = builders.person(session)
    builders.claimed(session, found, second)
    reviewing.disagree(
        session,
        found.reference,
        Outcome.REJECT_LAWFUL,
        "A lawful offer, badly written.",
        by=second,
        at=NOON,
        version=found.version,
        sent_none_of_the_reports=True,
    )
    assert found.state == State.NOT_LISTED
    assert session.scalars(select(Decision.outcome)).one() == Outcome.NOT_LISTED
    assert session.scalars(select(Listing)).all() == []


def test_one_person_is_enough_to_reject(session):
    found, moderator = builders.case(session), builders.person(session)
    builders.claimed(session, found, moderator)
    reviewing.reject(
        session,
        found.reference,
        Outcome.REJECT_LAWFUL,
        "A lawful hotel offer.",
        by=moderator,
        at=NOON,
        version=found.version,
        sent_none_of_the_reports=True,
    )
    assert found.state == State.REJECTED
    assert found.closed_at == NOON


def test_a_rejection_without_a_reason_is_refused(session):
    found, moderator = builders.case(session), builders.person(session)
    builders.claimed(session, found, moderator)
    with pytest.raises(InvalidAnswer) as refused:
        reviewing.reject(
            session, found.reference, Outcome.LIST, " ", by=moderator, at=NOON, version=found.version, sent_none_of_the_reports=True
        )
    assert set(refused.value.faults) == {"outcome", "note"}


def test_a_decision_on_what_has_changed_since_is_refused(session):
    found, moderator = builders.case(session), builders.person(session)
    builders.claimed(session, found, moderator)
    with pytest.raises(Stale):
        reviewing.propose(session, found.reference, builders.answers(), by=moderator, at=NOON, version=found.version - 1)


def test_who_does_not_hold_the_case_decides_nothing(session):
    found = builders.case(session)
    builders.claimed(session, found, builders.person(session))
    with pytest.raises(HeldByAnother):
        reviewing.propose(session, found.reference, builders.answers(), by=builders.person(session), at=NOON, version=found.version)


def test_an_auditor_takes_no_seat(session):
    found = builders.case(session)
    with pytest.raises(NotAllowed):
        queue.claim(session, found.reference, by=builders.person(session, Role.AUDITOR), at=NOON)


def test_a_proposer_cannot_withdraw_from_under_the_reviewer_at_work(session):
    found, proposer = builders.case(session), builders.person(session)
    builders.propose(session, found, proposer)
    builders.claimed(session, found, builders.person(session))
    with pytest.raises(HeldByAnother):
        reviewing.withdraw(session, found.reference, by=proposer, at=NOON)
    reviewing.withdraw(session, found.reference, by=proposer, at=NOON + policy.LEASE)
    assert found.state == State.WAITING


def test_only_the_proposer_withdraws(session):
    found = builders.case(session)
    builders.propose(session, found, builders.person(session))
    with pytest.raises(NotAllowed):
        reviewing.withdraw(session, found.reference, by=builders.person(session), at=NOON)


def test_one_person_delists_in_one_step_and_the_case_closes(session):
    decided = builders.listed(session)
    reviewing.delist(session, decided.listing, "The page was cleaned yesterday.", by=builders.person(session), at=NOON + timedelta(hours=1))
    listing = session.scalars(select(Listing)).one()
    assert (listing.ended_because, session.scalars(select(Case.state)).one()) == ("delisted", State.DELISTED)
    with pytest.raises(IllegalTransition):
        reviewing.delist(
            session, decided.listing, "The page was cleaned yesterday.", by=builders.person(session), at=NOON + timedelta(hours=2)
        )
