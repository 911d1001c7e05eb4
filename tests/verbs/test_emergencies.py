"""In an emergency one person takes a listing off at once, and somebody else looks at it after."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from moderation import reviewing
from moderation.errors import IllegalTransition, InvalidAnswer, NotIndependent
from moderation.models import EmergencyDelisting
from moderation.reviewing import emergencies
from moderation.states import State
from moderation.vocabulary import EmergencyReason, Outcome, Scope
from tests import builders
from tests.builders import NOON
from tests.verbs.second_looks import DAY, OFFER, WHY, expiring, listed


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
