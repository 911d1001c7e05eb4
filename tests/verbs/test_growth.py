"""How fast the list may grow: twenty-five a day or a twentieth of it, and more only by two people, later, and for a day."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from moderation import audit, growth, policy, publishing, reviewing
from moderation.errors import IllegalTransition, InvalidAnswer, NotAllowed, NotFound
from moderation.models import Case, Listing, ResourceRow
from moderation.vocabulary import Refused, Role, Scope
from tests import builders
from tests.builders import NOON
from tests.verbs.grown import listed_today
from tests.verbs.together import begun, until_somebody_waits

WHY = "A network of recruiters was found; forty pages are ready."
LATER = NOON + policy.BULK_DELAY


def asked(session, by=None, *, entries=40, at=NOON):
    """A first key, turned by this senior or another."""
    reference = uuid.uuid4()
    growth.ask(session, WHY, entries, reference=reference, by=by or builders.person(session, Role.SENIOR), at=at)
    return reference


def allowed(session, *, entries=40, at=NOON):
    reference = asked(session, entries=entries, at=at)
    growth.agree(session, reference, by=builders.person(session, Role.ADMIN), at=at)
    return reference


@pytest.fixture
def full_day(session):
    """Twenty-five listings began today; the list was empty yesterday."""
    builders.listed(session, "https://first.test/offer")
    listed_today(session, policy.BULK_ENTRIES - 1)


def proposed(session, *, at=NOON):
    page = f"https://next{at:%d%H%M}.test/offer"
    return builders.propose(session, builders.case(session, page), builders.person(session), builders.answers(builders.target(page)), at=at)


def refusals(outcome):
    return [finding.safeguard for finding in outcome.blocking] if isinstance(outcome, Refused) else []


def test_the_twenty_sixth_listing_of_a_day_is_refused_with_the_numbers(session, full_day):
    (finding,) = proposed(session).blocking
    assert (finding.safeguard, finding.values["listed"], finding.values["most"]) == ("RS12", 25, 25)


def test_the_twenty_fifth_is_not(session):
    builders.listed(session, "https://first.test/offer")
    listed_today(session, policy.BULK_ENTRIES - 2)
    assert refusals(proposed(session)) == []


def test_it_is_refused_at_the_second_seat_too(session):
    builders.listed(session, "https://first.test/offer")
    page = "https://between.test/offer"
    case, given = builders.case(session, page), builders.answers(builders.target(page))
    builders.propose(session, case, builders.person(session), given)
    listed_today(session, policy.BULK_ENTRIES - 1)
    assert refusals(builders.confirm(session, case, builders.person(session), given)) == ["RS12"]


@pytest.mark.long
@pytest.mark.parametrize("earlier", [timedelta(0), timedelta(seconds=1)], ids=["at the same moment", "by a clock that is a second behind"])
def test_two_decisions_at_once_do_not_pass_the_number_by_one(database, earlier):
    pages = ["https://one.test/offer", "https://other.test/offer"]
    with database.transaction() as session:
        builders.listed(session, "https://first.test/offer")
        listed_today(session, policy.BULK_ENTRIES - 2)
        people = [builders.person(session) for _ in pages]
        given = [builders.answers(builders.target(page)) for page in pages]
        for page, answers in zip(pages, given, strict=True):
            builders.propose(session, builders.case(session, page), builders.person(session), answers)

    def confirm(session, number, at):
        case = session.scalars(select(Case).join(ResourceRow).where(ResourceRow.canonical == pages[number])).one()
        return builders.confirm(session, case, people[number], given[number], at=at)

    def meanwhile():
        with database.transaction() as session:
            return confirm(session, 1, NOON - earlier)

    with database.transaction() as session:
        confirm(session, 0, NOON)
        second = begun(meanwhile)
        until_somebody_waits(database)
    assert refusals(second.result()) == ["RS12"]
    with database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(Listing)) == policy.BULK_ENTRIES


def test_a_day_later_the_list_may_grow_again(session, full_day):
    assert refusals(proposed(session, at=NOON + timedelta(days=1, minutes=1))) == []


def test_a_long_list_may_grow_by_a_twentieth_of_what_it_was_a_day_ago(session, full_day):
    listed_today(session, 575, at=NOON - timedelta(days=3))
    assert growth.of_the_day(session, at=NOON) == growth.Day(listed=25, size=575)
    assert refusals(proposed(session)) == []


def test_what_began_today_does_not_lengthen_its_own_measure(session, full_day):
    listed_today(session, 600, at=NOON - timedelta(hours=1))
    assert growth.of_the_day(session, at=NOON).most == policy.BULK_ENTRIES


def test_the_length_is_that_of_the_newest_release_of_a_day_ago(session, full_day):
    publishing.release(session, at=NOON - timedelta(days=2))
    assert growth.size_of_the_list(session, at=NOON - timedelta(days=1)) == 25
    assert growth.size_of_the_list(session, at=NOON - timedelta(days=3)) == 0


def test_two_people_allow_more_after_a_day_and_for_a_day(session, full_day):
    allowed(session)
    assert not growth.of_the_day(session, at=LATER - timedelta(seconds=1)).is_allowed
    listed_today(session, 10, at=LATER - timedelta(hours=1))
    listed_today(session, 25, at=LATER - timedelta(hours=2))
    assert growth.of_the_day(session, at=LATER).is_allowed
    assert refusals(proposed(session, at=LATER)) == []
    over = LATER + policy.BULK_ALLOWED_FOR
    listed_today(session, 30, at=over - timedelta(minutes=1))
    assert not growth.of_the_day(session, at=over).is_allowed


def test_they_allow_a_number_and_not_everything(session, full_day):
    allowed(session, entries=40)
    listed_today(session, 40, at=LATER - timedelta(hours=1))
    assert refusals(proposed(session, at=LATER)) == ["RS12"]


def test_one_key_alone_opens_nothing(session, full_day):
    asked(session)
    listed_today(session, 25, at=LATER - timedelta(hours=1))
    assert refusals(proposed(session, at=LATER)) == ["RS12"]


def test_nobody_turns_both_keys(session):
    by = builders.person(session, Role.SENIOR)
    reference = asked(session, by)
    with pytest.raises(NotAllowed, match="yourself"):
        growth.agree(session, reference, by=by, at=NOON)


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.MODERATOR, Role.AUDITOR])
def test_only_seniors_and_administrators_hold_a_key(session, role):
    reference, by = asked(session), builders.person(session, role)
    for act in (growth.agree, growth.take_back):
        with pytest.raises(NotAllowed):
            act(session, reference, by=by, at=NOON)
    with pytest.raises(NotAllowed):
        asked(session, by)


def test_any_one_of_them_takes_it_back_at_once(session, full_day):
    reference = allowed(session)
    growth.take_back(session, reference, by=builders.person(session, Role.SENIOR), at=LATER)
    listed_today(session, 25, at=LATER - timedelta(hours=1))
    assert not growth.of_the_day(session, at=LATER).is_allowed
    with pytest.raises(IllegalTransition):
        growth.take_back(session, reference, by=builders.person(session, Role.SENIOR), at=LATER)


def test_a_first_key_that_nobody_answered_lapses(session):
    reference = asked(session)
    late = NOON + policy.BULK_KEY_WAITS
    with pytest.raises(IllegalTransition, match="over"):
        growth.agree(session, reference, by=builders.person(session, Role.ADMIN), at=late)
    assert growth.standing(session, at=late) is None
    asked(session, at=late)


def test_a_second_permission_waits_for_the_end_of_the_first(session):
    allowed(session)
    with pytest.raises(IllegalTransition, match="already"):
        asked(session)


def test_a_second_agreement_changes_nothing(session):
    reference = allowed(session)
    with pytest.raises(IllegalTransition, match="agreed"):
        growth.agree(session, reference, by=builders.person(session, Role.SENIOR), at=NOON + timedelta(hours=1))


@pytest.mark.parametrize(("reason", "entries"), [("so", 40), (WHY, None), (WHY, 25), (WHY, policy.BULK_ENTRIES_MOST + 1)])
def test_a_key_without_a_reason_or_a_number_is_refused(session, reason, entries):
    with pytest.raises(InvalidAnswer):
        growth.ask(session, reason, entries, reference=uuid.uuid4(), by=builders.person(session, Role.SENIOR), at=NOON)


def test_a_permission_that_is_not_there_is_not_found(session):
    with pytest.raises(NotFound):
        growth.agree(session, uuid.uuid4(), by=builders.person(session, Role.SENIOR), at=NOON)


def test_each_key_and_its_return_are_on_the_record(session):
    reference = allowed(session)
    growth.take_back(session, reference, by=builders.person(session, Role.SENIOR), at=NOON)
    acts = [row.action for row in audit.newest(session, limit=9, subject=f"growth:{reference}")]
    assert sorted(acts) == ["growth allowed", "growth asked", "growth taken back"]


def test_who_narrows_what_was_listed_before_uses_up_nothing_of_the_day(session):
    wider = builders.listed(session, "https://first.test/offer", Scope.DOMAIN, at=NOON - 2 * growth.DAY)
    page = builders.target("https://first.test/offer")
    reviewing.narrow(session, wider.listing, page, WHY, by=builders.person(session), at=NOON)
    assert session.scalars(select(Listing.target).where(Listing.ended_at.is_(None))).all() == ["https://first.test/offer"]
    assert growth.of_the_day(session, at=NOON).listed == 0
