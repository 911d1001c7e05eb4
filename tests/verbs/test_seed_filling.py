"""Load made in bulk goes past the verbs, never past what they rely on: each verb works on it as on anything else."""

from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import event, func, select

from app import demo, keys, sealing
from app.database import Database
from app.demo.filling import fill
from app.demo.people import reviewers
from moderation import growth, publishing, queue, reviewing
from moderation.models import AuditRecord, Case, CaseReport, Listing, Report, ReportKey
from moderation.states import State
from tests import builders
from tests.builders import NOON


@pytest.fixture(scope="module")
def held(tmp_path_factory) -> keys.Keys:
    return keys.load(builders.settings(tmp_path_factory.mktemp("filled")))


@pytest.fixture(scope="module")
def filled(server, template, held) -> Iterator[Database]:
    """One database for the file, filled twice; the tests below roll back what they do in it."""
    url = server.create(template=template)
    made = Database(url)
    with made.transaction() as session:
        demo.add_people(session, held, at=NOON)
    fill(made, held, cases=10, entries=20, at=NOON)
    fill(made, held, cases=20, entries=20, at=NOON)
    yield made
    made.engine.dispose()
    server.drop(url)


def test_each_made_up_case_has_one_report(filled):
    with filled.reading() as session:
        assert Counter(session.scalars(select(Case.state))) == {State.WAITING: 30, State.LISTED: 40}
        assert set(session.scalars(select(func.count()).select_from(CaseReport).group_by(CaseReport.case_id))) == {1}


def test_half_of_the_made_up_listings_are_names_and_half_are_pages(filled):
    with filled.reading() as session:
        assert Counter(session.scalars(select(Listing.scope))) == {"domain": 10, "host": 10, "page": 20}


def test_filling_twice_makes_no_name_twice(filled):
    with filled.reading() as session:
        assert session.scalar(select(func.count(func.distinct(Listing.target)))) == 40


def test_what_is_made_up_does_not_use_up_a_days_growth(filled):
    with filled.reading() as session:
        assert growth.of_the_day(session, at=NOON) == growth.Day(listed=0)


def test_the_desk_can_open_a_made_up_report(filled, held):
    with filled.reading() as session:
        row = session.execute(select(Report.sealed, ReportKey.wrapped).join(ReportKey, ReportKey.report_id == Report.id).limit(1)).one()
    assert sealing.open_sealed(row.sealed, row.wrapped, held)["what"] == "made up"


def test_a_made_up_case_can_be_claimed_and_seen(filled):
    with filled.reading() as session:
        moderator, _, _ = reviewers(session)
        reference = queue.next_case(session, State.WAITING, by=moderator, at=NOON)
        assert reviewing.view(session, reference, by=moderator, at=NOON).rungs


def test_a_made_up_listing_can_be_taken_off(filled):
    with filled.reading() as session:
        moderator, _, _ = reviewers(session)
        publishing.release(session, at=NOON)
        listing = session.scalars(select(Listing.reference).limit(1)).one()
        reviewing.delist(session, listing, "It was only made for load.", by=moderator, at=NOON)
        publishing.release(session, at=NOON)
        assert publishing.newest(session).entries == 39


def test_the_record_tells_that_it_was_made_up(filled):
    with filled.reading() as session:
        assert session.scalars(select(AuditRecord.detail).where(AuditRecord.subject == "seed").order_by(AuditRecord.id)).all() == [
            {"cases": 10, "listings": 20},
            {"cases": 20, "listings": 20},
        ]


def test_a_release_of_many_changes_carries_none_of_them_through_a_statement(filled):
    # PostgreSQL takes 65,535 values in one statement, and a list may change by more at once.
    carried = []
    event.listen(filled.engine, "before_cursor_execute", lambda *given: carried.append(len(given[3])))
    with filled.reading() as session:
        publishing.release(session, at=NOON)
    assert max(carried) < 40
