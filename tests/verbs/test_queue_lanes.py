"""Where a case stands in the queue and why, which lane it is in, and that nothing starves, hangs or is taken twice."""

import itertools
import threading
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from moderation import policy, queue
from moderation.errors import InvalidAnswer, NotAllowed
from moderation.models import Case, QueueMark
from moderation.queue import Why, points_of
from moderation.states import State
from moderation.vocabulary import Category, Channel, DeskLane, Lane, Role, Stage
from tests import builders
from tests.builders import NOON
from tests.verbs.queued import TOMORROW, shown, site

BY_LOT = uuid.UUID(int=0)
"""A draw that takes by lot, from the first lane on and from the lowest reference on."""


def why(case: Case) -> dict[Why, int]:
    return {point.why: point.points for point in points_of(case)}


class TestPoints:
    def test_the_points_of_a_case_are_the_sum_of_its_reasons(self, session):
        case = builders.case(session, category=Category.CHILD, danger_now=True, lane=Lane.SLOW, stages=(Stage.MOVING, Stage.PAYING))
        assert why(case) == {Why.DANGER: 100, Why.CATEGORY: 60, Why.STAGE: 15, Why.SLOW: -40}
        assert case.priority == 135

    def test_thirty_forms_weigh_no_more_than_one(self, session):
        once = builders.case(session, site(1)).priority
        for number in range(30):
            often = builders.case(session, site(2), channel=(Channel.FORM, Channel.PLAIN_FORM)[number % 2])
        assert often.priority == once

    def test_a_second_independent_channel_adds_points_and_a_fourth_no_more(self, session):
        for channel, points in ((Channel.FORM, None), (Channel.ONION, 10), (Channel.API, 20), (Channel.PARTNER, 20)):
            case = builders.case(session, channel=channel)
            session.refresh(case)
            assert why(case).get(Why.CHANNELS) == points
            assert case.priority == sum(why(case).values())

    def test_a_later_report_raises_the_stage_and_never_lowers_it(self, session):
        case = builders.case(session, stages=(Stage.EXPLOITING,))
        builders.report(session, stages=(Stage.ADVERTISING,))
        session.refresh(case)
        assert why(case)[Why.STAGE] == 20

    def test_a_case_gets_points_for_age_and_keeps_the_sum(self, session):
        old, new = builders.case(session, site(1), at=NOON - timedelta(days=8)), builders.case(session, site(2))
        queue.grow_older(session, at=NOON)
        session.expire_all()
        assert (why(old)[Why.AGE], why(new).get(Why.AGE)) == (10, None)
        assert old.priority == sum(why(old).values())

    def test_what_joins_later_keeps_the_points_of_age(self, session):
        old = builders.case(session, at=NOON - timedelta(days=8))
        queue.grow_older(session, at=NOON)
        builders.report(session, danger_now=True)
        session.expire_all()
        assert old.priority == sum(why(old).values()) == 130

    def test_no_sum_of_points_leaves_what_a_claim_looks_through(self):
        most = [max(policy.PRIORITY_BY_CATEGORY.values()), max(policy.PRIORITY_BY_STAGE.values()), policy.PRIORITY_BY_AGE[-1][1]]
        most += [policy.PRIORITY_DANGER, policy.PRIORITY_PARTNER, policy.PRIORITY_CORROBORATION_MOST, policy.PRIORITY_DUE]
        most += [policy.PRIORITY_DISPUTED, policy.PRIORITY_CHILD_MATERIAL]
        assert sum(most) <= policy.PRIORITY_MOST
        assert min(policy.PRIORITY_BY_CATEGORY.values()) + policy.PRIORITY_SLOW_LANE >= policy.PRIORITY_LEAST
        parts = [*most, *policy.PRIORITY_BY_CATEGORY.values(), *policy.PRIORITY_BY_STAGE.values(), policy.PRIORITY_SLOW_LANE]
        parts += [policy.PRIORITY_CORROBORATION, policy.PRIORITY_MOST, *(points for _, points in policy.PRIORITY_BY_AGE)]
        assert not [points for points in parts if points % policy.PRIORITY_STEP]


class TestLanes:
    def test_each_case_stands_in_one_lane(self, session):
        builders.case(session, site(1), danger_now=True, category=Category.CHILD)
        builders.case(session, site(2), category=Category.CHILD, lane=Lane.SLOW)
        builders.case(session, site(3))
        builders.case(session, site(4), lane=Lane.SLOW)
        assert [shown(session, lane=lane) for lane in ("danger", "minors", "standard", "slow")] == [[site(n)] for n in (1, 2, 3, 4)]

    def test_a_case_moves_to_the_lane_of_danger_with_the_report_that_says_so(self, session):
        builders.case(session, site(1), lane=Lane.SLOW)
        builders.report(session, site(1), danger_now=True)
        assert shown(session, lane="danger") == [site(1)]
        assert shown(session, lane="slow") == []

    def test_the_next_case_comes_from_the_lanes_one_chose(self, session):
        builders.case(session, site(1), danger_now=True)
        slow, by = builders.case(session, site(2), lane=Lane.SLOW), builders.person(session)
        queue.choose(session, [DeskLane.SLOW], by=by, at=NOON)
        assert queue.chosen(session, by=by) == (DeskLane.SLOW,)
        assert queue.next_case(session, by=by, at=NOON) == slow.reference
        assert queue.next_case(session, by=by, at=NOON) is None

    def test_who_chose_all_lanes_has_no_choice_to_be_outgrown(self, session):
        by = builders.person(session)
        queue.choose(session, queue.open_to(by), by=by, at=NOON)
        assert queue.chosen(session, by=by) == queue.open_to(by)

    def test_nobody_chooses_no_lane_or_one_for_others(self, session):
        by = builders.person(session)
        for wanted in ([], [DeskLane.THIRD]):
            with pytest.raises(InvalidAnswer):
                queue.choose(session, wanted, by=by, at=NOON)
        with pytest.raises(NotAllowed):
            queue.choose(session, [DeskLane.SLOW], by=builders.person(session, Role.AUDITOR), at=NOON)

    def test_a_category_is_looked_for_in_every_lane_that_may_hold_it(self, session):
        kinds = list(itertools.product(Category, (True, False), Lane))
        for number, (category, danger_now, lane) in enumerate(kinds):
            builders.case(session, site(number), category=category, danger_now=danger_now, lane=lane)
        for sought in Category:
            expected = {site(number) for number, (category, _, _) in enumerate(kinds) if category is sought}
            assert set(shown(session, category=sought)) == expected


class TestByLot:
    def test_a_draw_takes_a_case_whatever_its_points(self, session):
        urgent, calm = builders.case(session, site(1), category=Category.SEXUAL), builders.case(session, site(2), category=Category.UNSURE)
        by, lanes = builders.person(session), [DeskLane.STANDARD]
        just_at = uuid.UUID(int=calm.reference.int)
        draw = next(d for d in (uuid.UUID(int=just_at.int & ~0xFFFF | n << 8) for n in range(5)) if not (d.int >> 8) % 5)
        # The first at or after the draw, going round: with two cases, whichever follows.
        first = min([urgent, calm], key=lambda case: (case.reference < draw, case.reference))
        assert queue.next_case(session, among=lanes, by=by, at=NOON, draw=draw) == first.reference

    def test_one_claim_in_five_is_drawn(self, session):
        drawn = sum(not (uuid.uuid4().int >> 8) % policy.DRAWN_AT_RANDOM for _ in range(20_000))
        assert 3_600 < drawn < 4_400

    def test_the_slow_lane_is_drawn_as_often_as_any(self, session):
        builders.case(session, site(1), danger_now=True)
        slow = builders.case(session, site(2), lane=Lane.SLOW)
        # The last two bits choose the lane; none of the others changes with them here.
        draw = uuid.UUID(int=3)
        assert queue.next_case(session, State.WAITING, by=builders.person(session), at=NOON, draw=draw) == slow.reference

    def test_a_draw_from_empty_lanes_finds_the_one_that_is_not(self, session):
        slow = builders.case(session, site(2), lane=Lane.SLOW)
        assert queue.next_case(session, State.WAITING, by=builders.person(session), at=NOON, draw=BY_LOT) == slow.reference


class TestNotes:
    """Claims begin where those before them found the first free case; nothing may hide behind that."""

    def claims(self, session, number, at=NOON):
        by = builders.person(session)
        return [queue.next_case(session, State.WAITING, by=by, at=at) for _ in range(number)]

    def old(self, session, number, **changes):
        return builders.case(session, site(number), at=NOON - timedelta(days=2), **changes)

    def test_a_case_handed_back_is_next_although_claims_went_on(self, session):
        found = [self.old(session, number) for number in range(4)]
        first, *_ = self.claims(session, 3)
        holder = session.get(Case, found[0].id).holder_id
        queue.hand_back(session, first, by=next(p for p in [builders.Actor(person_id=holder, role=Role.MODERATOR, name="x")]), at=NOON)
        assert self.claims(session, 1) == [found[0].reference]

    def test_a_case_that_a_report_raised_is_found_behind_the_notes(self, session):
        calm = self.old(session, 9, category=Category.UNSURE)
        for number in range(3):
            self.old(session, number, category=Category.SEXUAL)
        self.claims(session, 2)
        builders.report(session, site(9), category=Category.SEXUAL, danger_now=True, at=NOON)
        assert self.claims(session, 1) == [calm.reference]

    def test_a_case_that_was_put_in_behind_the_notes_is_found_soon(self, session):
        for number in range(3):
            self.old(session, number)
        self.claims(session, 2)
        late = builders.case(session, site(8), at=NOON - timedelta(days=30))
        assert self.claims(session, 1, at=NOON + policy.QUEUE_LOOKED_THROUGH) == [late.reference]

    def test_where_nothing_else_is_left_it_is_found_at_once(self, session):
        self.old(session, 1)
        self.claims(session, 1)
        late = builders.case(session, site(8), at=NOON - timedelta(days=30))
        assert self.claims(session, 1) == [late.reference]

    def test_notes_are_only_added_and_forgotten_when_old(self, session):
        for number in range(3):
            self.old(session, number)
        self.claims(session, 3)
        before = session.scalars(select(QueueMark.id)).all()
        queue.forget_notes(session, at=NOON)
        assert session.scalars(select(QueueMark.id)).all() == before
        queue.forget_notes(session, at=TOMORROW)
        assert not session.scalars(select(QueueMark.id)).all()


def test_sixty_four_people_at_once_never_get_the_same_case(database):
    with database.transaction() as session:
        for number in range(80):
            builders.case(session, site(number))
        crowd = [builders.person(session) for _ in range(64)]
    got, gate = [], threading.Barrier(64)

    def work(by):
        gate.wait()
        with database.transaction() as session:
            got.append(queue.next_case(session, State.WAITING, by=by, at=NOON, draw=uuid.uuid4()))

    threads = [threading.Thread(target=work, args=(by,)) for by in crowd]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(got) - {None}) == 64
