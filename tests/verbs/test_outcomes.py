"""What one person may decide for good: rejecting, and listing a page for a week; and that every state is reached."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from moderation import reviewing
from moderation.errors import AlreadyListed, DeclarationMissing, InvalidAnswer
from moderation.models import Decision, Listing
from moderation.reviewing import Decided
from moderation.states import TRANSITIONS, State
from moderation.vocabulary import REJECTIONS, Outcome, Scope
from tests import builders
from tests.builders import NOON
from tests.verbs.outcomes import faults


class TestRejecting:
    @pytest.mark.parametrize("outcome", REJECTIONS)
    def test_one_person_rejects(self, session, outcome):
        found = builders.case(session)
        decided = builders.concluded(session, found, builders.person(session), outcome, misuse="Forty reports of one shop.")
        assert (found.state, decided.outcome) == (State.REJECTED, outcome)
        kept = session.scalars(select(Decision).where(Decision.reference == decided.decision)).one()
        assert kept.detail == ({"misuse": "Forty reports of one shop."} if outcome is Outcome.REJECT_ABUSE else {})

    def test_nothing_that_would_list_is_one_persons(self, session):
        found, by = builders.case(session), builders.person(session)
        for outcome in set(Outcome) - set(reviewing.ONE_PERSONS):
            assert faults(session, found, by, outcome) == {"outcome"}
        assert session.scalars(select(Listing)).all() == []

    def test_without_a_note_or_the_declaration_nothing_is_decided(self, session):
        found, by = builders.case(session), builders.person(session)
        assert faults(session, found, by, Outcome.REJECT_SCOPE, note="no") == {"note"}
        with pytest.raises(DeclarationMissing):
            builders.concluded(session, found, by, Outcome.REJECT_SCOPE, sent_none_of_the_reports=False)


class TestTemporaryListings:
    def test_two_people_list_a_page_for_a_week_whatever_they_wrote_of_time(self, session):
        decided = builders.listed(session, outcome=Outcome.LIST_TEMPORARY)
        listing = session.scalars(select(Listing)).one()
        assert (decided.outcome, listing.temporary) == (Outcome.LIST_TEMPORARY, True)
        assert listing.expires_at - listing.starts_at == timedelta(days=7)
        assert listing.review_at - listing.starts_at == timedelta(hours=72)

    def test_where_one_seat_says_a_week_it_is_a_week(self, session):
        found = builders.case(session)
        builders.propose(session, found, builders.person(session))
        decided = builders.confirm(session, found, builders.person(session), outcome=Outcome.LIST_TEMPORARY)
        assert isinstance(decided, Decided)
        assert decided.outcome is Outcome.LIST_TEMPORARY

    def test_only_a_page(self, session):
        found = builders.case(session)
        with pytest.raises(InvalidAnswer):
            builders.propose(
                session,
                found,
                builders.person(session),
                builders.answers(builders.target(scope=Scope.PATH)),
                outcome=Outcome.LIST_TEMPORARY,
            )

    def test_the_safeguards_run_as_for_any_listing(self, session):
        found = builders.case(session)
        refused = builders.propose(session, found, builders.person(session), builders.answers(lifeline=""), outcome=Outcome.LIST_TEMPORARY)
        assert [finding.safeguard for finding in refused.blocking] == ["RS16"]

    def test_never_a_second_time(self, session):
        decided = builders.listed(session, outcome=Outcome.LIST_TEMPORARY)
        reviewing.delist(session, decided.listing, "The page is gone for now.", by=builders.person(session), at=NOON)
        found = builders.case(session)
        with pytest.raises(AlreadyListed):
            builders.propose(session, found, builders.person(session), outcome=Outcome.LIST_TEMPORARY)

    def test_the_table_refuses_a_second_one_too(self, session):
        builders.listed(session, outcome=Outcome.LIST_TEMPORARY)
        copied = "jsonb_build_object('id', -1, 'reference', gen_random_uuid(), 'ended_at', now(), 'ended_because', 'expired')"
        insert = f"INSERT INTO listing OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(old, {copied})).* FROM listing AS old"
        with pytest.raises(IntegrityError, match="uq_listing_temporary_once"), session.begin_nested():
            session.execute(text(insert))


def test_every_state_is_reached_from_the_first():
    reached = {State.WAITING}
    for _ in State:
        reached |= {after for (before, _action), after in TRANSITIONS.items() if before in reached}
    assert reached == set(State)
