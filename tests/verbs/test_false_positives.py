"""A network calls a listing wrong: somebody looks, soon, and nothing leaves the list because a network said so."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from moderation import false_positives, policy, publishing, queue, retention, reviewing
from moderation.errors import InvalidAnswer, NotFound, TooManyOpen
from moderation.models import AuditRecord, Case, FalsePositive, Listing
from moderation.states import State
from moderation.vocabulary import ChildMaterial, ComesBack, Conclusion, FalsePositiveAnswer, Outcome, Role, Scope
from tests import builders
from tests.builders import NOON

WHY = "It is the town's hospital, and half our users work there."
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def network(session):
    return builders.consumer(session)


def released(session, text="https://jobs.test/offer/7", scope=Scope.PAGE):
    """A listing that networks carry."""
    reference = builders.listed(session, text, scope).listing
    publishing.release(session, at=NOON)
    return reference


def told(session, network, listing, *, at=LATER, why=WHY, contact="noc@net.example", named=None):
    return false_positives.ask(session, network.reference, listing, named, why=why, contact=contact, reference=uuid.uuid4(), at=at)[0]


def case_of(session, listing):
    session.expire_all()
    return session.scalars(select(Case).join(Listing, Listing.case_id == Case.id).where(Listing.reference == listing)).one()


def answers(session, network):
    session.expire_all()
    return [one.answer for one in false_positives.all_of(session, network.reference)]


def looked_at(session, listing, *, at=LATER):
    """Somebody who took no part looks again, and keeps it."""
    found, by = case_of(session, listing), builders.person(session)
    builders.claimed(session, found, by, at=at)
    return reviewing.keep(
        session,
        found.reference,
        "It is still the same offer.",
        timedelta(days=30),
        by=by,
        at=at,
        version=found.version,
        sent_none_of_the_reports=True,
    )


def test_it_opens_an_urgent_look_and_the_listing_stays(session, network):
    listing = released(session)
    seen = told(session, network, listing)
    found = case_of(session, listing)
    assert (found.state, found.due_for, found.due_at) == (State.RE_REVIEW, ComesBack.DISPUTED, LATER + policy.FALSE_POSITIVE_REVIEW)
    assert seen.answer is FalsePositiveAnswer.OPEN
    assert session.scalars(select(Listing.ended_at).where(Listing.reference == listing)).one() is None
    assert publishing.release(session, at=LATER) is None


def test_it_comes_before_the_re_reviews_that_are_merely_due(session, network):
    urgent, due = released(session, "https://one.test/a"), released(session, "https://two.test/a")
    reviewing.bring_back(session, at=NOON + timedelta(days=91))
    told(session, network, urgent, at=NOON + timedelta(days=91))
    by = builders.person(session)
    first, second = case_of(session, urgent), case_of(session, due)
    assert first.priority - second.priority == policy.PRIORITY_DISPUTED
    assert first.priority == sum(point.points for point in queue.points_of(first))
    assert queue.next_case(session, draw=None, by=by, at=NOON + timedelta(days=91)) == first.reference


def test_the_desk_sees_who_said_it_and_why(session, network):
    listing = released(session)
    told(session, network, listing)
    (one,) = reviewing.standing(session, case_of(session, listing).reference, at=LATER).disputes
    assert (one.consumer, one.why, one.contact, one.at) == (network.name, WHY, "noc@net.example", LATER)


def test_the_record_keeps_that_a_network_said_it(session, network):
    listing = released(session)
    told(session, network, listing)
    about = select(AuditRecord.actor, AuditRecord.action).where(AuditRecord.subject == f"listing:{listing}").order_by(AuditRecord.id)
    assert tuple(session.execute(about).all()[-1]) == (f"consumer:{network.reference}", "false positive told")


def test_the_network_learns_that_it_was_kept_and_the_points_are_gone(session, network):
    listing = released(session)
    told(session, network, listing)
    looked_at(session, listing)
    found = case_of(session, listing)
    assert answers(session, network) == [FalsePositiveAnswer.KEPT]
    assert (found.state, found.due_for) == (State.LISTED, None)
    assert found.priority == sum(point.points for point in queue.points_of(found))


def test_the_network_learns_that_it_was_removed_and_when(session, network):
    listing = released(session)
    told(session, network, listing)
    reviewing.delist(session, listing, "It was a mistake of ours.", by=builders.person(session), at=LATER)
    (one,) = false_positives.all_of(session, network.reference)
    assert (one.answer, one.answered_at) == (FalsePositiveAnswer.REMOVED, LATER)


def test_the_network_learns_that_it_was_narrowed(session, network):
    text = "https://www.wide.test/jobs/offer"
    listing = released(session, text, Scope.HOST)
    told(session, network, listing)
    reviewing.narrow(session, listing, builders.target(text), "The page alone will do.", by=builders.person(session), at=LATER)
    assert answers(session, network) == [FalsePositiveAnswer.NARROWED]


def test_what_was_decided_before_is_no_answer(session, network):
    listing = released(session)
    other = builders.consumer(session)
    told(session, other, listing)
    looked_at(session, listing)
    told(session, network, listing, at=LATER + timedelta(hours=1))
    assert answers(session, network) == [FalsePositiveAnswer.OPEN]


def test_pressing_again_finds_the_first_and_brings_nothing_back(session, network):
    listing = released(session)
    first = told(session, network, listing)
    looked_at(session, listing)
    again, is_new = false_positives.ask(
        session, network.reference, listing, None, why=WHY, contact="", reference=uuid.uuid4(), at=LATER + timedelta(hours=2)
    )
    assert (again.reference, is_new) == (first.reference, False)
    assert case_of(session, listing).state == State.LISTED


def test_a_network_that_calls_everything_wrong_is_stopped_and_another_is_not(session, network, monkeypatch):
    monkeypatch.setattr(policy, "FALSE_POSITIVES_OPEN", 2)
    listings = [released(session, f"https://site{number}.test/a") for number in range(3)]
    for listing in listings[:2]:
        told(session, network, listing)
    with pytest.raises(TooManyOpen):
        told(session, network, listings[2])
    assert case_of(session, listings[2]).state == State.LISTED
    assert told(session, builders.consumer(session), listings[2]).answer is FalsePositiveAnswer.OPEN


def test_whoever_waits_long_enough_gets_nothing_off_the_list_by_it(session, network):
    """An overdue appeal suspends; a network's word does not: what ends the listing is its own re-review alone."""
    listing = released(session)
    told(session, network, listing)
    reviewing.bring_back(session, at=NOON + timedelta(days=89))
    assert case_of(session, listing).state == State.RE_REVIEW
    reviewing.bring_back(session, at=NOON + timedelta(days=90) + policy.REVIEW_OVERDUE)
    assert case_of(session, listing).state == State.SUSPENDED


def test_one_that_is_about_to_end_stays_where_its_renewal_waits(session, network):
    listing = released(session)
    soon = NOON + timedelta(days=178)
    reviewing.bring_back(session, at=NOON + timedelta(days=91))
    reviewing.bring_back(session, at=soon)
    told(session, network, listing, at=soon)
    assert case_of(session, listing).due_for == ComesBack.EXPIRING


def test_while_a_renewal_is_proposed_the_seats_go_on(session, network):
    listing = released(session)
    reviewing.bring_back(session, at=NOON + timedelta(days=91))
    at = NOON + timedelta(days=91)
    builders.propose(session, case_of(session, listing), builders.person(session), at=at)
    told(session, network, listing, at=at)
    assert case_of(session, listing).state == State.PROPOSED
    assert len(reviewing.standing(session, case_of(session, listing).reference, at=at).disputes) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"why": "Wrong."}, "why"), ({"why": "x" * 2_001}, "why"), ({"contact": "x" * 201}, "contact"), ({"listing": uuid.uuid4()}, "entry")],
)
def test_what_is_missing_is_said_at_its_field(session, network, changes, field):
    given = {"listing": released(session)} | changes
    with pytest.raises(InvalidAnswer) as refusal:
        told(session, network, **given)
    assert set(refusal.value.faults) == {field}


def test_what_is_decided_but_not_out_yet_cannot_be_known_to_a_network(session, network):
    listing = builders.listed(session).listing
    with pytest.raises(InvalidAnswer):
        told(session, network, listing)


def test_nobody_reads_what_another_network_said(session, network):
    seen = told(session, network, released(session))
    other = builders.consumer(session)
    assert false_positives.all_of(session, other.reference) == ()
    with pytest.raises(NotFound):
        false_positives.seen(session, other.reference, seen.reference)


def test_an_address_that_is_sealed_for_a_hotline_is_in_no_networks_message_either(session, network):
    listing = released(session)
    told(session, network, listing, why="https://jobs.test/offer/7 is our own page", contact="ring us about https://jobs.test/offer/7")
    builders.claimed(session, case_of(session, listing), by := builders.person(session), at=LATER)
    found = case_of(session, listing)
    reviewing.conclude(
        session,
        found.reference,
        Conclusion(
            outcome=Outcome.REFER_HOTLINE,
            note="Looked at with care.",
            sent_none_of_the_reports=True,
            **builders.referral(recipient="The hotline", child_material=ChildMaterial.SUSPECTED),
        ),
        sealer=builders.DeskSealer(builders.desk_keys()),
        by=by,
        at=LATER,
        version=found.version,
    )
    (one,) = false_positives.all_of(session, network.reference)
    assert "jobs.test" not in one.why + one.target
    assert session.execute(select(FalsePositive.why, FalsePositive.contact)).all() == [("", "")]


def test_it_goes_a_year_after_the_listing_and_not_before(session, network):
    listing = released(session)
    told(session, network, listing)
    reviewing.delist(session, listing, "It was a mistake of ours.", by=builders.person(session, Role.SENIOR), at=LATER)
    counts = []
    for at in (LATER + policy.RESOURCE_KEPT, LATER + policy.RESOURCE_KEPT + timedelta(seconds=1)):
        retention.run(session, at=at)
        counts.append(len(session.scalars(select(FalsePositive.id)).all()))
    assert counts == [1, 0]
