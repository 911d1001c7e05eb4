"""What one person may decide: closing, putting aside, referring. And how a case comes back."""

import threading
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from moderation import conversing, policy, queue, reporting, reviewing
from moderation.errors import AlreadyListed, DeclarationMissing, IllegalTransition, InvalidAnswer, NotAllowed, NotIndependent, Stale
from moderation.models import AuditRecord, CaseReport, Decision, Listing, NoticeRow, ReferralRow, Report
from moderation.reviewing import Decided
from moderation.states import TRANSITIONS, State
from moderation.vocabulary import (
    REJECTIONS,
    Category,
    Channel,
    ComesBack,
    Conclusion,
    Lane,
    Outcome,
    Presence,
    Proposed,
    ReferralKind,
    Role,
    Scope,
)
from tests import builders
from tests.builders import NOON

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TAKEDOWN = {
    "recipient": "The host of the page",
    "asked": "Take the page down and mend the door it came in by.",
    "back_at": NOON + 5 * DAY,
    "proof": "ticket 114",
    "sent_at": NOON - timedelta(hours=1),
}
EVIDENCE = {"where": "The trade register, and the reporter.", "back_at": NOON + 7 * DAY}
MONITOR = {"back_at": NOON + 10 * DAY}


def acts(session, found) -> list[str]:
    return list(
        session.scalars(select(AuditRecord.action).where(AuditRecord.subject == f"case:{found.reference}").order_by(AuditRecord.id))
    )


def faults(session, found, by, outcome, **fields) -> set[str]:
    with pytest.raises(InvalidAnswer) as refused:
        builders.concluded(session, found, by, outcome, **fields)
    return set(refused.value.faults)


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

    def test_what_is_missing_is_named(self, session):
        found, by = builders.case(session), builders.person(session)
        empty = {"recipient": "", "passed_on": "", "referred_at": NOON + DAY, "country": "France"}
        wanted = {"recipient", "passed_on", "referred_at", "country"}
        assert faults(session, found, by, Outcome.REFER_HOTLINE, **empty) == {*wanted, "child_material"}
        assert faults(session, found, by, Outcome.REFER_SUPPORT, **builders.referral(hold_until=NOON + DAY)) == {"hold_until"}
        assert faults(session, found, by, Outcome.REFER_POLICE, **builders.referral(hold_until=NOON + 400 * DAY)) == {"hold_until"}


class TestDuplicates:
    @pytest.mark.parametrize("by_address", [True, False])
    def test_the_reports_join_the_other_case(self, session, by_address):
        other = builders.case(session, "https://jobs.test/offer/7")
        made = builders.report(session, "https://jobs.test/offer/7?ref=b")
        found = builders.case(session, "https://jobs.test/offer/7?ref=b")
        named = "https://jobs.test/offer/7" if by_address else str(other.reference)
        builders.concluded(session, found, builders.person(session), Outcome.DUPLICATE, duplicate_of=named)
        assert (found.state, found.duplicate_of_id) == (State.DUPLICATE, other.id)
        joined = session.scalars(
            select(Report.reference).join(CaseReport, CaseReport.report_id == Report.id).where(CaseReport.case_id == other.id)
        )
        assert made.reference in joined.all()
        assert "reports joined" in acts(session, other)

    def test_the_case_that_stays_knows_what_the_other_knew(self, session):
        other = builders.case(session, "https://jobs.test/offer/7", category=Category.LABOUR, lane=Lane.SLOW)
        found = builders.case(session, "https://jobs.test/offer/8", category=Category.CHILD, danger_now=True, channel=Channel.ONION)
        builders.concluded(session, found, builders.person(session), Outcome.DUPLICATE, duplicate_of=str(other.reference))
        assert (other.danger_now, other.category, other.lane, other.desk_lane) == (True, "child", "standard", "danger")
        assert other.priority == sum(point.points for point in queue.points_of(other)) >= 160

    def test_its_reporter_is_told_of_nothing_that_they_did_not_name(self, session):
        builders.case(session, "https://jobs.test/offer/7")
        made = builders.report(session, "https://jobs.test/other/9")
        found = builders.case(session, "https://jobs.test/other/9")
        builders.concluded(session, found, builders.person(session), Outcome.DUPLICATE, duplicate_of="https://jobs.test/offer/7")
        told = reporting.status(session, made.receipt_digest)
        assert [one.canonical for one in told.resources] == ["https://jobs.test/other/9"]

    def test_its_reporter_follows_the_case_that_stands_however_often_it_was_joined_to_another(self, session):
        made = builders.report(session, "https://jobs.test/offer/9")
        for one, other in (("9", "8"), ("8", "7")):
            builders.case(session, f"https://jobs.test/offer/{other}")
            found = builders.case(session, f"https://jobs.test/offer/{one}")
            builders.concluded(session, found, builders.person(session), Outcome.DUPLICATE, duplicate_of=f"https://jobs.test/offer/{other}")
        (waits,) = reporting.status(session, made.receipt_digest).resources
        builders.listed(session, "https://jobs.test/offer/7")
        (listed,) = reporting.status(session, made.receipt_digest).resources
        assert (waits.state, listed.state) == (State.WAITING, State.LISTED)
        assert listed.canonical == "https://jobs.test/offer/9"

    def test_who_reported_the_duplicate_takes_no_seat_in_the_other_case(self, session):
        other, by = builders.case(session, "https://jobs.test/offer/7"), builders.person(session)
        found = builders.case(session, "https://jobs.test/offer/8")
        session.execute(text("UPDATE report SET sender_id = :by WHERE id = (SELECT max(id) FROM report)"), {"by": by.person_id})
        builders.concluded(session, found, builders.person(session), Outcome.DUPLICATE, duplicate_of=str(other.reference))
        with pytest.raises(NotIndependent):
            queue.claim(session, other.reference, by=by, at=NOON)

    def test_who_declared_an_interest_in_the_duplicate_or_its_resource_takes_no_seat_in_the_other_case(self, session):
        other, rival = builders.case(session, "https://jobs.test/offer/7"), builders.person(session)
        found = builders.case(session, "https://agency.test/")
        reviewing.stand_aside(session, found.reference, "My sister works there.", by=rival, at=NOON)
        builders.claimed(session, other, rival)
        builders.concluded(session, found, builders.person(session), Outcome.DUPLICATE, duplicate_of=str(other.reference))
        assert other.holder_id is None
        with pytest.raises(NotIndependent, match="declared an interest"):
            queue.claim(session, other.reference, by=rival, at=NOON)

    def test_a_round_in_which_somebody_stands_aside_by_then_lists_nothing(self, session):
        other, rival = builders.case(session, "https://jobs.test/offer/7"), builders.person(session)
        builders.propose(session, other, rival)
        found = builders.case(session, "https://agency.test/")
        reviewing.stand_aside(session, found.reference, "", by=rival, at=NOON)
        builders.concluded(session, found, builders.person(session), Outcome.DUPLICATE, duplicate_of=str(other.reference))
        with pytest.raises(NotIndependent, match="stands aside"):
            builders.confirm(session, other, builders.person(session))

    def test_who_decided_on_the_duplicate_before_takes_no_seat_in_the_other_case_but_who_merged_it_may(self, session):
        other, earlier, merger = builders.case(session, "https://jobs.test/offer/7"), builders.person(session), builders.person(session)
        found = builders.case(session, "https://jobs.test/offer/8")
        builders.concluded(session, found, earlier, Outcome.MONITOR, back_at=NOON + 7 * DAY)
        reviewing.wake(session, found.reference, by=merger, at=NOON)
        builders.concluded(session, found, merger, Outcome.DUPLICATE, duplicate_of=str(other.reference))
        with pytest.raises(NotIndependent, match="took part"):
            queue.claim(session, other.reference, by=earlier, at=NOON)
        queue.claim(session, other.reference, by=merger, at=NOON)

    def test_joining_cases_of_other_sites_keeps_nobody_from_the_case(self, session):
        other, mallory = builders.case(session, "https://jobs.test/offer/7"), builders.person(session)
        desk = [builders.person(session) for _ in range(3)]
        for number, earlier in enumerate(desk):
            found = builders.case(session, f"https://elsewhere{number}.test/")
            builders.concluded(session, found, earlier, Outcome.MONITOR, back_at=NOON + 7 * DAY)
            reviewing.wake(session, found.reference, by=mallory, at=NOON)
            builders.concluded(session, found, mallory, Outcome.DUPLICATE, duplicate_of=str(other.reference))
        builders.propose(session, other, desk[0])
        assert builders.confirm(session, other, desk[1])

    def test_whoever_works_on_the_other_case_is_told_that_it_changed_and_keeps_what_they_wrote(self, session):
        other, holder = builders.case(session, "https://jobs.test/offer/7"), builders.person(session)
        builders.notice(session, builders.claimed(session, other, holder), holder)
        version, found = other.version, builders.case(session, "https://jobs.test/offer/8", danger_now=True)
        builders.concluded(session, found, builders.person(session), Outcome.DUPLICATE, duplicate_of=str(other.reference))
        with pytest.raises(Stale):
            reviewing.propose(session, other.reference, builders.answers(), by=holder, at=NOON, version=version)
        assert other.holder_id == holder.person_id

    def test_a_case_is_no_duplicate_of_itself_of_nothing_or_of_a_duplicate(self, session):
        other = builders.case(session, "https://jobs.test/offer/7")
        merged = builders.case(session, "https://jobs.test/offer/8")
        builders.concluded(session, merged, builders.person(session), Outcome.DUPLICATE, duplicate_of=str(other.reference))
        found, by = builders.case(session, "https://jobs.test/offer/9"), builders.person(session)
        for named in (str(found.reference), str(merged.reference), str(uuid.uuid4()), "https://nobody.test/", ""):
            assert faults(session, found, by, Outcome.DUPLICATE, duplicate_of=named) == {"duplicate_of"}


def test_two_who_join_two_cases_crosswise_take_turns_and_the_second_is_told(database):
    with database.transaction() as session:
        pair = [builders.case(session, f"https://jobs.test/offer/{number}") for number in (7, 8)]
        people = [builders.person(session) for _ in pair]
        for one, by in zip(pair, people, strict=True):
            builders.claimed(session, one, by)
        named = [(one.reference, one.version, other.reference) for one, other in (pair, pair[::-1])]
    ends, gate = [], threading.Barrier(2)

    def join(by, reference, version, other):
        note = "Both show the same page."
        given = Conclusion(outcome=Outcome.DUPLICATE, duplicate_of=str(other), note=note, sent_none_of_the_reports=True)
        gate.wait()
        try:
            with database.transaction() as session:
                reviewing.conclude(session, reference, given, by=by, at=NOON, version=version)
                ends.append("joined")
        except Stale:
            ends.append("it changed")

    threads = [threading.Thread(target=join, args=(by, *what)) for by, what in zip(people, named, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ends == ["joined", "it changed"]


class TestRejecting:
    @pytest.mark.parametrize("outcome", REJECTIONS)
    def test_one_person_rejects(self, session, outcome):
        found = builders.case(session)
        decided = builders.concluded(session, found, builders.person(session), outcome, misuse="Forty reports of one shop.")
        assert (found.state, decided.outcome) == (State.REJECTED, outcome)
        kept = session.scalars(select(Decision).where(Decision.reference == decided.decision)).one()
        assert kept.detail == ({"misuse": "Forty reports of one shop."} if outcome is Outcome.REJECT_ABUSE else {})

    def test_nothing_that_would_list_is_one_persons(self, session):
        found, by = builders.case(session), builders.person(session)
        for outcome in set(Outcome) - set(reviewing.ONE_PERSONS):
            assert faults(session, found, by, outcome) == {"outcome"}
        assert session.scalars(select(Listing)).all() == []

    def test_without_a_note_or_the_declaration_nothing_is_decided(self, session):
        found, by = builders.case(session), builders.person(session)
        assert faults(session, found, by, Outcome.REJECT_SCOPE, note="no") == {"note"}
        with pytest.raises(DeclarationMissing):
            builders.concluded(session, found, by, Outcome.REJECT_SCOPE, sent_none_of_the_reports=False)


class TestTemporaryListings:
    def test_two_people_list_a_page_for_a_week_whatever_they_wrote_of_time(self, session):
        decided = builders.listed(session, outcome=Outcome.LIST_TEMPORARY)
        listing = session.scalars(select(Listing)).one()
        assert (decided.outcome, listing.temporary) == (Outcome.LIST_TEMPORARY, True)
        assert listing.expires_at - listing.starts_at == timedelta(days=7)
        assert listing.review_at - listing.starts_at == timedelta(hours=72)

    def test_where_one_seat_says_a_week_it_is_a_week(self, session):
        found = builders.case(session)
        builders.propose(session, found, builders.person(session))
        decided = builders.confirm(session, found, builders.person(session), outcome=Outcome.LIST_TEMPORARY)
        assert isinstance(decided, Decided)
        assert decided.outcome is Outcome.LIST_TEMPORARY

    def test_only_a_page(self, session):
        found = builders.case(session)
        with pytest.raises(InvalidAnswer):
            builders.propose(
                session,
                found,
                builders.person(session),
                builders.answers(builders.target(scope=Scope.PATH)),
                outcome=Outcome.LIST_TEMPORARY,
            )

    def test_the_safeguards_run_as_for_any_listing(self, session):
        found = builders.case(session)
        refused = builders.propose(session, found, builders.person(session), builders.answers(lifeline=""), outcome=Outcome.LIST_TEMPORARY)
        assert [finding.safeguard for finding in refused.blocking] == ["RS16"]

    def test_never_a_second_time(self, session):
        decided = builders.listed(session, outcome=Outcome.LIST_TEMPORARY)
        reviewing.delist(session, decided.listing, "The page is gone for now.", by=builders.person(session), at=NOON)
        found = builders.case(session)
        with pytest.raises(AlreadyListed):
            builders.propose(session, found, builders.person(session), outcome=Outcome.LIST_TEMPORARY)

    def test_the_table_refuses_a_second_one_too(self, session):
        builders.listed(session, outcome=Outcome.LIST_TEMPORARY)
        copied = "jsonb_build_object('id', -1, 'reference', gen_random_uuid(), 'ended_at', now(), 'ended_because', 'expired')"
        insert = f"INSERT INTO listing OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(old, {copied})).* FROM listing AS old"
        with pytest.raises(IntegrityError, match="uq_listing_temporary_once"), session.begin_nested():
            session.execute(text(insert))


class TestIndependence:
    SEAT = """
        INSERT INTO assessment (round_id, seat, moderator_id, role, outcome, answers, findings, sent_none_of_the_reports, made_at)
        SELECT max(id), 2, :by, 'moderator', :outcome, '{}', '[]', true, now() FROM round WHERE case_id = :case
    """

    def test_the_table_refuses_the_seat_of_who_sent_a_report_from_an_account(self, session):
        found, reporter = builders.case(session), builders.person(session)
        session.execute(text("UPDATE report SET sender_id = :by"), {"by": reporter.person_id})
        builders.propose(session, found, builders.person(session))
        given = {"by": reporter.person_id, "outcome": "reject_scope", "case": found.id}
        with pytest.raises(IntegrityError, match="takes no seat in it"), session.begin_nested():
            session.execute(text(self.SEAT), given)
        session.execute(text(self.SEAT), {**given, "by": builders.person(session).person_id})

    def monitored_before(self, session, earlier):
        found = builders.case(session)
        builders.concluded(session, found, earlier, Outcome.MONITOR, **MONITOR)
        reviewing.wake(session, found.reference, by=earlier, at=NOON)
        return found

    def rejected_before(self, session, earlier):
        builders.concluded(session, builders.case(session), earlier, Outcome.REJECT_LAWFUL)
        return builders.case(session)

    def decided_in_a_case_that_joined(self, session, earlier):
        joined, found = builders.case(session, "https://jobs.test/offer/8"), builders.case(session)
        builders.concluded(session, joined, earlier, Outcome.MONITOR, **MONITOR)
        reviewing.wake(session, joined.reference, by=earlier, at=NOON)
        builders.concluded(session, joined, builders.person(session), Outcome.DUPLICATE, duplicate_of=str(found.reference))
        return found

    @pytest.mark.parametrize("story", [monitored_before, rejected_before, decided_in_a_case_that_joined])
    def test_the_table_refuses_a_listing_seat_to_who_decided_before(self, session, story):
        earlier = builders.person(session)
        found = story(self, session, earlier)
        builders.propose(session, found, builders.person(session))
        seat = self.SEAT.replace("INSERT INTO assessment (", "INSERT INTO assessment (scope, target, ").replace(
            "SELECT max(id)", "SELECT 'page', 'x', max(id)"
        )
        given = {"by": earlier.person_id, "outcome": "list", "case": found.id}
        with pytest.raises(IntegrityError, match="who decided on a case before"), session.begin_nested():
            session.execute(text(seat), given)

    def test_the_table_refuses_a_listing_that_rests_on_a_reporter(self, session):
        builders.listed(session)
        listing = session.scalars(select(Listing)).one()
        session.execute(text("UPDATE report SET sender_id = :by"), {"by": listing.second_id})
        copied = "jsonb_build_object('id', -1, 'reference', gen_random_uuid(), 'target', 'https://jobs.test/other')"
        insert = f"INSERT INTO listing OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(old, {copied})).* FROM listing AS old"
        with pytest.raises(IntegrityError, match="rests on nobody who sent"), session.begin_nested():
            session.execute(text(insert))

    def test_who_reports_after_taking_a_seat_stops_the_round_from_listing(self, session):
        found, first = builders.case(session), builders.person(session)
        builders.propose(session, found, first)
        session.execute(text("UPDATE report SET sender_id = :by"), {"by": first.person_id})
        with pytest.raises(NotIndependent):
            builders.confirm(session, found, builders.person(session))

    def test_who_sent_a_report_takes_nothing_off_the_list_either(self, session):
        decided, reporter = builders.listed(session), builders.person(session)
        session.execute(text("UPDATE report SET sender_id = :by"), {"by": reporter.person_id})
        with pytest.raises(NotIndependent):
            reviewing.delist(session, decided.listing, "It harms my own site.", by=reporter, at=NOON)

    def test_a_seat_may_ask_for_a_third_though_no_finding_does(self, session):
        found, wish = builders.case(session), builders.answers(wants_third=True)
        builders.propose(session, found, builders.person(session), wish)
        outcome = builders.confirm(session, found, builders.person(session))
        assert isinstance(outcome, Proposed)
        assert found.state == State.AWAITING_THIRD
        assert isinstance(builders.confirm(session, found, builders.person(session, Role.SENIOR)), Decided)


def test_every_state_is_reached_from_the_first():
    reached = {State.WAITING}
    for _ in State:
        reached |= {after for (before, _action), after in TRANSITIONS.items() if before in reached}
    assert reached == set(State)
