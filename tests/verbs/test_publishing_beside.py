"""Releases beside other work: several at once, decisions that come in meanwhile, and which jobs all that asks for."""

import json
from contextlib import suppress

import pytest
from sqlalchemy import select, text

from moderation import publishing
from moderation.models import Listing, Release
from tests import builders
from tests.builders import NOON
from tests.verbs.releases import changes, delist, listed_at, site
from tests.verbs.together import all_at_once, begun, until_somebody_waits


def jobs(database) -> list[tuple[str, dict]]:
    with database.engine.connect() as connection:
        rows = connection.execute(text("SELECT task_name, args FROM procrastinate_jobs ORDER BY id")).all()
    return [(row.task_name, row.args if isinstance(row.args, dict) else json.loads(row.args)) for row in rows]


class TestTwoAtOnce:
    @pytest.mark.long
    def test_several_releasers_at_once_make_one_release_of_one_change(self, database):
        with database.transaction() as session:
            builders.listed(session)

        def release() -> int | None:
            with database.transaction() as session:
                return publishing.release(session, at=NOON)

        made = all_at_once([release] * 6)
        assert sorted(made, key=str) == [1, None, None, None, None, None]
        with database.reading() as session:
            assert changes(session, 1) == [("add", "https://jobs.test/offer/7")]

    @pytest.mark.long
    def test_numbers_are_neither_skipped_nor_doubled_while_listings_come_in(self, database):
        def act(number: int) -> int | None:
            with database.transaction() as session:
                builders.listed(session, site(number))
            with database.transaction() as session:
                return publishing.release(session, at=NOON)

        made = [number for number in all_at_once([lambda number=number: act(number) for number in range(6)]) if number]
        with database.reading() as session:
            numbers = session.scalars(select(Release.number).order_by(Release.number)).all()
            assert sorted(made) == numbers == list(range(1, len(numbers) + 1))
            assert len(listed_at(session, numbers[-1])) == publishing.newest(session).entries == 6

    def test_a_release_that_waited_sees_what_came_in_meanwhile(self, database):
        def release() -> int | None:
            with database.transaction() as session:
                return publishing.release(session, at=NOON)

        with database.transaction() as first:
            publishing.release(first, at=NOON)
            second = begun(release)
            until_somebody_waits(database)
            with database.transaction() as session:
                builders.listed(session, site(2))
        assert second.result(10) == 2
        with database.reading() as session:
            assert [listed_at(session, number) for number in (1, 2)] == [[], [site(2)]]

    def test_a_delisting_in_the_middle_of_a_release_is_in_the_next(self, database):
        with database.transaction() as session:
            decided = builders.listed(session)
        with database.transaction() as first:
            publishing.release(first, at=NOON)

            def end() -> None:
                with database.transaction() as session:
                    delist(session, decided)

            ended = begun(end)
            until_somebody_waits(database)
        ended.result(10)
        with database.transaction() as session:
            assert publishing.release(session, at=NOON) == 2
            assert [change[0] for number in (1, 2) for change in changes(session, number)] == ["add", "remove"]


class TestJobs:
    def test_a_decision_that_commits_asks_for_one_release(self, database):
        with database.transaction() as session:
            builders.listed(session, site(1))
            builders.listed(session, site(2))
            assert jobs(database) == []
        assert jobs(database) == [("flagstone.release", {"ref": ""})]

    def test_a_release_asks_for_its_writing(self, database):
        with database.transaction() as session:
            publishing.release(session, at=NOON)
        assert jobs(database) == [("flagstone.write", {"ref": ""})]

    def test_a_decision_that_is_rolled_back_asks_for_nothing(self, database):
        def fail() -> None:
            with database.transaction() as session:
                builders.listed(session)
                raise RuntimeError("after all")

        with pytest.raises(RuntimeError, match="after all"):
            fail()
        assert jobs(database) == []
        with database.reading() as session:
            assert session.scalars(select(Listing)).all() == []

    def test_a_session_that_rolled_back_asks_for_nothing_later(self, database):
        with database.sessions() as session:
            with suppress(RuntimeError), database.transaction(session):
                builders.listed(session)
                raise RuntimeError
            with database.transaction(session):
                builders.report(session, site(3))
        assert jobs(database) == []

    def test_a_session_that_is_used_twice_asks_once(self, database):
        with database.sessions() as session:
            with database.transaction(session):
                builders.listed(session)
            with database.transaction(session):
                builders.report(session, site(3))
        assert len(jobs(database)) == 1

    def test_a_report_asks_for_no_job(self, database):
        # A job's events carry the microsecond, and a report's times are kept to the hour.
        with database.transaction() as session:
            builders.report(session)
        assert jobs(database) == []
