"""A listing in another shape: less of it, by one person; or once more, by a new round."""

import pytest
from sqlalchemy import select

from moderation import growth, publishing, queue, reviewing
from moderation.errors import AlreadyListed, IllegalTransition, InvalidAnswer, NotAllowed, NotIndependent, NotOnLadder, Stale
from moderation.models import ChangeLog, Listing
from moderation.reviewing import Decided
from moderation.states import State
from moderation.vocabulary import Actor, ComesBack, Outcome, Role, Scope
from tests import builders
from tests.builders import NOON
from tests.verbs.second_looks import DAY, OFFER, WHY, expiring, kept, listed


class TestNarrowing:
    def test_one_person_lists_less_and_the_wider_listing_ends_with_a_tombstone(self, session):
        found, wide = listed(session, Scope.DOMAIN)
        publishing.release(session, at=NOON)
        by = builders.person(session)
        decided = reviewing.narrow(session, wide.reference, builders.target(OFFER), "Only the offer is harmful.", by=by, at=NOON + DAY)
        narrow = session.scalars(select(Listing).where(Listing.ended_at.is_(None))).one()
        assert (narrow.reference, narrow.scope, narrow.target) == (decided.listing, Scope.PAGE, OFFER)
        assert (wide.ended_because, found.state) == ("narrowed", State.LISTED)
        assert narrow.expires_at <= wide.expires_at
        assert (narrow.first_id, narrow.second_id, narrow.third_id) == (wide.first_id, wide.second_id, wide.third_id)
        number = publishing.release(session, at=NOON + DAY)
        changes = session.execute(select(ChangeLog.action, ChangeLog.target).where(ChangeLog.release_number == number)).all()
        assert sorted(map(tuple, changes)) == [("add", OFFER), ("remove", "jobs.test")]

    def test_never_wider_nor_the_same_nor_off_the_ladder(self, session):
        _found, narrow = listed(session, Scope.HOST)
        by = builders.person(session)
        for target in (builders.target(OFFER, Scope.DOMAIN), builders.target(OFFER, Scope.HOST), builders.target("https://other.test/")):
            with pytest.raises(NotOnLadder):
                reviewing.narrow(session, narrow.reference, target, "Only the offer is harmful.", by=by, at=NOON)
        assert narrow.ended_at is None

    def test_a_reason_and_a_reviewing_role_are_needed(self, session):
        _found, wide = listed(session, Scope.HOST)
        with pytest.raises(InvalidAnswer):
            reviewing.narrow(session, wide.reference, builders.target(OFFER), "", by=builders.person(session), at=NOON)
        with pytest.raises(NotAllowed):
            reviewing.narrow(session, wide.reference, builders.target(OFFER), WHY, by=builders.person(session, Role.ADMIN), at=NOON)

    def test_who_holds_the_re_review_finds_that_the_case_moved_on(self, session):
        found, wide = listed(session, Scope.HOST)
        reviewing.bring_back(session, at=wide.review_at)
        by = builders.person(session)
        builders.claimed(session, found, by, at=wide.review_at)
        seen = found.version
        reviewing.narrow(session, wide.reference, builders.target(OFFER), WHY, by=builders.person(session), at=wide.review_at)
        with pytest.raises((Stale, IllegalTransition)):
            reviewing.keep(session, found.reference, WHY, DAY, by=by, at=wide.review_at, version=seen, sent_none_of_the_reports=True)

    def test_it_uses_up_nothing_of_what_the_list_may_grow_in_a_day(self, session):
        _found, wide = listed(session, Scope.DOMAIN)
        assert growth.of_the_day(session, at=NOON).listed == 1
        reviewing.narrow(session, wide.reference, builders.target(OFFER), WHY, by=builders.person(session), at=NOON + DAY)
        assert growth.of_the_day(session, at=NOON + DAY).listed == 0, "one person may narrow, and must not keep all others from listing"


class TestRenewing:
    def test_a_week_before_its_end_a_listing_waits_for_a_new_round(self, session):
        found, _listing = expiring(session)
        assert (found.state, found.due_for) == (State.RE_REVIEW, ComesBack.EXPIRING)
        with pytest.raises(IllegalTransition):
            kept(session, found, builders.person(session), at=NOON + 13 * DAY)

    def test_a_new_round_renews_it_without_a_gap(self, session):
        found, old = expiring(session)
        at, given = NOON + 14 * DAY, builders.answers(builders.target(OFFER))
        builders.propose(session, found, builders.person(session), given, at=at)
        assert old.ended_at is None
        decided = builders.confirm(session, found, builders.person(session), given, at=at)
        assert isinstance(decided, Decided)
        assert (old.ended_because, found.state) == ("renewed", State.LISTED)
        new = session.scalars(select(Listing).where(Listing.ended_at.is_(None))).one()
        assert (new.target, new.starts_at) == (OFFER, at)
        assert growth.of_the_day(session, at=at).listed == 0, "the list did not grow"

    def test_who_listed_it_does_not_renew_it(self, session):
        found, old = expiring(session)
        took_part = Actor(person_id=old.second_id, role=Role.MODERATOR, name="")
        with pytest.raises(NotIndependent):
            queue.claim(session, found.reference, by=took_part, at=NOON + 14 * DAY)

    def test_where_the_new_round_disagrees_it_leaves_the_list(self, session):
        found, old = expiring(session)
        at, second = NOON + 14 * DAY, builders.person(session)
        builders.propose(session, found, builders.person(session), builders.answers(builders.target(OFFER)), at=at)
        builders.claimed(session, found, second, at=at)
        reviewing.disagree(
            session, found.reference, Outcome.REJECT_LAWFUL, WHY, by=second, at=at, version=found.version, sent_none_of_the_reports=True
        )
        assert (found.state, old.ended_because) == (State.NOT_LISTED, "not renewed")

    def test_a_withdrawn_renewal_leaves_it_waiting_for_one(self, session):
        found, old = expiring(session)
        by, at = builders.person(session), NOON + 14 * DAY
        builders.propose(session, found, by, builders.answers(builders.target(OFFER)), at=at)
        reviewing.withdraw(session, found.reference, by=by, at=at)
        assert (found.state, found.due_for, old.ended_at) == (State.RE_REVIEW, ComesBack.EXPIRING, None)

    def test_while_a_renewal_is_proposed_it_still_ends_at_its_time(self, session):
        found, old = expiring(session)
        builders.propose(session, found, builders.person(session), builders.answers(builders.target(OFFER)), at=NOON + 14 * DAY)
        publishing.expire(session, at=old.expires_at)
        assert (found.state, old.ended_because) == (State.PROPOSED, "expired")

    def test_a_temporary_listing_is_never_renewed(self, session):
        found, listing = listed(session, outcome=Outcome.LIST_TEMPORARY)
        reviewing.bring_back(session, at=listing.review_at)
        assert found.due_for == ComesBack.RE_REVIEW
        given = builders.answers(builders.target(OFFER))
        with pytest.raises(AlreadyListed):
            builders.propose(session, found, builders.person(session), given, outcome=Outcome.LIST_TEMPORARY, at=listing.review_at)
