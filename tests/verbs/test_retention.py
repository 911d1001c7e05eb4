"""A report's text is readable for twelve months and by nobody after: its key is destroyed, what was decided stays."""

from datetime import timedelta

from sqlalchemy import select

from moderation import policy, reporting
from moderation.models import Case, Report, ReportKey
from tests import builders
from tests.builders import NOON


def test_after_twelve_months_key_and_text_are_gone_and_the_case_stays(session):
    builders.report(session, "https://jobs.test/offer/7", at=NOON - policy.REPORT_TEXT_KEPT - timedelta(hours=1))
    assert reporting.shred_old(session, at=NOON) == 1
    assert session.scalars(select(Report.sealed)).all() == [None]
    assert session.execute(select(ReportKey.wrapped, ReportKey.shredded_at)).all() == [(None, NOON)]
    assert len(session.scalars(select(Case)).all()) == 1


def test_a_younger_text_is_kept(session):
    builders.report(session, at=NOON - policy.REPORT_TEXT_KEPT + timedelta(hours=1))
    assert reporting.shred_old(session, at=NOON) == 0
    assert session.scalars(select(ReportKey.wrapped)).all() == [b"wrapped"]


def test_nothing_is_shredded_twice(session):
    builders.report(session, at=NOON - 2 * policy.REPORT_TEXT_KEPT)
    reporting.shred_old(session, at=NOON)
    assert reporting.shred_old(session, at=NOON + timedelta(days=1)) == 0
