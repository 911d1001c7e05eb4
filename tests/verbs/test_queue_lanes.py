"""Where a case stands in the queue and why, which lane it is in, and that nothing starves, hangs or is taken twice."""

import threading
import uuid
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select, text

from moderation import cases, people, policy, queue, reviewing, several
from moderation.errors import DeclarationMissing, HeldByAnother, IllegalTransition, InvalidAnswer, NotAllowed
from moderation.models import AuditRecord, Case, CaseReport, QueueMark, Round
from moderation.queue import Filters, Why, points_of
from moderation.states import State
from moderation.vocabulary import SYSTEM, Category, Channel, DeskLane, Lane, Role, Stage
from tests import builders
from tests.builders import NOON
from tests.verbs.together import all_at_once

BY_LOT = uuid.UUID(int=0)
"""A draw that takes by lot, from the first lane on and from the lowest reference on."""
BY_POINTS = uuid.UUID(int=1 << 8)
TOMORROW = NOON + timedelta(days=1)
BECAUSE = "We wait for the hotline's answer."
INTO_ONE = {"note": "Both show the same advert.", "sent_none_of_the_reports": True}


def site(number: int) -> str:
    return f"https://site{number}.test/offer"


def why(case: Case) -> dict[Why, int]:
    return {point.why: point.points for point in points_of(case)}


def shown(session, **filters) -> list[str]:
    return [row.canonical for row in queue.page(session, Filters(**filters), by=builders.person(session), at=NOON).rows]


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
        most += [policy.PRIORITY_DISPUTED]
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


class TestParking:
    def test_a_parked_case_is_nobodys_next_until_its_day(self, session):
        case, by = builders.case(session), builders.person(session)
        queue.park(session, case.reference, until=TOMORROW, because=BECAUSE, by=by, at=NOON)
        assert shown(session) == []
        assert shown(session, lane="parked") == ["https://jobs.test/offer/7"]
        assert queue.next_case(session, State.WAITING, by=by, at=NOON) is None
        assert queue.take_up(session, at=NOON) == 0
        assert queue.take_up(session, at=TOMORROW) == 1
        assert queue.next_case(session, State.WAITING, by=by, at=TOMORROW) == case.reference

    def test_a_report_of_danger_takes_a_parked_case_up(self, session):
        case, by = builders.case(session), builders.person(session)
        queue.park(session, case.reference, until=TOMORROW, because=BECAUSE, by=by, at=NOON)
        builders.report(session, danger_now=True)
        assert queue.next_case(session, State.WAITING, by=by, at=NOON) == case.reference

    def test_what_is_in_danger_is_not_parked(self, session):
        case = builders.case(session, danger_now=True)
        with pytest.raises(IllegalTransition):
            queue.park(session, case.reference, until=TOMORROW, because=BECAUSE, by=builders.person(session), at=NOON)

    @pytest.mark.parametrize(("until", "because"), [(NOON, BECAUSE), (NOON + timedelta(days=31), BECAUSE), (TOMORROW, "later")])
    def test_parking_needs_a_day_and_a_reason(self, session, until, because):
        case = builders.case(session)
        with pytest.raises(InvalidAnswer):
            queue.park(session, case.reference, until=until, because=because, by=builders.person(session), at=NOON)

    def test_the_record_does_not_keep_the_reason(self, session):
        case = builders.case(session)
        queue.park(session, case.reference, until=TOMORROW, because=BECAUSE, by=builders.person(session), at=NOON)
        details = session.scalars(select(AuditRecord.detail).where(AuditRecord.action == "case parked")).all()
        assert BECAUSE not in str(details)


class TestSeveral:
    def test_several_are_claimed_and_those_of_others_left_and_told(self, session):
        found, by = [builders.case(session, site(number)) for number in range(3)], builders.person(session)
        builders.claimed(session, found[0], builders.person(session, name="Ada"))
        done = several.claim_several(session, [case.reference for case in found], by=by, at=NOON)
        assert set(done.done) == {case.reference for case in found[1:]}
        assert [(reference, type(refusal)) for reference, refusal in done.refused] == [(found[0].reference, HeldByAnother)]

    def test_several_are_parked(self, session):
        found = [builders.case(session, site(number)) for number in range(2)]
        references = [case.reference for case in found]
        done = several.park_several(session, references, until=TOMORROW, because=BECAUSE, by=builders.person(session), at=NOON)
        assert set(done.done) == set(references)
        assert shown(session) == []

    def test_several_are_merged_into_one_and_their_reports_are_read_there(self, session):
        kept, *others = (builders.case(session, site(number)) for number in range(3))
        by = builders.person(session)
        done = several.merge_several(session, [case.reference for case in (kept, *others)], **INTO_ONE, into=site(0), by=by, at=NOON)
        assert set(done.done) == {case.reference for case in others}
        assert {case.state for case in others} == {State.DUPLICATE}
        assert (kept.state, kept.holder_id) == (State.WAITING, None)
        reports = select(func.count()).select_from(CaseReport).where(CaseReport.case_id == kept.id)
        assert session.scalar(reports) == 3

    def test_merging_leaves_what_a_colleague_holds_and_who_did_not_declare(self, session):
        kept, held, free = (builders.case(session, site(number)) for number in range(3))
        builders.claimed(session, held, builders.person(session, name="Ada"))
        by, references = builders.person(session), [held.reference, free.reference]
        undeclared = INTO_ONE | {"sent_none_of_the_reports": False}
        done = several.merge_several(session, references, **undeclared, into=str(kept.reference), by=by, at=NOON)
        assert {type(refusal) for _, refusal in done.refused} == {HeldByAnother, DeclarationMissing}
        assert free.holder_id is None
        done = several.merge_several(session, references, **INTO_ONE, into=str(kept.reference), by=by, at=NOON)
        assert (done.done, held.state) == ((free.reference,), State.WAITING)

    def test_merging_into_nothing_is_refused(self, session):
        case = builders.case(session)
        with pytest.raises(InvalidAnswer):
            several.merge_several(session, [case.reference], **INTO_ONE, into="nowhere", by=builders.person(session), at=NOON)

    @pytest.mark.parametrize("number", [0, policy.BULK_CASES + 1])
    def test_nothing_and_too_many_are_refused(self, session, number):
        with pytest.raises(InvalidAnswer):
            several.claim_several(session, [uuid.uuid4() for _ in range(number)], by=builders.person(session), at=NOON)
        kept, many = builders.case(session), [uuid.uuid4() for _ in range(number)]
        with pytest.raises(InvalidAnswer):
            several.merge_several(session, many, **INTO_ONE, into=str(kept.reference), by=builders.person(session), at=NOON)


def test_two_who_merge_crosswise_take_turns_and_the_second_is_told(database):
    with database.transaction() as session:
        people = [builders.person(session) for _ in range(2)]
        pairs = [[builders.case(session, site(2 * number + side)).reference for side in range(2)] for number in range(8)]

    def merge(by, case, into):
        with database.transaction() as session:
            done = several.merge_several(session, [case], **INTO_ONE, into=str(into), by=by, at=NOON)
        return len(done.done)

    for one, other in pairs:
        crosswise = [partial(merge, people[0], one, other), partial(merge, people[1], other, one)]
        assert sorted(all_at_once(crosswise)) == [0, 1]


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


class TestFinding:
    @pytest.mark.parametrize(
        ("reported", "sought"),
        [
            ("https://t.me/good_jobs", "@good_jobs"),
            ("https://t.me/good_jobs", "Good_Jobs"),
            ("+33 6 12 34 56 78", "+33612345678"),
            ("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"),
            ("https://пример.рф/работа", "пример.рф"),
            ("https://пример.рф/работа", "xn--e1afmkfd.xn--p1ai"),
            ("https://www.jobs.test/offer?b=2", "hxxps://www[.]jobs[.]test/offer?b=2"),
        ],
    )
    def test_a_case_is_found_as_anyone_would_write_it(self, session, reported, sought):
        case = builders.case(session, reported)
        rows = queue.page(session, Filters(text=sought, state=None), by=builders.person(session), at=NOON).rows
        assert [row.reference for row in rows] == [case.reference]

    def test_a_case_is_found_by_the_beginning_of_its_number_in_every_state(self, session):
        builders.listed(session)
        builders.case(session, site(1))
        case = session.scalars(select(Case).where(Case.state == State.LISTED)).one()
        for sought in (str(case.reference), str(case.reference)[:8], "jobs.test"):
            assert shown(session, text=sought, state=None) == ["https://jobs.test/offer/7"]

    def test_a_case_that_was_rejected_is_found(self, session):
        by = builders.person(session)
        reject(session, builders.claimed(session, builders.case(session), by), by)
        assert shown(session, text="jobs.test", state=None) == ["https://jobs.test/offer/7"]


def reject(session, case, by):
    cases.advance(session, case, cases.Action.REJECT, by=by, at=NOON)
