"""What is kept no longer goes by itself: texts after twelve months, contacts and addresses after their cases; what was decided stays."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from moderation import facts, policy, reporting, retention, reviewing, shredding
from moderation.models import AuditRecord, Case, ContactKey, Decision, Message, Report, ReportKey, ResourceRow
from moderation.vocabulary import Outcome
from tests import builders
from tests.builders import NOON

A_DAY = timedelta(days=1)


def closed(session, text="https://jobs.test/offer/7", *, at=NOON):
    """A report whose case was rejected."""
    made = builders.report(session, text, at=at - A_DAY)
    (found,) = session.scalars(select(Case).where(Case.closed_at.is_(None))).all()
    by = builders.person(session)
    builders.claimed(session, found, by, at=at)
    note = "Nothing in it is about trafficking."
    reviewing.reject(
        session, found.reference, Outcome.REJECT_SCOPE, note, by=by, at=at, version=found.version, sent_none_of_the_reports=True
    )
    return made


def gone(session, at):
    return retention.run(session, at=at)


def test_after_twelve_months_key_and_text_are_gone_and_the_case_stays(session):
    builders.report(session, at=NOON - policy.REPORT_TEXT_KEPT - timedelta(hours=1))
    assert gone(session, NOON) == {"report texts": 1}
    assert session.execute(select(Report.sealed, Report.recipient)).all() == [(None, None)]
    assert session.execute(select(ReportKey.wrapped, ReportKey.shredded_at)).all() == [(None, NOON)]
    assert len(session.scalars(select(Case)).all()) == 1


def test_a_younger_text_is_kept(session):
    builders.report(session, at=NOON - policy.REPORT_TEXT_KEPT + timedelta(hours=1))
    assert gone(session, NOON) == {}
    assert session.scalars(select(ReportKey.wrapped)).all() == [b"wrapped"]


def test_what_was_said_about_a_report_goes_with_its_text(session):
    builders.conversation(session)
    gone(session, NOON + policy.REPORT_TEXT_KEPT + A_DAY)
    assert session.scalars(select(Message)).all() == []


def test_a_contact_goes_thirty_days_after_the_case_closed_and_the_text_stays(session):
    closed(session)
    assert gone(session, NOON + policy.CONTACT_KEPT + A_DAY) == {"contacts": 1}
    assert session.scalars(select(Report.contact)).all() == [None]
    assert session.scalars(select(ContactKey.wrapped)).all() == [None]
    assert session.scalars(select(ReportKey.wrapped)).all() == [b"wrapped"]


def test_a_contact_is_kept_while_one_of_its_cases_lives(session):
    closed(session)
    session.scalars(select(Case)).one()
    builders.report(session, "https://jobs.test/offer/7 https://jobs.test/offer/8")
    assert gone(session, NOON + policy.CONTACT_KEPT + A_DAY) == {"contacts": 1}
    assert session.scalars(select(Report.contact).order_by(Report.id)).all() == [None, b"ciphertext of a contact"]


def test_an_address_is_erased_twelve_months_after_its_case_closed(session):
    closed(session)
    assert gone(session, NOON + policy.RESOURCE_KEPT + A_DAY)["resource addresses"] == 1
    row = session.execute(select(ResourceRow.canonical, ResourceRow.host, ResourceRow.domain)).one()
    assert row.canonical.startswith(shredding.ERASED)
    assert "jobs.test" not in str(row)


def test_an_address_is_kept_for_twelve_months_after_its_case_closed(session):
    closed(session)
    assert "resource addresses" not in gone(session, NOON + policy.RESOURCE_KEPT - A_DAY)


def test_an_address_that_was_reported_again_is_kept(session):
    closed(session)
    builders.report(session, at=NOON + policy.RESOURCE_KEPT)
    assert "resource addresses" not in gone(session, NOON + policy.RESOURCE_KEPT + A_DAY)


def test_an_address_is_kept_for_as_long_as_it_is_listed(session):
    builders.listed(session)
    assert "resource addresses" not in gone(session, NOON + 2 * policy.RESOURCE_KEPT)


def test_the_decision_about_an_erased_address_stays(session):
    closed(session)
    gone(session, NOON + policy.RESOURCE_KEPT + A_DAY)
    assert session.scalars(select(Decision.outcome)).all() == [Outcome.REJECT_SCOPE]


def test_a_reporter_is_still_told_the_outcome_after_the_address_was_erased(session):
    sent = closed(session)
    gone(session, NOON + policy.RESOURCE_KEPT + A_DAY)
    (one,) = reporting.status(session, sent.receipt_digest).resources
    assert (one.is_erased, one.outcome) == (True, Outcome.REJECT_SCOPE)


def test_an_erased_address_names_nothing_that_could_be_listed(session):
    closed(session)
    gone(session, NOON + policy.RESOURCE_KEPT + A_DAY)
    session.expire_all()
    assert facts.resource_of(session.scalars(select(ResourceRow)).one()).ladder == ()


def test_the_same_address_reported_after_it_was_erased_opens_a_case_of_its_own(session):
    closed(session)
    later = NOON + policy.RESOURCE_KEPT + A_DAY
    gone(session, later)
    builders.report(session, at=later)
    assert len(session.scalars(select(ResourceRow)).all()) == 2


@pytest.mark.parametrize("days", [400, 800])
def test_nothing_goes_twice(session, days):
    closed(session)
    at = NOON + timedelta(days=days)
    assert gone(session, at)
    assert gone(session, at + A_DAY) == {}


def test_a_dry_run_counts_what_a_run_lets_go_of(session):
    closed(session)
    at = NOON + policy.REPORT_TEXT_KEPT + 2 * A_DAY
    told = {one.name: one.count for one in retention.overdue(session, at=at)}
    assert {name: count for name, count in told.items() if count} == gone(session, at)
    nothing = {"sealed addresses": 0, "networks' messages about wrong entries": 0}
    assert told == {"report texts": 1, "contacts": 1, "resource addresses": 1, **nothing}


def test_an_address_of_two_closed_cases_is_erased_once_and_both_say_so(session):
    closed(session)
    closed(session, at=NOON + 30 * A_DAY)
    at = NOON + policy.RESOURCE_KEPT + 10 * A_DAY
    assert "resource addresses" not in gone(session, at), "the second case closed less than twelve months ago"
    assert gone(session, at + 30 * A_DAY)["resource addresses"] == 1
    assert list(session.scalars(select(Case.is_erased))) == [True, True]


def test_more_than_a_batch_goes_in_several_runs(session, monkeypatch):
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    for number in range(3):
        builders.report(session, f"https://jobs.test/{number}", at=NOON - 2 * policy.REPORT_TEXT_KEPT)
    assert [gone(session, NOON) for _ in range(3)] == [{"report texts": 2}, {"report texts": 1}, {}]


def test_the_record_of_it_holds_counts_alone(session):
    closed(session)
    gone(session, NOON + policy.RESOURCE_KEPT + 2 * A_DAY)
    noted = session.scalars(select(AuditRecord).where(AuditRecord.subject == "retention")).all()
    assert [(row.actor, row.detail) for row in noted] == [("system", {"count": 1})] * 3
