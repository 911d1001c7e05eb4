"""What becomes of a listing: looked at again in time, kept, narrowed, renewed, suspended, or gone; in an emergency at once."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from moderation import growth, overview, policy, publishing, queue, reporting, reviewing
from moderation.errors import (
    AlreadyListed,
    HeldByAnother,
    IllegalTransition,
    InvalidAnswer,
    NotAllowed,
    NotIndependent,
    NotOnLadder,
    Stale,
)
from moderation.models import Case, ChangeLog, Decision, EmergencyDelisting, Listing
from moderation.reviewing import Decided, emergencies
from moderation.states import State
from moderation.vocabulary import Actor, ComesBack, EmergencyReason, Outcome, Presence, Proposed, Role, Scope
from tests import builders
from tests.builders import NOON

OFFER = "https://www.jobs.test/offer/7"
DAY = timedelta(days=1)
WHY = "The offer is still the same, and people still answer it."


def listed(session, scope: Scope = Scope.PAGE, **changes) -> tuple[Case, Listing]:
    decided = builders.listed(session, OFFER, scope, **changes)
    listing = session.scalars(select(Listing).where(Listing.reference == decided.listing)).one()
    return session.get_one(Case, listing.case_id), listing


def in_review(session, **changes) -> tuple[Case, Listing]:
    """A listing on the day of its re-review."""
    found, listing = listed(session, **changes)
    reviewing.bring_back(session, at=listing.review_at)
    return found, listing


def expiring(session) -> tuple[Case, Listing]:
    """A listing a week before its end."""
    found, listing = listed(session, expires_after=20 * DAY, review_after=20 * DAY)
    reviewing.bring_back(session, at=NOON + 13 * DAY)
    return found, listing


def kept(session, found: Case, by, *, at: datetime, after: timedelta | None = 30 * DAY, note: str = WHY):
    builders.claimed(session, found, by, at=at)
    return reviewing.keep(session, found.reference, note, after, by=by, at=at, version=found.version, sent_none_of_the_reports=True)


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


class TestEmergencies:
    def test_one_person_takes_it_off_in_one_step_and_another_looks_within_two_working_days(self, session):
        found, listing = listed(session, Scope.DOMAIN)
        by = builders.person(session)
        decided = reviewing.delist_now(session, listing.reference, EmergencyReason.TOO_WIDE, "", by=by, at=NOON)
        assert (decided.outcome, found.state, listing.ended_because) == (Outcome.DELIST, State.DELISTED, "emergency")
        (waits,) = reviewing.to_review(session, by=by)
        assert (waits.target, waits.is_mine, waits.review_due_at) == ("jobs.test", True, NOON + 2 * DAY)

    def test_it_is_done_while_a_renewal_is_proposed_and_somebody_works_on_it(self, session):
        found, old = expiring(session)
        at = NOON + 14 * DAY
        builders.propose(session, found, builders.person(session), builders.answers(builders.target(OFFER)), at=at)
        builders.claimed(session, found, builders.person(session), at=at)
        reviewing.delist_now(session, old.reference, EmergencyReason.SOMEONE_AT_RISK, "", by=builders.person(session), at=at)
        assert (found.state, old.ended_because) == (State.DELISTED, "emergency")

    def test_somebody_else_says_whether_it_was_right(self, session):
        _found, listing = listed(session)
        by, other = builders.person(session), builders.person(session)
        reviewing.delist_now(session, listing.reference, EmergencyReason.OTHER, "A clinic called.", by=by, at=NOON)
        with pytest.raises(NotIndependent):
            reviewing.review_emergency(session, listing.reference, True, WHY, by=by, at=NOON)
        with pytest.raises(InvalidAnswer):
            reviewing.review_emergency(session, listing.reference, True, "", by=other, at=NOON)
        reviewing.review_emergency(session, listing.reference, False, WHY, by=other, at=NOON)
        assert reviewing.to_review(session, by=other) == ()
        with pytest.raises(IllegalTransition):
            reviewing.review_emergency(session, listing.reference, True, WHY, by=other, at=NOON)
        row = session.scalars(select(EmergencyDelisting)).one()
        assert (row.was_right, row.reviewed_by) == (False, other.person_id)

    @pytest.mark.parametrize(("day", "due"), [(24, 26), (26, 30), (27, 31), (28, 31)])
    def test_a_weekend_is_no_working_day(self, day, due):
        at = datetime(2026, 11, day, 9, 0, tzinfo=UTC)
        assert emergencies.working_days_after(at, 2) == datetime(2026, 11, 1, 9, 0, tzinfo=UTC) + timedelta(days=due - 1)


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
