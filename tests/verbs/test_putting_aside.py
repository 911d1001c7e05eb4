"""What one person may put aside or pass on: to look again, for evidence, a takedown, a referral. And how a case comes back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from moderation import conversing, policy, queue, reviewing
from moderation.errors import IllegalTransition, NotAllowed, NotIndependent
from moderation.models import Decision, Listing, NoticeRow, ReferralRow
from moderation.states import State
from moderation.vocabulary import ComesBack, Conclusion, Outcome, Presence, Proposed, ReferralKind, Role
from tests import builders
from tests.builders import NOON
from tests.verbs.outcomes import DAY, MONITOR, acts, faults

HOUR = timedelta(hours=1)
TAKEDOWN = {
    "recipient": "The host of the page",
    "asked": "Take the page down and mend the door it came in by.",
    "back_at": NOON + 5 * DAY,
    "proof": "ticket 114",
    "sent_at": NOON - timedelta(hours=1),
}
EVIDENCE = {"where": "The trade register, and the reporter.", "back_at": NOON + 7 * DAY}


class TestPuttingAside:
    @pytest.mark.parametrize(
        ("outcome", "fields", "state", "why"),
        [
            (Outcome.TAKEDOWN_ONLY, TAKEDOWN, State.TAKEDOWN_ASKED, ComesBack.TAKEDOWN),
            (Outcome.MONITOR, MONITOR, State.MONITORED, ComesBack.MONITOR),
            (Outcome.MORE_EVIDENCE, EVIDENCE, State.AWAITING_EVIDENCE, ComesBack.EVIDENCE),
            (Outcome.REFER_POLICE, builders.referral(hold_until=NOON + 3 * DAY), State.ON_HOLD, ComesBack.HOLD),
        ],
    )
    def test_one_person_puts_a_case_aside_and_it_comes_back_at_its_date(self, session, outcome, fields, state, why):
        found = builders.case(session)
        builders.concluded(session, found, builders.person(session), outcome, **fields)
        assert (found.state, found.due_for, found.closed_at, found.holder_id) == (state, why, None, None)
        date = found.due_at
        assert reviewing.bring_back(session, at=date - timedelta(minutes=1)) == 0
        assert reviewing.bring_back(session, at=date) == 1
        assert (found.state, found.due_for, found.due_at) == (State.WAITING, why, date)
        assert acts(session, found)[-1] == "case wake"
        assert reviewing.bring_back(session, at=date) == 0

    def test_a_case_that_was_put_aside_is_not_claimed(self, session):
        found = builders.case(session)
        builders.concluded(session, found, builders.person(session), Outcome.MONITOR, **MONITOR)
        with pytest.raises(IllegalTransition):
            queue.claim(session, found.reference, by=builders.person(session), at=NOON)

    def test_somebody_takes_it_up_before_its_date(self, session):
        found = builders.case(session)
        builders.concluded(session, found, builders.person(session), Outcome.MONITOR, **MONITOR)
        with pytest.raises(NotAllowed):
            reviewing.wake(session, found.reference, by=builders.person(session, Role.AUDITOR), at=NOON)
        reviewing.wake(session, found.reference, by=builders.person(session), at=NOON)
        assert found.state == State.WAITING

    def test_a_new_report_joins_it_and_brings_it_back(self, session):
        found = builders.case(session)
        builders.concluded(session, found, builders.person(session), Outcome.MONITOR, **MONITOR)
        assert reviewing.bring_back(session, at=NOON) == 0
        again = builders.case(session)
        assert again.id == found.id
        assert reviewing.bring_back(session, at=NOON) == 1
        assert found.state == State.WAITING

    def test_a_new_report_does_not_end_a_hold(self, session):
        found = builders.case(session)
        builders.concluded(session, found, builders.person(session), Outcome.REFER_POLICE, **builders.referral(hold_until=NOON + 3 * DAY))
        builders.case(session)
        assert reviewing.bring_back(session, at=NOON) == 0

    def test_an_answer_from_the_reporter_brings_it_back_sooner(self, session):
        made = builders.report(session, "https://asked.test/offer")
        found, by = builders.case(session, "https://asked.test/offer"), builders.person(session)
        asked = builders.question(session, builders.claimed(session, found, by), by, report=made.reference)
        builders.concluded(session, found, by, Outcome.MORE_EVIDENCE, **EVIDENCE)
        assert reviewing.bring_back(session, at=NOON) == 0
        conversing.answer(session, made.receipt_digest, asked.reference, lambda _: b"answer", at=NOON)
        session.expire(found)
        assert reviewing.bring_back(session, at=NOON) == 1

    def test_who_asked_for_evidence_may_go_on_with_the_case(self, session):
        found, by = builders.case(session), builders.person(session)
        builders.concluded(session, found, by, Outcome.MORE_EVIDENCE, **EVIDENCE)
        reviewing.wake(session, found.reference, by=by, at=NOON)
        assert isinstance(builders.propose(session, found, by), Proposed)

    def test_who_put_it_aside_to_look_again_leaves_it_to_another(self, session):
        found, by = builders.case(session), builders.person(session)
        builders.concluded(session, found, by, Outcome.MONITOR, **MONITOR)
        reviewing.wake(session, found.reference, by=by, at=NOON)
        with pytest.raises(NotIndependent):
            queue.claim(session, found.reference, by=by, at=NOON)

    def test_a_rival_hands_the_case_on_and_never_sees_it_again(self, session):
        found, rival = builders.case(session), builders.person(session)
        builders.concluded(session, found, rival, Outcome.MORE_EVIDENCE, note="I work for a rival of theirs.", hand_on=True)
        assert found.state == State.WAITING
        with pytest.raises(NotIndependent):
            queue.claim(session, found.reference, by=rival, at=NOON)
        assert isinstance(builders.propose(session, found, builders.person(session)), Proposed)

    @pytest.mark.parametrize(
        ("outcome", "latest"),
        [
            (Outcome.MONITOR, policy.MONITOR_LATEST),
            (Outcome.MORE_EVIDENCE, policy.EVIDENCE_LATEST),
            (Outcome.TAKEDOWN_ONLY, policy.TAKEDOWN_LATEST),
        ],
    )
    def test_no_date_is_too_far_or_in_the_past(self, session, outcome, latest):
        found, by = builders.case(session), builders.person(session)
        fields = {Outcome.MONITOR: MONITOR, Outcome.MORE_EVIDENCE: EVIDENCE, Outcome.TAKEDOWN_ONLY: TAKEDOWN}[outcome]
        for date in (None, NOON, NOON + latest + 2 * DAY):
            assert faults(session, found, by, outcome, **fields | {"back_at": date}) == {"back_at"}

    @pytest.mark.parametrize("outcome", [Outcome.MONITOR, Outcome.MORE_EVIDENCE, Outcome.TAKEDOWN_ONLY])
    def test_where_somebody_may_be_in_danger_nothing_is_put_aside_for_more_than_a_week(self, session, outcome):
        found, by = builders.case(session, danger_now=True), builders.person(session)
        fields = {Outcome.MONITOR: MONITOR, Outcome.MORE_EVIDENCE: EVIDENCE, Outcome.TAKEDOWN_ONLY: TAKEDOWN}[outcome]
        late = fields | {"back_at": NOON + policy.DANGER_BACK_WITHIN + 2 * DAY}
        assert faults(session, found, by, outcome, **late) == {"back_at"}
        assert builders.concluded(session, found, by, outcome, **fields | {"back_at": NOON + policy.DANGER_BACK_WITHIN})


class TestTakedown:
    def test_the_notice_is_recorded_with_it(self, session):
        found = builders.case(session)
        decided = builders.concluded(session, found, builders.person(session), Outcome.TAKEDOWN_ONLY, **TAKEDOWN)
        notice = session.scalars(select(NoticeRow)).one()
        assert (notice.recipient, notice.proof, notice.sent_at) == (TAKEDOWN["recipient"], "ticket 114", TAKEDOWN["sent_at"])
        kept = session.scalars(select(Decision).where(Decision.reference == decided.decision)).one()
        assert kept.detail["asked"] == TAKEDOWN["asked"]

    def test_without_any_notice_it_is_refused(self, session):
        found, by = builders.case(session), builders.person(session)
        without = {**TAKEDOWN, "proof": "", "sent_at": None}
        assert faults(session, found, by, Outcome.TAKEDOWN_ONLY, **without) == {"proof", "sent_at"}
        reviewing.record_notice(session, found.reference, "the host", "ticket 7", NOON, by=by, at=NOON)
        builders.concluded(session, found, by, Outcome.TAKEDOWN_ONLY, **without)
        assert found.state == State.TAKEDOWN_ASKED

    def asked(self, session):
        found, by = builders.case(session), builders.person(session)
        builders.concluded(session, found, by, Outcome.TAKEDOWN_ONLY, **TAKEDOWN)
        return found

    def look(self, session, found, presence, at, by=None):
        return reviewing.record_look(session, found.reference, presence, by=by or builders.person(session), at=at)

    def test_a_page_that_is_gone_twice_a_day_apart_closes_its_case(self, session):
        found = self.asked(session)
        assert self.look(session, found, Presence.GONE, NOON + DAY) == "once"
        assert self.look(session, found, Presence.GONE, NOON + 2 * DAY - HOUR) == "once"
        assert self.look(session, found, Presence.GONE, NOON + 2 * DAY) == "removed"
        assert (found.state, found.closed_at) == (State.REMOVED_AT_SOURCE, NOON + 2 * DAY)

    def test_a_host_that_was_out_of_order_for_an_hour_has_removed_nothing(self, session):
        found = self.asked(session)
        for presence, hours in ((Presence.GONE, 24), (Presence.SAME, 25), (Presence.GONE, 49)):
            assert self.look(session, found, presence, NOON + hours * HOUR) != "removed"
        assert found.state == State.TAKEDOWN_ASKED

    def test_after_the_first_look_it_comes_back_for_the_second_which_closes_it(self, session):
        found, by = self.asked(session), builders.person(session)
        self.look(session, found, Presence.GONE, NOON + HOUR)
        reviewing.bring_back(session, at=NOON + HOUR + DAY)
        builders.claimed(session, found, by, at=NOON + HOUR + DAY)
        assert self.look(session, found, Presence.GONE, NOON + 2 * HOUR + DAY) == ""
        assert self.look(session, found, Presence.GONE, NOON + 2 * HOUR + DAY, by=by) == "removed"


class TestReferring:
    @pytest.mark.parametrize(
        ("outcome", "kind"),
        [
            (Outcome.REFER_POLICE, ReferralKind.POLICE),
            (Outcome.REFER_HOTLINE, ReferralKind.HOTLINE),
            (Outcome.REFER_SUPPORT, ReferralKind.SUPPORT),
        ],
    )
    def test_a_referral_closes_the_case_and_is_kept(self, session, outcome, kind):
        found, by = builders.case(session), builders.person(session)
        builders.concluded(session, found, by, outcome, **builders.referral())
        assert found.state == State.REFERRED
        row = session.scalars(select(ReferralRow)).one()
        assert (row.kind, row.country, row.their_reference, row.recorded_by) == (kind, "FR", "2026/114", by.person_id)
        assert "referral recorded" in acts(session, found)

    def test_a_case_is_referred_first_and_listed_for_a_week_after(self, session):
        found, first = builders.case(session), builders.person(session)
        builders.claimed(session, found, first)
        told = Conclusion(outcome=Outcome.REFER_POLICE, **builders.referral())
        reviewing.refer(session, found.reference, told, by=first, at=NOON, version=found.version)
        assert (found.state, found.holder_id) == (State.WAITING, first.person_id)
        given = builders.answers(explained={"RS17": "They were asked today and have nothing against a listing."})
        assert isinstance(builders.propose(session, found, first, given, outcome=Outcome.LIST_TEMPORARY), Proposed)
        builders.confirm(session, found, builders.person(session), given, outcome=Outcome.LIST_TEMPORARY)
        assert session.scalars(select(Listing)).one().temporary

    def test_a_lifted_hold_brings_the_case_back(self, session):
        found, by = builders.case(session), builders.person(session)
        builders.concluded(session, found, by, Outcome.REFER_POLICE, **builders.referral(hold_until=NOON + 30 * DAY))
        row = session.scalars(select(ReferralRow)).one()
        reviewing.lift_hold(session, row.reference, by=builders.person(session), at=NOON + DAY)
        assert (found.state, row.hold_lifted_at) == (State.WAITING, NOON + DAY)
        with pytest.raises(IllegalTransition):
            reviewing.lift_hold(session, row.reference, by=by, at=NOON + DAY)

    def test_a_lifted_hold_leaves_no_date_behind(self, session):
        found, by = builders.case(session), builders.person(session)
        builders.concluded(session, found, by, Outcome.REFER_POLICE, **builders.referral(hold_until=NOON + 30 * DAY))
        reviewing.lift_hold(session, session.scalars(select(ReferralRow.reference)).one(), by=by, at=NOON + DAY)
        assert (found.state, found.due_for, found.due_at) == (State.WAITING, None, None)

    def test_a_hold_that_is_lifted_after_the_case_was_taken_back_leaves_no_date_either(self, session):
        found, by = builders.case(session), builders.person(session)
        builders.concluded(session, found, by, Outcome.REFER_POLICE, **builders.referral(hold_until=NOON + 30 * DAY))
        reviewing.wake(session, found.reference, by=by, at=NOON + DAY)
        assert (found.due_for, found.due_at) == (ComesBack.HOLD, NOON + 30 * DAY)
        reviewing.lift_hold(session, session.scalars(select(ReferralRow.reference)).one(), by=by, at=NOON + DAY)
        assert (found.due_for, found.due_at) == (None, None)

    @pytest.mark.parametrize("country", ["XX", "F", "1F"])
    def test_a_country_that_does_not_exist_is_none(self, session, country):
        found, by = builders.case(session), builders.person(session)
        assert faults(session, found, by, Outcome.REFER_POLICE, **builders.referral(country=country)) == {"country"}

    def test_what_is_missing_is_named(self, session):
        found, by = builders.case(session), builders.person(session)
        empty = {"recipient": "", "passed_on": "", "referred_at": NOON + DAY, "country": "France"}
        wanted = {"recipient", "passed_on", "referred_at", "country"}
        assert faults(session, found, by, Outcome.REFER_HOTLINE, **empty) == {*wanted, "child_material"}
        assert faults(session, found, by, Outcome.REFER_SUPPORT, **builders.referral(hold_until=NOON + DAY)) == {"hold_until"}
        assert faults(session, found, by, Outcome.REFER_POLICE, **builders.referral(hold_until=NOON + 400 * DAY)) == {"hold_until"}
