"""What becomes of the open work of somebody who leaves."""

from sqlalchemy import select, text

from moderation import people, queue, reviewing
from moderation.models import Case, Round
from moderation.states import State
from moderation.vocabulary import SYSTEM, Role
from tests import builders
from tests.builders import NOON
from tests.verbs.queued import site


class TestSomebodyLeaves:
    def disable(self, session, by):
        email = session.scalar(text("SELECT email FROM person WHERE id = :id"), {"id": by.person_id})
        people.disable(session, email, by=SYSTEM, at=NOON)

    def test_what_they_held_is_free_at_once(self, session):
        by, other = builders.person(session), builders.person(session)
        held = builders.claimed(session, builders.case(session), by)
        self.disable(session, by)
        assert queue.next_case(session, State.WAITING, by=other, at=NOON) == held.reference

    def test_their_proposal_is_withdrawn_and_the_case_waits_again(self, session):
        by = builders.person(session)
        case = builders.case(session)
        builders.propose(session, case, by)
        self.disable(session, by)
        assert (case.state, session.scalars(select(Round.outcome)).all()) == (State.WAITING, ["withdrawn"])
        assert queue.next_case(session, State.WAITING, by=builders.person(session), at=NOON) == case.reference

    def test_a_seat_that_hangs_on_a_closed_account_however_that_came_is_told_and_freed(self, session):
        by, second, case = builders.person(session), builders.person(session), builders.case(session)
        builders.propose(session, case, by)
        held = builders.claimed(session, builders.case(session, site(1)), by)
        session.execute(text("UPDATE person SET disabled_at = now() WHERE id = :id"), {"id": by.person_id})
        assert reviewing.view(session, case.reference, by=second, at=NOON).somebody_left
        assert [people.let_left_go(session, at=NOON) for _ in range(2)] == [1, 0]
        assert (case.state, held.holder_id) == (State.WAITING, None)
        assert not reviewing.view(session, case.reference, by=second, at=NOON).somebody_left

    def test_a_case_that_a_colleague_settled_stays_settled(self, session):
        decided = builders.listed(session)
        first = session.scalar(text("SELECT first_id FROM listing"))
        self.disable(session, builders.Actor(person_id=first, role=Role.MODERATOR, name="x"))
        assert decided.listing is not None
        assert session.scalars(select(Case.state)).all() == [State.LISTED]
