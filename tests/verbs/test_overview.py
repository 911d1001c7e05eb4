"""What a senior sees of the whole desk: what waits and for how long, what was decided, what is overdue; and what lies behind a figure."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from moderation import overview, partners, policy, publishing, queue, reviewing
from moderation.models import Case, ResourceRow
from moderation.overview import Overdue
from moderation.vocabulary import SYSTEM, Category, DeskLane, Lane, Outcome
from tests import builders
from tests.builders import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def figure(session, what, *, at):
    return next(each for each in overview.overdue(session, at=at) if each.what is what)


def reject(session, found, by):
    given = {"version": found.version, "sent_none_of_the_reports": True}
    reviewing.reject(session, found.reference, Outcome.REJECT_LAWFUL, "It is a news report.", by=by, at=NOON, **given)


def lanes(session):
    return {each.lane: each for each in overview.waiting(session)}


def test_what_waits_is_told_by_lane_with_its_ages(session):
    for number in range(10):
        builders.case(session, f"https://jobs{number}.test/", at=NOON - number * DAY)
    builders.case(session, "https://slow.test/", at=NOON - HOUR, lane=Lane.SLOW)
    builders.case(session, "https://child.test/", at=NOON - HOUR, category=Category.CHILD)
    standard = lanes(session)[DeskLane.STANDARD]
    assert list(lanes(session)) == [DeskLane.MINORS, DeskLane.STANDARD, DeskLane.SLOW]
    assert (standard.count.number, standard.count.is_cut) == (10, False)
    assert (standard.oldest, standard.median, standard.ninetieth) == (NOON - 9 * DAY, NOON - 5 * DAY, NOON - 9 * DAY)


def test_a_case_in_somebodys_hands_still_counts_in_its_lane(session):
    builders.claimed(session, builders.case(session), builders.person(session))
    builders.case(session, "https://free.test/")
    assert lanes(session)[DeskLane.STANDARD].count.number == 2


def test_a_proposal_waits_in_the_lane_of_the_second_review(session):
    builders.propose(session, builders.case(session), builders.person(session))
    assert list(lanes(session)) == [DeskLane.SECOND]


def test_what_is_parked_is_told_apart_from_its_lane(session):
    parked = builders.case(session, at=NOON - DAY)
    queue.park(session, parked.reference, until=NOON + DAY, because="Wait for the registrar.", by=builders.person(session), at=NOON)
    found = lanes(session)
    assert list(found) == [overview.PARKED]
    assert (found[overview.PARKED].count.number, found[overview.PARKED].oldest) == (1, NOON - DAY)


def test_a_count_stops_at_its_bound_and_says_so(session):
    for number in range(5):
        builders.case(session, f"https://jobs{number}.test/", at=NOON - number * DAY)
    (only,) = overview.waiting(session, at_most=3)
    assert (only.count.number, only.count.is_cut) == (3, True)
    assert only.oldest == NOON - 4 * DAY


def test_decisions_stand_on_the_day_they_were_made(session):
    found, by = builders.case(session), builders.person(session)
    builders.claimed(session, found, by)
    reject(session, found, by)
    days = overview.decided(session, at=NOON + 2 * DAY, days=14)
    assert len(days) == 14
    assert [day.counts for day in days if day.total.number] == [{Outcome.REJECT_LAWFUL: 1}]
    assert days[-3].day == NOON.replace(hour=0)


def test_a_withdrawn_proposal_is_counted_and_leads_to_its_case(session):
    found, by = builders.case(session), builders.person(session)
    builders.propose(session, found, by)
    reviewing.withdraw(session, found.reference, by=by, at=NOON)
    assert overview.decided(session, at=NOON, days=14)[-1].counts == {Outcome.WITHDRAWN: 1}
    assert overview.decided_cases(session, Outcome.WITHDRAWN, day=NOON.replace(hour=0)) == ()
    builders.claimed(session, found, by)
    reject(session, found, by)
    (case,) = overview.decided_cases(session, Outcome.WITHDRAWN, day=NOON.replace(hour=0))
    assert case.case == found.reference


def test_a_figure_of_decisions_leads_to_their_cases(session):
    builders.listed(session)
    (case,) = overview.decided_cases(session, Outcome.LIST, day=NOON.replace(hour=0))
    assert (case.kind, case.what) == ("web_page", "https://jobs.test/offer/7")
    assert overview.decided_cases(session, Outcome.DELIST, day=NOON.replace(hour=0)) == ()


def test_a_lapsed_lease_is_overdue_and_a_running_one_is_not(session):
    builders.claimed(session, builders.case(session), builders.person(session))
    assert figure(session, Overdue.LEASES, at=NOON + policy.LEASE - HOUR / 60).count.number == 0
    assert figure(session, Overdue.LEASES, at=NOON + policy.LEASE).count.number == 1


def test_a_listing_is_told_of_before_it_ends_and_when_its_review_is_due(session):
    builders.listed(session)
    reviewed, ends = NOON + policy.REVIEW_AFTER["page"], NOON + policy.LISTING_LIFETIME["page"]
    seen = [
        {each.what for each in overview.overdue(session, at=at) if each.count.number}
        for at in (reviewed - HOUR, reviewed, ends - policy.EXPIRING_SOON, ends)
    ]
    assert seen == [set(), {Overdue.REVIEW}, {Overdue.REVIEW, Overdue.EXPIRING}, {Overdue.REVIEW, Overdue.PAST_END}]


def test_a_question_is_overdue_after_a_week_unless_it_is_answered(session):
    asked, by = builders.case(session), builders.person(session)
    builders.question(session, builders.claimed(session, asked, by), by)
    builders.conversation(session)
    assert figure(session, Overdue.QUESTIONS, at=NOON + policy.QUESTION_OVERDUE - HOUR).count.number == 0
    late = NOON + policy.QUESTION_OVERDUE
    assert figure(session, Overdue.QUESTIONS, at=late).count.number == 1
    assert [each.case for each in overview.overdue_things(session, Overdue.QUESTIONS, at=late)] == [asked.reference]


def test_what_a_reporter_wrote_waits_until_it_is_read(session):
    builders.conversation(session)
    assert figure(session, Overdue.UNREAD, at=NOON).count.number == 1


@pytest.mark.parametrize("what", Overdue)
def test_every_sort_of_overdue_has_a_list_behind_it(session, what):
    assert overview.overdue_things(session, what, at=NOON) == ()


def test_releases_stand_on_their_day_with_what_they_brought(session):
    listed = builders.listed(session)
    publishing.release(session, at=NOON)
    reviewing.delist(session, listed.listing, "The owner took the page down.", by=builders.person(session), at=NOON + DAY)
    publishing.release(session, at=NOON + DAY)
    days = overview.released(session, at=NOON + DAY, days=14)
    assert [(day.releases.number, day.added, day.removed) for day in days[-2:]] == [(1, 1, 0), (1, 0, 1)]
    (change,) = overview.released_changes(session, "remove", day=days[-1].day)
    assert (change.scope, change.what) == ("page", "https://jobs.test/offer/7")


def refused(session, by):
    found = builders.case(session)
    builders.propose(session, found, by, builders.answers(lifeline=""))
    return found


def test_a_safeguard_that_refused_is_counted_once_for_each_attempt(session):
    refused(session, builders.person(session))
    (only,) = overview.refusing(session, at=NOON, days=14)
    assert (only.safeguard, only.count) == ("RS16", 1)
    assert overview.refusing(session, at=NOON + 14 * DAY, days=14) == ()


def test_an_attempt_that_was_refused_is_not_named_while_a_seat_is_open(session):
    by = builders.person(session)
    found = refused(session, by)
    since = NOON - DAY
    assert overview.refused_cases(session, "RS16", since=since) == ()
    queue.claim(session, found.reference, by=by, at=NOON)
    reject(session, found, by)
    assert [each.case for each in overview.refused_cases(session, "RS16", since=since)] == [found.reference]


def test_a_partner_whose_reports_were_rejected_as_abusive_is_told_of_and_nobody_else(session):
    careless, careful = builders.partner(session, "Careless"), builders.partner(session, "Careful")
    abusive = [(careless, Outcome.REJECT_ABUSE)] * 2
    for number, (partner, outcome) in enumerate([*abusive, (careless, Outcome.REJECT_LAWFUL), (careful, Outcome.REJECT_SCOPE)]):
        found = builders.case(session, f"https://shop{number}.test/coats", partner_id=partner.id)
        builders.concluded(session, found, builders.person(session), outcome)
    builders.concluded(session, builders.case(session, "https://anonymous.test/"), builders.person(session), Outcome.REJECT_ABUSE)
    (told,) = overview.misused(session, at=NOON, days=14)
    assert (told.partner, told.cases, told.newest, told.suspended_until) == ("Careless", 2, NOON, None)
    of_the_shop = select(Case.reference).join(ResourceRow).where(ResourceRow.canonical == "https://shop1.test/coats")
    assert session.scalar(of_the_shop) == told.newest_case
    until = partners.suspend(session, "Careless", "The same shop again after a warning.", by=SYSTEM, at=NOON)
    assert overview.misused(session, at=NOON, days=14)[0].suspended_until == until
    assert overview.misused(session, at=NOON + timedelta(days=15), days=14) == ()


def test_nothing_in_a_figure_or_behind_it_names_a_person():
    figures = (overview.Waiting, overview.Day, overview.ReleaseDay, overview.OverdueFigure, overview.Refusing, overview.Misused)
    told = (*figures, overview.Behind)
    fields = {name for each in told for name in each.__dataclass_fields__}
    assert not {name for name in fields if any(word in name for word in ("person", "holder", "moderator", "name", "first_", "second_"))}
