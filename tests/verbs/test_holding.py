"""How much one person may hold and for how long, what a senior may take from them, and that who leaves keeps nothing."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import DBAPIError

from moderation import cases, people, policy, queue, reviewing, several
from moderation.errors import HoldsTooMany, IllegalTransition, NotAllowed, NotIndependent, Refusal
from moderation.models import Assessment, AuditRecord, Case, Person, Report, Round
from moderation.states import State
from moderation.vocabulary import SYSTEM, Conclusion, Outcome, Role, TakeoverReason
from tests import builders
from tests.builders import NOON
from tests.verbs.together import all_at_once, begun, until_somebody_waits


def site(number):
    return f"https://site{number}.test/offer"


def full_hands(session, by):
    """As many cases as one person may hold."""
    return [builders.claimed(session, builders.case(session, site(number)), by) for number in range(policy.HELD_AT_ONCE)]


def email_of(session, by):
    return session.scalar(select(Person.email).where(Person.id == by.person_id))


class TestHowMany:
    def test_who_holds_as_many_as_one_may_gets_no_more_until_one_is_handed_back(self, session):
        by = builders.person(session)
        held = full_hands(session, by)
        next_one = builders.case(session, "https://next.test/")
        for act in (partial(queue.claim, session, next_one.reference), partial(queue.next_case, session)):
            with pytest.raises(HoldsTooMany, match="You hold 10 cases already"):
                act(by=by, at=NOON)
        queue.hand_back(session, held[0].reference, by=by, at=NOON)
        queue.claim(session, next_one.reference, by=by, at=NOON)
        assert next_one.holder_id == by.person_id

    def test_a_case_of_ones_own_is_claimed_again_with_full_hands(self, session):
        by = builders.person(session)
        held = full_hands(session, by)[0]
        queue.claim(session, held.reference, by=by, at=NOON + policy.LEASE)
        assert held.lease_until == NOON + 2 * policy.LEASE

    def test_of_several_at_once_the_rest_is_left_and_told(self, session):
        by = builders.person(session)
        ticked = [builders.case(session, site(number)).reference for number in range(policy.HELD_AT_ONCE + 2)]
        done = several.claim_several(session, ticked, by=by, at=NOON)
        assert (len(done.done), {type(why) for _, why in done.refused}) == (policy.HELD_AT_ONCE, {HoldsTooMany})

    def test_nobody_is_handed_more_than_they_may_hold(self, session):
        giver, busy = builders.person(session), builders.person(session)
        full_hands(session, busy)
        case = builders.claimed(session, builders.case(session, "https://next.test/"), giver)
        to = session.scalar(select(Person.reference).where(Person.id == busy.person_id))
        with pytest.raises(NotIndependent, match="cannot take this case"):
            reviewing.hand_over(session, case.reference, to, by=giver, at=NOON)

    def test_what_colleagues_hand_over_leaves_room_for_ones_own_claims(self, session):
        giver, receiver = builders.person(session), builders.person(session)
        to = session.scalar(select(Person.reference).where(Person.id == receiver.person_id))
        for number in range(policy.HANDED_OVER_MOST):
            case = builders.claimed(session, builders.case(session, f"https://given{number}.test/"), giver)
            reviewing.hand_over(session, case.reference, to, by=giver, at=NOON)
        one_more = builders.claimed(session, builders.case(session, "https://more.test/"), giver)
        with pytest.raises(NotIndependent, match="cannot take this case"):
            reviewing.hand_over(session, one_more.reference, to, by=giver, at=NOON)
        own = builders.case(session, "https://own.test/")
        queue.claim(session, own.reference, by=receiver, at=NOON)
        assert own.holder_id == receiver.person_id

    def test_two_claims_of_one_person_at_once_do_not_pass_the_number_by_one(self, database):
        with database.transaction() as session:
            by = builders.person(session)
            queue.hand_back(session, full_hands(session, by)[0].reference, by=by, at=NOON)
            others = [builders.case(session, f"https://other{number}.test/").reference for number in range(2)]

        def claim(reference):
            try:
                with database.transaction() as session:
                    queue.claim(session, reference, by=by, at=NOON)
            except HoldsTooMany:
                return False
            return True

        assert sorted(all_at_once([partial(claim, reference) for reference in others])) == [False, True]


class TestHowLong:
    def work(self, session, case, by, *, hours):
        """A page that is worked on, or forgotten with its script running: it asks for more every five minutes."""
        for minute in range(0, 60 * hours, 5):
            queue.extend(session, case.reference, by=by, at=NOON + timedelta(minutes=minute))

    def test_work_makes_a_claim_no_longer_than_its_longest_and_then_a_colleague_takes_the_case(self, session):
        by, colleague = builders.person(session), builders.person(session)
        case = builders.claimed(session, builders.case(session), by)
        self.work(session, case, by, hours=6)
        ends = NOON + policy.HELD_LONGEST
        assert case.lease_until == ends
        assert reviewing.view(session, case.reference, by=by, at=ends).is_last_lease
        queue.claim(session, case.reference, by=colleague, at=ends)
        assert case.holder_id == colleague.person_id

    def test_neither_claiming_again_nor_a_refused_attempt_makes_it_longer(self, session):
        by = builders.person(session)
        case = builders.claimed(session, builders.case(session), by)
        self.work(session, case, by, hours=4)
        just_before = NOON + policy.HELD_LONGEST - timedelta(minutes=1)
        queue.claim(session, case.reference, by=by, at=just_before)
        builders.notice(session, case, by)
        incomplete = builders.answers(lifeline="")
        reviewing.propose(session, case.reference, incomplete, by=by, at=just_before, version=case.version)
        assert case.lease_until == NOON + policy.HELD_LONGEST

    def test_neither_a_notice_nor_a_referral_makes_it_longer(self, session):
        by = builders.person(session)
        case = builders.claimed(session, builders.case(session), by)
        self.work(session, case, by, hours=4)
        just_before = NOON + policy.HELD_LONGEST - timedelta(minutes=1)
        builders.notice(session, case, by, at=just_before)
        told = Conclusion(outcome=Outcome.REFER_POLICE, **builders.referral())
        reviewing.refer(session, case.reference, told, by=by, at=just_before, version=case.version)
        assert case.lease_until == NOON + policy.HELD_LONGEST

    def test_once_it_is_free_the_same_person_may_claim_it_anew(self, session):
        by = builders.person(session)
        case = builders.claimed(session, builders.case(session), by)
        self.work(session, case, by, hours=6)
        queue.let_lapsed_go(session, at=NOON + policy.HELD_LONGEST)
        queue.claim(session, case.reference, by=by, at=NOON + timedelta(hours=5))
        assert case.lease_until == NOON + timedelta(hours=5) + policy.LEASE


class TestTakingOver:
    def test_a_senior_takes_the_case_of_a_colleague_who_is_away_and_that_person_sees_who_and_why(self, session):
        away, senior = builders.person(session), builders.person(session, Role.SENIOR, name="Ada")
        case = builders.claimed(session, builders.case(session), away)
        queue.take_over(session, case.reference, TakeoverReason.AWAY, by=senior, at=NOON)
        assert (case.holder_id, case.lease_until) == (senior.person_id, NOON + policy.LEASE)
        (told,) = queue.taken_from(session, by=away, at=NOON + timedelta(days=13))
        assert (told.case, told.by, told.because) == (case.reference, "Ada", TakeoverReason.AWAY)
        assert queue.taken_from(session, by=senior, at=NOON) == ()
        record = session.scalars(select(AuditRecord).where(AuditRecord.action == "case taken from its holder")).one()
        assert (record.actor, record.detail) == (senior.label, {"from": away.label, "because": "away"})

    def test_a_moderator_takes_nothing_from_a_colleague(self, session):
        case = builders.claimed(session, builders.case(session), builders.person(session))
        with pytest.raises(NotAllowed, match="Only a senior"):
            queue.take_over(session, case.reference, TakeoverReason.URGENT, by=builders.person(session), at=NOON)

    def test_what_nobody_holds_is_claimed_and_not_taken(self, session):
        senior, case = builders.person(session, Role.SENIOR), builders.case(session)
        for when in (NOON, NOON + policy.LEASE):
            with pytest.raises(IllegalTransition, match="Claim it"):
                queue.take_over(session, case.reference, TakeoverReason.AWAY, by=senior, at=when)
            if case.holder_id is None:
                builders.claimed(session, case, builders.person(session))

    def test_who_proposed_reported_or_stands_aside_takes_no_seat_so(self, session):
        proposer, reporter, rival = (builders.person(session, Role.SENIOR) for _ in range(3))
        case = builders.case(session)
        builders.propose(session, case, proposer)
        session.scalars(select(Report)).one().sender_id = reporter.person_id
        reviewing.stand_aside(session, case.reference, "", by=rival, at=NOON)
        builders.claimed(session, case, builders.person(session))
        for senior in (proposer, reporter, rival):
            with pytest.raises(NotIndependent):
                queue.take_over(session, case.reference, TakeoverReason.URGENT, by=senior, at=NOON)

    def test_what_a_colleague_is_to_judge_is_set_free_and_never_judged_by_who_took_it(self, session):
        judge, senior = builders.person(session), builders.person(session, Role.SENIOR)
        case = builders.case(session)
        builders.propose(session, case, builders.person(session))
        builders.claimed(session, case, judge)
        queue.take_over(session, case.reference, TakeoverReason.AWAY, by=senior, at=NOON)
        assert case.holder_id is None
        assert len(queue.taken_from(session, by=judge, at=NOON)) == 1
        with pytest.raises(NotIndependent, match="took part"):
            queue.claim(session, case.reference, by=senior, at=NOON)
        seat = {"round_id": session.scalars(select(Round.id)).one(), "seat": 2, "moderator_id": senior.person_id, "role": Role.SENIOR}
        row = insert(Assessment.table()).values(**seat, outcome="list", answers={}, findings=[], made_at=NOON)
        with pytest.raises(DBAPIError, match="takes no seat in it"), session.begin_nested():
            session.execute(row)
        queue.claim(session, case.reference, by=judge, at=NOON)

    def test_a_senior_with_full_hands_takes_none(self, session):
        senior = builders.person(session, Role.SENIOR)
        full_hands(session, senior)
        case = builders.claimed(session, builders.case(session, "https://next.test/"), builders.person(session))
        with pytest.raises(HoldsTooMany):
            queue.take_over(session, case.reference, TakeoverReason.AWAY, by=senior, at=NOON)


class TestLeavingAtTheSameMoment:
    """An account is closed while its person's last act is not yet committed: whichever is first, nothing hangs on them afterwards."""

    @pytest.fixture
    def story(self, database):
        with database.transaction() as session:
            self.case = builders.case(session).reference
            self.by, self.other = builders.person(session), builders.person(session, Role.SENIOR)
            self.email = email_of(session, self.by)
        return database

    def disable(self, database):
        with database.transaction() as session:
            people.disable(session, self.email, by=SYSTEM, at=NOON)

    def left(self, database):
        """What still hangs on the person: cases held, and open rounds."""
        with database.transaction() as session:
            held = select(func.count()).select_from(Case).where(Case.holder_id == self.by.person_id)
            return session.scalar(held), session.scalar(select(func.count()).select_from(Round).where(Round.closed_at.is_(None)))

    def test_a_claim_that_commits_meanwhile_is_let_go(self, story):
        with story.transaction() as session:
            queue.claim(session, self.case, by=self.by, at=NOON)
            closing = begun(partial(self.disable, story))
            until_somebody_waits(story)
        closing.result()
        assert self.left(story) == (0, 0)

    def test_so_is_a_case_that_a_colleague_hands_over_meanwhile(self, story):
        with story.transaction() as session:
            to = session.scalar(select(Person.reference).where(Person.id == self.by.person_id))
            reviewing.hand_over(session, self.case, to, by=self.other, at=NOON)
            closing = begun(partial(self.disable, story))
            until_somebody_waits(story)
        closing.result()
        assert self.left(story) == (0, 0)

    def test_a_seat_that_is_taken_meanwhile_is_withdrawn(self, story):
        with story.transaction() as session:
            case = session.scalars(select(Case)).one()
            builders.notice(session, builders.claimed(session, case, self.by), self.by)
            version = case.version
        with story.transaction() as session:
            reviewing.propose(session, self.case, builders.answers(), by=self.by, at=NOON, version=version)
            closing = begun(partial(self.disable, story))
            until_somebody_waits(story)
        closing.result()
        assert self.left(story) == (0, 0)
        with story.transaction() as session:
            assert session.scalars(select(Case.state)).one() == State.WAITING

    def test_a_claim_that_comes_after_is_refused(self, story):
        def claim():
            try:
                with story.transaction() as session:
                    queue.claim(session, self.case, by=self.by, at=NOON)
            except Refusal as refusal:
                return str(refusal)

        with story.transaction() as session:
            people.disable(session, self.email, by=SYSTEM, at=NOON)
            claiming = begun(claim)
            until_somebody_waits(story)
        assert "This account is closed" in claiming.result()
        assert self.left(story) == (0, 0)

    def test_who_merges_many_and_is_closed_at_that_moment_does_not_wait_in_a_circle(self, story):
        with story.transaction() as session:
            kept = builders.case(session, "https://kept.test/")
            ticked = [builders.case(session, site(number)).reference for number in range(4)]
            for reference in ticked:
                queue.claim(session, reference, by=self.by, at=NOON)
            into = str(kept.reference)

        def merge():
            given = {"into": into, "note": "The same offer on five sites.", "sent_none_of_the_reports": True}
            with story.transaction() as session:
                return len(several.merge_several(session, ticked, **given, by=self.by, at=NOON).done)

        with story.transaction() as session:
            cases.fetch(session, ticked[-1], lock=True)
            merging = begun(merge)
            until_somebody_waits(story)
            closing = begun(partial(self.disable, story))
            until_somebody_waits(story, connections=2)
        closing.result()
        assert (merging.result(), self.left(story)) == (4, (0, 0))
