"""What becomes of a listing: looked at again in time and kept, suspended or gone; and nobody stops its clock."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from moderation import overview, policy, publishing, queue, reporting, reviewing
from moderation.errors import HeldByAnother, IllegalTransition, InvalidAnswer, NotAllowed, NotIndependent
from moderation.models import Case, Decision, Listing
from moderation.states import State
from moderation.vocabulary import Actor, ComesBack, Outcome, Presence, Proposed, Role, Scope
from tests import builders
from tests.builders import NOON
from tests.verbs.second_looks import DAY, OFFER, WHY, kept, listed


def in_review(session, **changes) -> tuple[Case, Listing]:
    """A listing on the day of its re-review."""
    found, listing = listed(session, **changes)
    reviewing.bring_back(session, at=listing.review_at)
    return found, listing


class TestReReview:
    def test_a_listing_past_its_re_review_waits_for_somebody_who_took_no_part(self, session):
        found, listing = listed(session)
        assert reviewing.bring_back(session, at=listing.review_at - DAY) == 0
        assert reviewing.bring_back(session, at=listing.review_at) == 1
        assert (found.state, found.due_for) == (State.RE_REVIEW, ComesBack.RE_REVIEW)
        assert listing.ended_at is None
        took_part = Actor(person_id=listing.first_id, role=Role.MODERATOR, name="")
        with pytest.raises(NotIndependent):
            queue.claim(session, found.reference, by=took_part, at=listing.review_at)
        queue.claim(session, found.reference, by=builders.person(session), at=listing.review_at)

    def test_it_is_kept_and_its_end_does_not_move(self, session):
        found, listing = in_review(session)
        ends, at = listing.expires_at, listing.review_at
        decided = kept(session, found, builders.person(session), at=at)
        assert (decided.outcome, found.state, found.due_at) == (Outcome.KEEP, State.LISTED, None)
        assert (listing.review_at, listing.expires_at, listing.ended_at) == (at + 30 * DAY, ends, None)

    def test_the_next_re_review_is_never_after_the_end_nor_too_far(self, session):
        found, listing = in_review(session, expires_after=100 * DAY, review_after=80 * DAY)
        by = builders.person(session)
        for after in (None, timedelta(0), policy.REVIEW_AFTER[Scope.PAGE] + DAY):
            with pytest.raises(InvalidAnswer):
                kept(session, found, by, at=listing.review_at, after=after)
        kept(session, found, by, at=listing.review_at, after=90 * DAY)
        assert listing.review_at == listing.expires_at

    def test_what_the_lists_say_today_refuses_to_keep_it(self, session):
        found, listing = in_review(session, scope=Scope.DOMAIN)
        session.execute(text("INSERT INTO known_host (host, class, source, rank) VALUES ('jobs.test', 'popular_10k', 'a list', 7)"))
        refused = kept(session, found, builders.person(session), at=listing.review_at)
        assert "RS11" in [finding.safeguard for finding in refused.blocking]
        assert (found.state, listing.ended_at) == (State.RE_REVIEW, None)

    def test_a_refusal_to_keep_is_kept_with_what_was_written_like_any_other(self, session):
        found, listing = in_review(session, scope=Scope.DOMAIN)
        session.execute(text("INSERT INTO known_host (host, class, source, rank) VALUES ('jobs.test', 'popular_10k', 'a list', 7)"))
        by = builders.person(session)
        kept(session, found, by, at=listing.review_at)
        refused = reviewing.view(session, found.reference, by=by, at=listing.review_at).refused
        assert (refused.answers.note, "RS11" in [finding.safeguard for finding in refused.findings]) == (WHY, True)
        assert overview.refusing(session, at=listing.review_at, days=14)[0].count == 1

    def test_while_a_renewal_is_proposed_its_reporter_is_told_that_it_is_listed(self, session):
        made = builders.report(session, OFFER)
        found, listing = in_review(session)
        builders.propose(session, found, builders.person(session), builders.answers(builders.target(OFFER)), at=listing.review_at)
        (told,) = reporting.status(session, made.receipt_digest).resources
        assert (found.state, told.state) == (State.PROPOSED, State.LISTED)

    def test_it_is_delisted_by_whoever_looks(self, session):
        found, listing = in_review(session)
        builders.concluded(session, found, builders.person(session), Outcome.DELIST, at=listing.review_at)
        assert (found.state, listing.ended_because) == (State.DELISTED, "delisted")

    def test_where_nobody_looks_for_too_long_it_leaves_the_list_by_itself(self, session):
        found, listing = in_review(session)
        late = listing.review_at + policy.REVIEW_OVERDUE
        assert reviewing.bring_back(session, at=late - DAY) == 0
        assert reviewing.bring_back(session, at=late) == 1
        assert (found.state, listing.ended_because) == (State.SUSPENDED, "not looked at in time")
        builders.concluded(session, found, builders.person(session), Outcome.DELIST, at=late)
        assert found.state == State.DELISTED

    def test_who_is_looking_at_that_moment_is_waited_for(self, session):
        found, listing = in_review(session)
        late = listing.review_at + policy.REVIEW_OVERDUE
        builders.claimed(session, found, builders.person(session), at=late)
        assert reviewing.bring_back(session, at=late) == 0
        assert reviewing.bring_back(session, at=late + policy.LEASE) == 1

    def test_a_listing_ends_at_its_time_though_its_re_review_waits(self, session):
        found, listing = in_review(session)
        publishing.expire(session, at=listing.expires_at)
        assert (found.state, listing.ended_because) == (State.EXPIRED, "expired")


class TestLooking:
    def look(self, session, found, presence, at, **given) -> str:
        return reviewing.record_look(session, found.reference, presence, by=builders.person(session), at=at, **given)

    def test_gone_twice_a_day_apart_leaves_the_list_by_itself(self, session):
        found, listing = listed(session)
        assert self.look(session, found, Presence.GONE, NOON) == ""
        assert self.look(session, found, Presence.GONE, NOON + DAY - timedelta(minutes=1)) == ""
        assert self.look(session, found, Presence.PARKED, NOON + DAY) == "dead"
        assert (found.state, listing.ended_because, found.closed_at) == (State.DELISTED, "dead", NOON + DAY)

    def test_a_page_that_came_back_in_between_stays(self, session):
        found, listing = listed(session)
        for presence, hours in ((Presence.GONE, 0), (Presence.SAME, 12), (Presence.GONE, 25)):
            assert self.look(session, found, presence, NOON + timedelta(hours=hours)) == ""
        assert listing.ended_at is None

    @pytest.mark.parametrize(("presence", "given"), [(Presence.CHANGED, {}), (Presence.REDIRECTS, {"to": "https://other.test/"})])
    def test_other_content_is_off_the_list_until_somebody_looks(self, session, presence, given):
        found, listing = listed(session)
        assert self.look(session, found, presence, NOON + DAY, **given) == "suspended"
        assert (found.state, found.due_for, listing.ended_because) == (State.SUSPENDED, ComesBack.CHANGED, "suspended")
        by, answers = builders.person(session), builders.answers(builders.target(OFFER))
        assert not isinstance(builders.propose(session, found, by, answers, at=NOON + DAY), Proposed)
        told = builders.answers(builders.target(OFFER), explained={"RS14": "Only the picture is new; each sentence stands as it did."})
        assert isinstance(builders.propose(session, found, by, told, at=NOON + DAY), Proposed)

    def test_of_what_is_not_listed_it_is_only_written_down(self, session):
        found = builders.case(session, OFFER)
        assert self.look(session, found, Presence.GONE, NOON) == ""
        assert self.look(session, found, Presence.GONE, NOON + DAY) == ""
        assert found.state == State.WAITING

    def test_a_look_says_what_was_seen_and_where_it_leads(self, session):
        found = builders.case(session, OFFER)
        for presence in (Presence.NOT_LOOKED, Presence.REDIRECTS):
            with pytest.raises(InvalidAnswer):
                self.look(session, found, presence, NOON)
        with pytest.raises(NotAllowed):
            reviewing.record_look(session, found.reference, Presence.GONE, by=builders.person(session, Role.AUDITOR), at=NOON)


def test_the_table_lets_a_re_review_move_but_never_an_end(session):
    _found, listing = listed(session)
    session.execute(text("UPDATE listing SET review_at = review_at + interval '1 day'"))
    for change in ("expires_at = expires_at + interval '1 second'", "temporary = true", "target = 'https://other.test/'"):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(text(f"UPDATE listing SET {change} WHERE id = {listing.id}"))


def test_every_second_look_is_a_decision_of_its_own(session):
    found, listing = in_review(session)
    kept(session, found, builders.person(session), at=listing.review_at)
    outcomes = session.scalars(select(Decision.outcome).where(Decision.case_id == found.id).order_by(Decision.id)).all()
    assert outcomes == [Outcome.LIST, Outcome.KEEP]


def test_who_does_not_hold_the_re_review_keeps_nothing(session):
    found, listing = in_review(session)
    with pytest.raises(HeldByAnother):
        reviewing.keep(
            session,
            found.reference,
            WHY,
            30 * DAY,
            by=builders.person(session),
            at=listing.review_at,
            version=found.version,
            sent_none_of_the_reports=True,
        )


class TestNobodyStopsTheClock:
    def test_a_renewal_that_waits_for_its_other_seats_keeps_nothing_on_the_list(self, session):
        found, listing = in_review(session)
        builders.propose(session, found, builders.person(session), builders.answers(builders.target(OFFER)), at=listing.review_at)
        late = listing.review_at + policy.REVIEW_OVERDUE + policy.REVIEW_HELD
        reviewing.bring_back(session, at=late - DAY / 2)
        assert listing.ended_at is None
        reviewing.bring_back(session, at=late)
        assert (found.state, listing.ended_because) == (State.PROPOSED, "not looked at in time")

    def test_nor_does_a_claim_that_never_ends(self, session):
        found, listing = in_review(session)
        late = listing.review_at + policy.REVIEW_OVERDUE + policy.REVIEW_HELD
        builders.claimed(session, found, builders.person(session), at=late)
        reviewing.bring_back(session, at=late)
        assert (found.state, listing.ended_because) == (State.SUSPENDED, "not looked at in time")

    def test_who_made_the_listing_does_not_narrow_it_as_its_second_look(self, session):
        found, listing = listed(session, Scope.HOST)
        reviewing.bring_back(session, at=listing.review_at)
        first = Actor(person_id=listing.first_id, role=Role.MODERATOR, name="")
        with pytest.raises(NotIndependent):
            reviewing.narrow(session, listing.reference, builders.target(OFFER), WHY, by=first, at=listing.review_at)
        assert (found.state, listing.ended_at) == (State.RE_REVIEW, None)

    def test_nobody_narrows_while_a_renewal_is_proposed(self, session):
        found, listing = listed(session, Scope.HOST)
        reviewing.bring_back(session, at=listing.review_at)
        wide = builders.answers(builders.target(OFFER, Scope.HOST))
        builders.propose(session, found, builders.person(session), wide, at=listing.review_at)
        with pytest.raises(IllegalTransition):
            reviewing.narrow(session, listing.reference, builders.target(OFFER), WHY, by=builders.person(session), at=listing.review_at)
