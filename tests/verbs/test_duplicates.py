"""Two cases about the same: what joining them moves, and whom it binds."""

import threading
import uuid

import pytest
from sqlalchemy import select, text

from moderation import queue, reporting, reviewing
from moderation.errors import NotIndependent, Stale
from moderation.models import CaseReport, Report
from moderation.states import State
from moderation.vocabulary import Category, Channel, Conclusion, Lane, Outcome
from tests import builders
from tests.builders import NOON
from tests.verbs.outcomes import DAY, acts, faults


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
