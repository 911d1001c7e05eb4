"""A case is found as anyone would write what it is about."""

import pytest
from sqlalchemy import select

from moderation import cases, queue
from moderation.models import Case
from moderation.queue import Filters
from moderation.states import State
from tests import builders
from tests.builders import NOON
from tests.verbs.queued import shown, site


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
