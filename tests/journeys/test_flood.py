"""A reporter in a flood: with scripts the browser works for a moment and the report keeps its lane; without, it is sent as always."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import sealing
from moderation import policy
from moderation.models import Report
from moderation.vocabulary import Budget, Channel, Lane

pytestmark = pytest.mark.browser


@pytest.fixture
def flood(monkeypatch):
    """Every budget is used up. The form of a test is filled in faster than any person could."""
    monkeypatch.setattr(policy, "REPORTS_BY_CHANNEL", dict.fromkeys(Channel, Budget(0, timedelta(hours=1))))
    monkeypatch.setattr(policy, "FORM_TOKEN_SOONEST", timedelta(0))


def sent(page):
    """Fill in the form and send it; the receipt's code."""
    page.goto("/en/report")
    page.fill("#what", "https://jobs.test/offer/flood")
    page.check("#category-labour")
    page.click("main form [type=submit]")
    page.wait_for_selector("#code")
    return page.inner_text("#code")


def lane(site, code):
    with site.app.extensions["flagstone_database"].reading() as session:
        return session.scalars(select(Report.lane).where(Report.receipt_digest == sealing.receipt_digest(code))).one()


@pytest.mark.long
def test_a_browser_with_scripts_works_for_a_moment_and_keeps_the_standard_lane(site, page, flood):
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda fault: complaints.append(str(fault)))
    assert lane(site, sent(page)) == Lane.STANDARD
    assert complaints == []


@pytest.mark.long
def test_a_browser_without_scripts_sends_as_always_and_takes_the_slower_lane(site, plain_page, flood):
    assert lane(site, sent(plain_page)) == Lane.SLOW
