"""Whoever suspects sexual images of a child, in whatever seat: the case goes to a hotline and is sealed, and ends in no other way."""

import pytest
from sqlalchemy import select

from moderation import overview, publishing, queue, reviewing
from moderation.errors import IllegalTransition, InvalidAnswer, NotAllowed, NotIndependent, Stale
from moderation.models import AuditRecord, ChangeLog, Decision, Listing, Report
from moderation.queue import Filters
from moderation.states import State
from moderation.vocabulary import (
    Outcome,
    Presence,
    Role,
    Scope,
)
from tests import builders
from tests.builders import NOON
from tests.verbs.sealed import WHAT, holding
from tests.verbs.suspicions import NO, REVIEW, listed, living, pass_on, proposed

WRITTEN_ONCE = {"audit_record", "change_log", "listing"}
"""Where the target of what networks were told stays: 0025 says why."""


class TestFromALaterSeat:
    def test_the_second_seat_passes_it_on_alone_and_nothing_is_left_of_it(self, session, amira, luis):
        found = proposed(session, amira)
        assert {"assessment", "resource"} <= set(holding(session, "files.test", "heron"))
        builders.sealed_away(session, found, luis)
        assert (found.state, found.closed_at, living(session)) == (State.REFERRED, NOON, [])
        decision = session.scalars(select(Decision)).one()
        assert (decision.outcome, decision.first_id, decision.second_id) == (Outcome.REFER_HOTLINE, amira.person_id, luis.person_id)
        assert holding(session, "files.test", "heron", "osprey") == []

    def test_so_does_the_third_seat_of_a_whole_name(self, session, amira, luis, dora):
        found = proposed(session, amira, Scope.HOST)
        builders.confirm(session, found, luis, builders.answers(builders.target(WHAT, Scope.HOST)))
        assert found.state == State.AWAITING_THIRD
        builders.sealed_away(session, found, dora)
        assert (found.state, living(session), holding(session, "files.test")) == (State.REFERRED, [], [])

    def test_in_a_round_that_would_renew_the_listing_leaves_with_its_tombstone(self, session, luis):
        found = listed(session, due=True)
        builders.propose(session, found, builders.person(session), builders.answers(builders.target(WHAT)), at=REVIEW)
        builders.sealed_away(session, found, luis, at=REVIEW, referred_at=REVIEW)
        assert session.execute(select(Listing.ended_at, Listing.ended_because)).all() == [(REVIEW, "not renewed")]
        publishing.release(session, at=REVIEW)
        gone = session.execute(select(ChangeLog.target, ChangeLog.because).where(ChangeLog.action == "remove")).all()
        assert gone == [(WHAT, "not renewed")]
        assert set(holding(session, "files.test")) == WRITTEN_ONCE

    def test_nothing_else_is_referred_from_there(self, session, amira, luis):
        found = proposed(session, amira)
        for outcome, child in ((Outcome.REFER_HOTLINE, NO), (Outcome.REFER_POLICE, NO), (Outcome.MONITOR, None)):
            with pytest.raises(IllegalTransition):
                builders.concluded(session, found, luis, outcome, **builders.referral(child_material=child))

    def test_it_asks_for_all_that_a_first_seat_is_asked(self, session, amira, luis):
        found = proposed(session, amira)
        with pytest.raises(InvalidAnswer) as refused:
            builders.sealed_away(session, found, luis, recipient="", passed_on="")
        assert set(refused.value.faults) == {"recipient", "passed_on"}
        assert reviewing.view(session, found.reference, by=luis, at=NOON).assessments == ()
        with pytest.raises(NotIndependent):
            builders.sealed_away(session, found, amira)


class TestOfWhatIsListed:
    def test_who_looks_again_passes_it_on(self, session, amira):
        found = listed(session, due=True)
        builders.sealed_away(session, found, amira, at=REVIEW, referred_at=REVIEW)
        assert (found.state, living(session)) == (State.REFERRED, [])
        assert set(holding(session, "files.test")) == WRITTEN_ONCE

    def test_of_what_was_suspended_too(self, session, amira, luis):
        found = listed(session)
        reviewing.record_look(session, found.reference, Presence.CHANGED, by=luis, at=NOON)
        assert found.state == State.SUSPENDED
        builders.sealed_away(session, found, amira)
        assert (found.state, found.resource.canonical) == (State.REFERRED, f"sealed:{found.reference}")

    def test_before_its_re_review_anybody_does_in_one_step(self, session, amira):
        found = listed(session)
        pass_on(session, found, amira)
        assert (found.state, living(session)) == (State.REFERRED, [])
        assert session.scalars(select(Listing.ended_because)).one() == "delisted"

    def test_but_nobody_who_reported_it_or_reads_an_old_page_or_reviews_nothing(self, session, amira, dora):
        found = listed(session)
        with pytest.raises(Stale):
            pass_on(session, found, amira, version=found.version - 1)
        with pytest.raises(NotAllowed):
            pass_on(session, found, builders.person(session, Role.ADMIN))
        session.scalars(select(Report)).one().sender_id = dora.person_id
        session.flush()
        with pytest.raises(NotIndependent):
            pass_on(session, found, dora)
        assert len(living(session)) == 1

    def test_the_desk_shows_its_old_target_nowhere(self, session, amira, dora):
        found = listed(session)
        pass_on(session, found, amira)
        publishing.release(session, at=NOON)
        assert reviewing.view(session, found.reference, by=dora, at=NOON).listing.target == f"sealed:{found.reference}"
        removed = overview.released_changes(session, "remove", day=NOON.replace(hour=0))
        assert [one.what for one in removed] == [f"sealed:{found.reference}"]
        for words in (WHAT, "www.files.test"):
            assert queue.page(session, Filters(state=None, text=words), by=dora, at=NOON).rows == ()


def test_the_record_tells_that_it_was_referred_and_sealed(session, amira, luis):
    found = proposed(session, amira)
    builders.sealed_away(session, found, luis)
    acts = session.scalars(
        select(AuditRecord.action).where(AuditRecord.subject == f"case:{found.reference}").order_by(AuditRecord.id)
    ).all()
    assert acts[-3:] == ["referral recorded", "case refer", "address sealed"]
