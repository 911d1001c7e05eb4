"""Parking, and several cases at once: claimed, parked, merged into one."""

import uuid
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from moderation import policy, queue, several
from moderation.errors import HeldByAnother, IllegalTransition, InvalidAnswer
from moderation.models import AuditRecord, CaseReport
from moderation.states import State
from tests import builders
from tests.builders import NOON
from tests.verbs.queued import TOMORROW, shown, site
from tests.verbs.together import all_at_once

BECAUSE = "We wait for the hotline's answer."
INTO_ONE = {"note": "Both show the same advert.", "sent_none_of_the_reports": True}


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

    def test_merging_leaves_what_a_colleague_holds(self, session):
        kept, held, free = (builders.case(session, site(number)) for number in range(3))
        builders.claimed(session, held, builders.person(session, name="Ada"))
        by, references = builders.person(session), [held.reference, free.reference]
        done = several.merge_several(session, references, **INTO_ONE, into=str(kept.reference), by=by, at=NOON)
        assert (done.done, held.state) == ((free.reference,), State.WAITING)
        assert [type(refusal) for _, refusal in done.refused] == [HeldByAnother]

    def test_all_that_a_merger_lacks_is_told_at_once(self, session):
        by, case = builders.person(session), builders.case(session)
        with pytest.raises(InvalidAnswer) as refused:
            several.merge_several(session, [], into="", note="same", sent_none_of_the_reports=False, by=by, at=NOON)
        assert set(refused.value.faults) == {"cases", "into", "note", "sent_none_of_the_reports"}
        with pytest.raises(InvalidAnswer) as refused:
            several.merge_several(session, [case.reference], into="", note="same", sent_none_of_the_reports=True, by=by, at=NOON)
        assert set(refused.value.faults) == {"into", "note"}

    def test_all_that_parking_lacks_is_told_at_once(self, session):
        with pytest.raises(InvalidAnswer) as refused:
            several.park_several(session, [], until=NOON, because="soon", by=builders.person(session), at=NOON)
        assert set(refused.value.faults) == {"cases", "until", "because"}

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


@pytest.mark.long
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
