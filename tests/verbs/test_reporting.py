"""A report is stored once, sealed, and joins the open case of each resource it names."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from app.database import Database
from moderation import joining, policy, queue, reporting, reviewing
from moderation.errors import ReceiptUnknown
from moderation.models import Case, CaseReport, Report, ReportKey, ResourceRow
from moderation.states import State
from moderation.vocabulary import Category, Lane, Outcome
from tests import builders
from tests.builders import NOON
from tests.verbs.together import all_at_once, begun, until_somebody_waits

OFFER = "https://jobs.test/offer/7"


def reject(session, case: Case, by) -> None:
    builders.claimed(session, case, by)
    note = "A lawful offer, badly written."
    given = {"by": by, "at": NOON, "version": case.version, "sent_none_of_the_reports": True}
    reviewing.reject(session, case.reference, Outcome.REJECT_LAWFUL, note, **given)


def cases(session) -> list[Case]:
    return list(session.scalars(select(Case).order_by(Case.id)))


def joined(session, case: Case) -> int:
    return session.scalar(select(func.count()).select_from(CaseReport).where(CaseReport.case_id == case.id))


class TestJoining:
    def test_duplicates_join_one_case(self, session):
        for text in (OFFER, "hxxps://jobs[.]test/offer/7", "https://JOBS.test/offer/7#top"):
            builders.report(session, text)
        (case,) = cases(session)
        assert (case.state, joined(session, case)) == (State.WAITING, 3)
        assert session.scalar(select(func.count()).select_from(ResourceRow)) == 1

    def test_a_report_joins_a_case_that_is_listed(self, session):
        builders.listed(session)
        builders.report(session)
        (case,) = cases(session)
        assert (case.state, joined(session, case)) == (State.LISTED, 2)

    def test_a_closed_case_is_not_joined_but_shown_as_earlier(self, session):
        closed, moderator = builders.case(session), builders.person(session)
        reject(session, closed, moderator)
        opened = builders.case(session)
        assert opened.id != closed.id
        assert (joined(session, closed), joined(session, opened)) == (1, 1)
        (earlier,) = reviewing.view(session, opened.reference, by=builders.person(session), at=NOON).earlier
        assert (earlier.reference, earlier.state) == (closed.reference, State.REJECTED)

    def test_one_report_of_many_things_opens_a_case_for_each(self, session):
        known = builders.case(session, "https://known.test/a")
        made = builders.report(session, "https://known.test/a\nhttps://new.test/b\nnew.test\nhttps://known.test/a")
        assert len(cases(session)) == len(made.resources) == 3
        assert [joined(session, case) for case in cases(session)] == [2, 1, 1]
        assert known.state == State.WAITING

    def test_every_thing_that_one_report_can_name_is_taken(self, session):
        text = "\n".join(f"https://site{number}.test/" for number in range(policy.RESOURCES_PER_REPORT))
        builders.report(session, text)
        assert len(cases(session)) == policy.RESOURCES_PER_REPORT

    def test_the_same_receipt_twice_is_stored_once(self, session):
        made = builders.submission()
        again = builders.submission(receipt_digest=made.receipt_digest, category=Category.CHILD)
        assert reporting.receive(session, made, new_reference=uuid.uuid4, at=NOON) is True
        assert reporting.receive(session, again, new_reference=uuid.uuid4, at=NOON) is False
        assert builders.reports(session) == 1
        assert cases(session)[0].category == Category.LABOUR

    def test_the_key_of_a_report_lies_apart_from_it(self, session):
        builders.report(session)
        report = session.scalars(select(Report)).one()
        assert report.sealed == b"ciphertext"
        assert session.scalars(select(ReportKey.wrapped).where(ReportKey.report_id == report.id)).one() == b"wrapped"


class TestUrgency:
    """Each point of a case's priority has a reason that the queue shows: category, danger, lane."""

    @staticmethod
    def points(case: Case) -> int:
        danger = policy.PRIORITY_DANGER if case.danger_now else 0
        slow = policy.PRIORITY_SLOW_LANE if case.lane == Lane.SLOW else 0
        return policy.PRIORITY_BY_CATEGORY[Category(case.category)] + danger + slow

    def test_danger_raises_a_case_and_stays(self, session):
        case = builders.case(session)
        builders.report(session, danger_now=True)
        builders.report(session)
        session.refresh(case)
        assert (case.danger_now, case.priority) == (True, 120)

    def test_the_slower_lane_waits_behind_others(self, session):
        assert builders.case(session, lane=Lane.SLOW).priority == 20 + policy.PRIORITY_SLOW_LANE

    def test_one_report_in_the_standard_lane_brings_the_case_into_it(self, session):
        case = builders.case(session, lane=Lane.SLOW)
        builders.report(session, lane=Lane.STANDARD)
        session.refresh(case)
        assert (case.lane, case.priority) == (Lane.STANDARD, 20)

    def test_a_report_in_the_slower_lane_never_slows_a_case(self, session):
        case = builders.case(session)
        builders.report(session, lane=Lane.SLOW)
        session.refresh(case)
        assert (case.lane, case.priority) == (Lane.STANDARD, 20)

    def test_a_child_is_seen_even_where_an_earlier_report_was_more_urgent(self, session):
        case = builders.case(session, category=Category.UNSURE, danger_now=True)
        builders.report(session, category=Category.CHILD)
        session.refresh(case)
        assert (case.category, case.danger_now) == (Category.CHILD, True)

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ({"category": Category.UNSURE, "danger_now": True}, {"category": Category.CHILD}),
            ({"category": Category.CHILD, "lane": Lane.SLOW}, {"category": Category.UNSURE}),
            ({"category": Category.UNSURE, "danger_now": True, "lane": Lane.SLOW}, {"category": Category.CHILD}),
            ({"category": Category.CHILD}, {"category": Category.UNSURE, "danger_now": True, "lane": Lane.SLOW}),
            ({"category": Category.SEXUAL}, {"category": Category.MOVED}),
            ({"category": Category.LABOUR, "lane": Lane.SLOW}, {"category": Category.CHILD, "lane": Lane.SLOW}),
        ],
    )
    def test_the_priority_is_the_sum_of_the_reasons_shown_in_whatever_order_reports_come(self, session, first, second):
        one, other = builders.case(session, "one.test", **first), builders.case(session, "other.test", **second)
        builders.report(session, "one.test", **second)
        builders.report(session, "other.test", **first)
        session.refresh(one)
        session.refresh(other)
        assert one.priority == self.points(one)
        assert (one.priority, one.danger_now, one.lane) == (other.priority, other.danger_now, other.lane)


class TestAtTheSameMoment:
    @staticmethod
    def send(database: Database, text: str = OFFER, **changes) -> None:
        with database.transaction() as session:
            builders.report(session, text, **changes)

    def test_twenty_reports_of_one_new_resource_make_one_case(self, database_url):
        database = Database(database_url, pool_size=20)
        all_at_once([lambda: self.send(database)] * 20)
        with database.reading() as session:
            (case,) = cases(session)
            assert (joined(session, case), builders.reports(session)) == (20, 20)
        database.engine.dispose()

    def test_reports_that_name_the_same_things_never_wait_for_each_other_in_a_circle(self, database):
        sites = [f"https://site{number}.test/" for number in range(9)]
        self.send(database, "\n".join(sites))
        with database.transaction() as session:
            # Both stop in the middle, each with what it has locked so far.
            queue.claim(session, cases(session)[4].reference, by=builders.person(session), at=NOON)
            calm = begun(lambda: self.send(database, "\n".join(sites)))
            until_somebody_waits(database)
            urgent = begun(lambda: self.send(database, "\n".join(reversed(sites)), danger_now=True))
            until_somebody_waits(database, connections=2)
        calm.result(10)
        urgent.result(10)
        with database.reading() as session:
            assert [(joined(session, case), case.danger_now) for case in cases(session)] == [(3, True)] * 9

    def test_a_report_never_joins_a_case_that_is_closing(self, database):
        with database.transaction() as session:
            closing, moderator = builders.case(session), builders.person(session)
        with database.transaction() as session:
            reject(session, session.get(Case, closing.id), moderator)
            sent = begun(lambda: self.send(database))
            until_somebody_waits(database)
        sent.result(10)
        with database.reading() as session:
            closed, opened = cases(session)
            assert (closed.state, joined(session, closed)) == (State.REJECTED, 1)
            assert (opened.state, joined(session, opened)) == (State.WAITING, 1)

    def test_a_case_waits_with_closing_until_a_report_has_joined(self, database):
        with database.transaction() as session:
            found, moderator = builders.case(session), builders.person(session)

        def close() -> None:
            with database.transaction() as session:
                reject(session, session.get(Case, found.id), moderator)

        with database.transaction() as session:
            builders.report(session)
            closed = begun(close)
            until_somebody_waits(database)
        closed.result(10)
        with database.reading() as session:
            (case,) = cases(session)
            assert (case.state, joined(session, case)) == (State.REJECTED, 2)

    def test_danger_is_not_lost_where_another_report_opens_the_case_at_that_moment(self, database):
        with database.transaction() as session:
            reject(session, builders.case(session), builders.person(session))
        with database.transaction() as session:
            builders.report(session)
            sent = begun(lambda: self.send(database, danger_now=True, category=Category.CHILD))
            until_somebody_waits(database)
        sent.result(10)
        with database.reading() as session:
            opened = cases(session)[-1]
            assert (joined(session, opened), opened.danger_now, opened.priority) == (2, True, 160)


class TestStatus:
    def test_a_receipt_tells_where_each_resource_stands(self, session):
        made = builders.report(session, f"{OFFER}\nhttps://other.test/x")
        first = cases(session)[0]
        reject(session, first, builders.person(session))
        seen = reporting.status(session, made.receipt_digest)
        assert seen.received_at == NOON
        assert [(one.canonical, one.state, one.outcome) for one in seen.resources] == [
            (OFFER, State.REJECTED, Outcome.REJECT_LAWFUL),
            ("https://other.test/x", State.WAITING, None),
        ]

    def test_a_proposal_alone_is_told_to_nobody(self, session):
        made = builders.report(session)
        builders.propose(session, cases(session)[0], builders.person(session))
        (one,) = reporting.status(session, made.receipt_digest).resources
        assert one.outcome is None

    def test_the_newest_decision_is_told(self, session):
        made = builders.report(session)
        decided = builders.listed(session)
        reviewing.delist(
            session, decided.listing, "The owner took the offer down.", by=builders.person(session), at=NOON + timedelta(days=1)
        )
        (one,) = reporting.status(session, made.receipt_digest).resources
        assert (one.state, one.outcome) == (State.DELISTED, Outcome.DELIST)

    def test_an_unknown_receipt_is_said_to_be_unknown(self, session):
        with pytest.raises(ReceiptUnknown):
            reporting.status(session, bytes(32))


def test_the_statement_that_stores_a_report_is_read_once_by_the_driver():
    """psycopg 3.3 keeps a query as it has read it only up to this length."""
    assert len(str(joining.STORE.compile(dialect=PGDialect_psycopg()))) <= 4096


class TestLookingUp:
    """The driver keeps a statement with its plan, so the plan must be good for however much is stored."""

    FILL = (
        "INSERT INTO resource (kind, canonical, first_reported_at)"
        " SELECT 'web_page', 'https://jobs' || number || '.test/offer', :at FROM generate_series(1, 2000) AS number"
    )

    def tables_read_whole(self, session) -> int:
        return session.scalar(sql("SELECT seq_scan FROM pg_stat_xact_user_tables WHERE relname = 'resource'"))

    @pytest.fixture(autouse=True)
    def _much_is_stored(self, session):
        session.execute(sql(self.FILL), {"at": NOON})
        session.execute(sql("ANALYZE resource"))
        session.execute(sql("SET LOCAL plan_cache_mode = force_generic_plan"))

    @pytest.mark.parametrize("named", ["https://new.test/offer", "https://jobs7.test/offer"], ids=["new", "known"])
    def test_a_report_reads_no_table_whole(self, session, named):
        before = self.tables_read_whole(session)
        builders.report(session, named)
        assert self.tables_read_whole(session) == before
