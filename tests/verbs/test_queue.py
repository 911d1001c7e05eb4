"""Who gets which case: the most urgent first, one holder at a time, a lease that ends."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from moderation import policy, queue
from moderation.errors import HeldByAnother, IllegalTransition, NotAllowed, NotFound
from moderation.models import AuditRecord, Case
from moderation.queue import Filters
from moderation.states import State
from moderation.vocabulary import Category, Lane, Role
from tests import builders
from tests.builders import NOON

AFTER = NOON + policy.LEASE
LATER = NOON + timedelta(minutes=10)
NEVER_WAIT = text("SET LOCAL lock_timeout = '2s'")


def site(number: int) -> str:
    return f"https://site{number}.test/offer"


def acts(session, case: Case) -> list[str]:
    return list(session.scalars(select(AuditRecord.action).where(AuditRecord.subject == f"case:{case.reference}").order_by(AuditRecord.id)))


def shown(session, by, **filters) -> list[str]:
    return [row.canonical for row in queue.page(session, Filters(**filters), by=by, at=NOON).rows]


class TestOrder:
    def test_the_most_urgent_case_is_next(self, session):
        builders.case(session, site(1))
        urgent = builders.case(session, site(2), danger_now=True)
        assert queue.next_case(session, State.WAITING, by=builders.person(session), at=NOON) == urgent.reference

    def test_of_two_equally_urgent_the_older_is_next(self, session):
        builders.case(session, site(1), at=NOON)
        older = builders.case(session, site(2), at=NOON - timedelta(hours=1))
        assert queue.next_case(session, State.WAITING, by=builders.person(session), at=NOON) == older.reference

    def test_the_page_has_the_same_order(self, session):
        for number, changes in enumerate([{}, {"danger_now": True}, {"category": Category.CHILD}, {"lane": Lane.SLOW}]):
            builders.case(session, site(number), **changes)
        assert shown(session, builders.person(session)) == [site(1), site(2), site(0), site(3)]

    def test_a_case_that_somebody_holds_keeps_its_place_on_the_page(self, session):
        held = builders.case(session, site(1), danger_now=True)
        builders.case(session, site(2))
        builders.claimed(session, held, builders.person(session))
        assert shown(session, builders.person(session)) == [site(1), site(2)]

    def test_where_there_is_nothing_to_take_nobody_gets_anything(self, session):
        assert queue.next_case(session, State.WAITING, by=builders.person(session), at=NOON) is None

    def test_a_case_one_took_part_in_is_passed_over(self, session):
        proposer = builders.person(session)
        builders.propose(session, builders.case(session), proposer)
        assert queue.next_case(session, State.PROPOSED, by=proposer, at=NOON) is None
        assert queue.next_case(session, State.PROPOSED, by=builders.person(session), at=NOON) is not None


class TestTwoAtOnce:
    def test_two_people_at_the_same_moment_get_different_cases(self, database):
        with database.transaction() as session:
            cases = {builders.case(session, site(number)).reference for number in range(2)}
            first, second = builders.person(session), builders.person(session)
        with database.transaction() as one, database.transaction() as other:
            other.execute(NEVER_WAIT)
            taken = {queue.next_case(one, State.WAITING, by=first, at=NOON), queue.next_case(other, State.WAITING, by=second, at=NOON)}
        assert taken == cases

    def test_nobody_waits_for_a_colleague_who_is_claiming_the_last_case(self, database):
        with database.transaction() as session:
            builders.case(session)
            first, second = builders.person(session), builders.person(session)
        with database.transaction() as one, database.transaction() as other:
            other.execute(NEVER_WAIT)
            queue.next_case(one, State.WAITING, by=first, at=NOON)
            assert queue.next_case(other, State.WAITING, by=second, at=NOON) is None


class TestLease:
    def test_a_held_case_is_refused_with_the_holders_name(self, session):
        held = builders.claimed(session, builders.case(session), builders.person(session, name="Ada"))
        with pytest.raises(HeldByAnother, match="Ada holds this case until 12:30 UTC"):
            queue.claim(session, held.reference, by=builders.person(session), at=NOON)

    def test_until_the_lease_ends_nobody_else_gets_the_case(self, session):
        held = builders.claimed(session, builders.case(session), builders.person(session))
        just_before = AFTER - timedelta(seconds=1)
        with pytest.raises(HeldByAnother):
            queue.claim(session, held.reference, by=builders.person(session), at=just_before)
        assert queue.next_case(session, State.WAITING, by=builders.person(session), at=just_before) is None

    def test_after_it_has_ended_a_colleague_takes_over_and_that_is_written_down(self, session):
        held, second = builders.claimed(session, builders.case(session), builders.person(session)), builders.person(session)
        queue.claim(session, held.reference, by=second, at=AFTER)
        assert held.holder_id == second.person_id
        assert acts(session, held) == ["case claimed", "case taken over"]

    def test_the_next_case_may_be_one_whose_lease_has_ended(self, session):
        held, second = builders.claimed(session, builders.case(session), builders.person(session)), builders.person(session)
        assert queue.next_case(session, State.WAITING, by=second, at=AFTER) == held.reference
        assert acts(session, held)[-1] == "case taken over"

    def test_an_urgent_case_that_was_left_comes_before_a_fresh_one(self, session):
        left = builders.claimed(session, builders.case(session, site(1), danger_now=True), builders.person(session))
        builders.case(session, site(2))
        assert queue.next_case(session, State.WAITING, by=builders.person(session), at=AFTER) == left.reference

    def test_a_fresh_case_that_is_more_urgent_comes_before_one_that_was_left(self, session):
        builders.claimed(session, builders.case(session, site(1)), builders.person(session))
        urgent = builders.case(session, site(2), danger_now=True)
        assert queue.next_case(session, State.WAITING, by=builders.person(session), at=AFTER) == urgent.reference

    def test_work_lengthens_ones_own_lease_and_nobody_elses(self, session):
        holder = builders.person(session)
        held = builders.claimed(session, builders.case(session), holder)
        queue.extend(session, held.reference, by=builders.person(session), at=LATER)
        assert held.lease_until == AFTER
        queue.extend(session, held.reference, by=holder, at=LATER)
        assert held.lease_until == LATER + policy.LEASE

    def test_handed_back_it_is_anyones_at_once(self, session):
        holder, second = builders.person(session), builders.person(session)
        held = builders.claimed(session, builders.case(session), holder)
        queue.hand_back(session, held.reference, by=holder, at=NOON)
        assert (held.holder_id, held.lease_until) == (None, None)
        assert queue.next_case(session, State.WAITING, by=second, at=NOON) == held.reference

    def test_only_the_holder_hands_back(self, session):
        held = builders.claimed(session, builders.case(session), builders.person(session))
        with pytest.raises(HeldByAnother):
            queue.hand_back(session, held.reference, by=builders.person(session), at=NOON)

    def test_deciding_lets_the_case_go(self, session):
        case = builders.case(session)
        builders.propose(session, case, builders.person(session))
        assert (case.holder_id, case.lease_until) == (None, None)


class TestWhoMay:
    @pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.AUDITOR, Role.ADMIN])
    def test_who_does_not_review_takes_no_case(self, session, role):
        case, person = builders.case(session), builders.person(session, role)
        with pytest.raises(NotAllowed):
            queue.claim(session, case.reference, by=person, at=NOON)
        with pytest.raises(NotAllowed):
            queue.next_case(session, State.WAITING, by=person, at=NOON)

    def test_the_third_seats_cases_are_for_seniors(self, session):
        with pytest.raises(NotAllowed):
            queue.next_case(session, State.AWAITING_THIRD, by=builders.person(session), at=NOON)

    @pytest.mark.parametrize("state", [State.LISTED, State.REJECTED, State.DELISTED])
    def test_a_case_that_waits_for_nobody_is_nobodys_next(self, session, state):
        builders.listed(session)
        with pytest.raises(IllegalTransition):
            queue.next_case(session, state, by=builders.person(session), at=NOON)

    def test_a_listed_case_is_not_claimed(self, session):
        builders.listed(session)
        case = session.scalars(select(Case)).one()
        with pytest.raises(IllegalTransition):
            queue.claim(session, case.reference, by=builders.person(session), at=NOON)

    def test_a_case_that_is_not_there_is_not_found(self, session):
        with pytest.raises(NotFound):
            queue.claim(session, builders.submission().reference, by=builders.person(session), at=NOON)

    def test_a_row_says_whether_this_person_may_claim_it(self, session):
        proposer, other = builders.person(session), builders.person(session)
        builders.propose(session, builders.case(session), proposer)
        wanted = Filters(state=State.PROPOSED)
        assert [row.may_claim for row in queue.page(session, wanted, by=proposer, at=NOON).rows] == [False]
        assert [row.may_claim for row in queue.page(session, wanted, by=other, at=NOON).rows] == [True]


class TestPages:
    def test_filters_choose(self, session):
        builders.case(session, "https://one.test/a", category=Category.CHILD)
        builders.case(session, "two.test", lane=Lane.SLOW)
        builders.case(session, "https://www.three.test/c")
        by = builders.person(session)
        assert shown(session, by, category="child") == ["https://one.test/a"]
        assert shown(session, by, lane="slow") == ["two.test"]
        assert shown(session, by, kind="domain") == ["two.test"]
        assert shown(session, by, text=" www.THREE.test ") == ["https://www.three.test/c"]
        assert shown(session, by, text="three.test") == ["https://www.three.test/c"]
        assert shown(session, by, text="https://one.test/a") == ["https://one.test/a"]
        assert shown(session, by, text="one") == []
        assert shown(session, by, state=State.LISTED) == []

    @pytest.mark.parametrize("text", ["t.me/s/good_jobs", "hxxps://t[.]me/Good_Jobs", "telegram @good_jobs"])
    def test_a_case_is_found_by_any_spelling_of_its_resource(self, session, text):
        builders.case(session, "https://t.me/good_jobs")
        assert shown(session, builders.person(session), text=text) == ["https://t.me/good_jobs"]

    def test_mine_are_the_cases_that_one_holds(self, session):
        by = builders.person(session)
        builders.claimed(session, builders.case(session, site(1)), by)
        builders.claimed(session, builders.case(session, site(2)), builders.person(session))
        assert shown(session, by, mine=True) == [site(1)]

    def test_pages_follow_one_another_without_gap_or_repeat(self, session):
        for number in range(2 * policy.QUEUE_SHOWN + 3):
            case = builders.case(session, site(number))
            if number % 5 == 0:
                builders.claimed(session, case, builders.person(session))
        by = builders.person(session)
        pages = [queue.page(session, Filters(page=number), by=by, at=NOON) for number in (1, 2, 3)]
        seen = [row.canonical for page in pages for row in page.rows]
        assert seen == [site(number) for number in range(2 * policy.QUEUE_SHOWN + 3)]
        assert [page.has_next for page in pages] == [True, True, False]

    def test_a_row_names_the_languages_of_its_reports_and_not_their_number(self, session):
        for language in ("fr", "en", "fr"):
            builders.case(session, language=language)
        (row,) = queue.page(session, Filters(), by=builders.person(session), at=NOON).rows
        assert row.languages == ("en", "fr")
        assert not hasattr(row, "reports")

    def test_counts_tell_each_view(self, session):
        by = builders.person(session)
        builders.listed(session, site(1))
        builders.propose(session, builders.case(session, site(2)), builders.person(session), builders.answers(builders.target(site(2))))
        builders.claimed(session, builders.case(session, site(3)), by)
        builders.case(session, site(4))
        told = queue.counts(session, by=by)
        assert {name: number for name, number in told.items() if number} == {
            "waiting": 2,
            "standard": 2,
            "proposed": 1,
            "second": 1,
            "listed": 1,
            "mine": 1,
        }

    def test_a_long_queue_is_counted_no_further_than_is_shown(self, session, monkeypatch):
        monkeypatch.setattr(policy, "QUEUE_COUNTED", 3)
        for number in range(5):
            builders.case(session, site(number))
        assert queue.counts(session, by=builders.person(session))["waiting"] == 3
