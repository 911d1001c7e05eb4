"""One round after another: who decides on what is reported anew, and what happens where no round comes to an end."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from moderation import policy, queue, reviewing
from moderation.errors import NotAllowed, NotIndependent
from moderation.models import Case, Listing
from moderation.states import State
from moderation.vocabulary import Actor, Outcome, Proposed, Role
from tests import builders
from tests.builders import NOON


class TestReportedAnew:
    """A resource on which somebody decided is reported again: a new case, which other people decide."""

    def rejected(self, session, by, *, at=NOON):
        builders.concluded(session, builders.case(session), by, Outcome.REJECT_LAWFUL, at=at)

    def test_who_rejected_it_does_not_decide_whether_they_were_right(self, session):
        by = builders.person(session)
        self.rejected(session, by)
        case = builders.case(session)
        with pytest.raises(NotIndependent, match="took part"):
            queue.claim(session, case.reference, by=by, at=NOON)
        assert queue.next_case(session, State.WAITING, by=by, at=NOON) is None
        assert queue.next_case(session, State.WAITING, by=builders.person(session), at=NOON) == case.reference

    def test_none_of_the_people_who_disagreed_sits_in_the_new_round(self, session):
        first, second = builders.person(session), builders.person(session)
        case = builders.case(session)
        builders.propose(session, case, first)
        builders.claimed(session, case, second)
        no = {"by": second, "at": NOON, "version": case.version, "sent_none_of_the_reports": True}
        reviewing.disagree(session, case.reference, Outcome.REJECT_LAWFUL, "An agency like any other.", **no)
        anew = builders.case(session)
        for by in (first, second):
            with pytest.raises(NotIndependent):
                queue.claim(session, anew.reference, by=by, at=NOON)

    def test_the_case_before_the_last_one_binds_nobody_so_that_a_small_desk_is_never_without_a_reviewer(self, session):
        first, second = builders.person(session), builders.person(session)
        self.rejected(session, first)
        self.rejected(session, second)
        self.rejected(session, first)
        assert session.scalar(select(func.count()).select_from(Case).where(Case.state == State.REJECTED)) == 3

    def test_who_listed_what_left_the_list_since_may_look_at_what_is_there_now(self, session):
        decided = builders.listed(session)
        first = session.scalar(select(Listing.first_id))
        reviewing.delist(session, decided.listing, "The owner took the page down.", by=builders.person(session), at=NOON)
        case = builders.case(session)
        queue.claim(session, case.reference, by=Actor(person_id=first, role=Role.MODERATOR, name="First"), at=NOON)
        assert case.holder_id == first

    def test_who_only_found_it_to_be_the_same_as_another_may_do_so_again(self, session):
        by = builders.person(session)
        kept = str(builders.case(session, "https://kept.test/").reference)
        for _ in range(2):
            builders.concluded(session, builders.case(session), by, Outcome.DUPLICATE, duplicate_of=kept)
        self.rejected(session, by)


class TestRoundsWithoutAnEnd:
    """One resource, proposed and not listed, again and again: after three times a moderator opens no further round."""

    def came_to_nothing(self, session, number):
        for _ in range(number):
            by, case = builders.person(session), builders.case(session)
            builders.propose(session, case, by)
            reviewing.withdraw(session, case.reference, by=by, at=NOON)

    def test_after_three_rounds_without_an_outcome_only_a_senior_proposes(self, session):
        self.came_to_nothing(session, policy.ROUNDS_UNSETTLED - 1)
        case, by = builders.case(session), builders.person(session)
        assert isinstance(builders.propose(session, case, by), Proposed)
        reviewing.withdraw(session, case.reference, by=by, at=NOON)
        moderator = builders.person(session)
        with pytest.raises(NotAllowed, match="a senior opens the next"):
            builders.propose(session, case, moderator)
        assert reviewing.view(session, case.reference, by=moderator, at=NOON).is_for_a_senior
        queue.hand_back(session, case.reference, by=moderator, at=NOON)
        assert isinstance(builders.propose(session, case, builders.person(session, Role.SENIOR)), Proposed)

    def test_rounds_in_earlier_cases_about_the_same_resource_count(self, session):
        for _ in range(policy.ROUNDS_UNSETTLED):
            case = builders.case(session)
            builders.propose(session, case, builders.person(session))
            by = builders.person(session)
            builders.claimed(session, case, by)
            no = {"by": by, "at": NOON, "version": case.version, "sent_none_of_the_reports": True}
            reviewing.disagree(session, case.reference, Outcome.REJECT_LAWFUL, "An agency like any other.", **no)
        with pytest.raises(NotAllowed):
            builders.propose(session, builders.case(session), builders.person(session))

    def test_nor_does_a_moderator_put_it_aside_once_more_but_may_close_it(self, session):
        self.came_to_nothing(session, policy.ROUNDS_UNSETTLED)
        case, by = builders.case(session), builders.person(session)
        with pytest.raises(NotAllowed):
            builders.concluded(session, case, by, Outcome.MONITOR, back_at=NOON + timedelta(days=7))
        builders.concluded(session, case, by, Outcome.REJECT_LAWFUL)
        assert case.state == State.REJECTED

    def test_what_came_to_nothing_before_it_was_listed_is_forgotten(self, session):
        self.came_to_nothing(session, policy.ROUNDS_UNSETTLED - 1)
        decided = builders.listed(session)
        reviewing.delist(session, decided.listing, "The owner took the page down.", by=builders.person(session), at=NOON)
        self.came_to_nothing(session, 1)
        assert isinstance(builders.propose(session, builders.case(session), builders.person(session)), Proposed)
