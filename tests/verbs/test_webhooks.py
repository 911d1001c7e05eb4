"""What left the list is told to whoever asked for it: once, again while it fails, and at last no more."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from moderation import consumers, policy, publishing, reviewing, webhooks
from moderation.errors import InvalidAnswer, NotFound, TooManyOpen
from moderation.models import AuditRecord, Listing, WebhookDelivery
from moderation.vocabulary import SYSTEM, EmergencyReason, Role, Scope
from tests import builders
from tests.builders import NOON

URL = "https://noc.net.example/hook"
A_MINUTE = timedelta(minutes=1)


class Story:
    """A network with an address, and a list that shrinks."""

    def __init__(self, session):
        self.session, self.at = session, NOON
        self.network = builders.consumer(session).reference

    def add(self, url=URL):
        reference = uuid.uuid4()
        webhooks.add(self.session, self.network, url, sealed_secret=b"sealed", reference=reference, at=self.at)
        return reference

    def release(self):
        self.at += A_MINUTE
        number = publishing.release(self.session, at=self.at)
        if number:
            publishing.mark_written(self.session, number, at=self.at)
        return number

    def listed(self, text="https://jobs.test/offer/7", scope=Scope.PAGE):
        listing = builders.listed(self.session, text, scope, at=self.at).listing
        self.release()
        return listing

    def delist(self, listing):
        reviewing.delist_now(self.session, listing, EmergencyReason.TOO_WIDE, "", by=builders.person(self.session), at=self.at)
        return self.release()

    def spread(self):
        return webhooks.spread(self.session, new_reference=uuid.uuid4, at=self.at)

    def seen(self):
        self.session.expire_all()
        return webhooks.all_of(self.session, self.network)

    def attempt(self, delivery, **outcome):
        """Try one message; what was to be sent, None where nothing was."""
        message = webhooks.take(self.session, delivery.reference, at=self.at)
        if message:
            webhooks.came(self.session, delivery.reference, **{"status": None, "fault": None} | outcome, at=self.at)
        return message


@pytest.fixture
def story(session):
    return Story(session)


def test_an_emergency_delisting_is_told_with_its_entry_and_its_serial(story):
    listing = story.listed()
    story.add()
    serial = story.delist(listing)
    assert story.spread() == 1
    (hook,) = story.seen()
    message = story.attempt(hook.deliveries[0], status=200)
    assert (message.serial, message.total) == (serial, 1)
    (gone,) = message.entries
    assert (gone.reference, gone.target, gone.because) == (str(listing), "https://jobs.test/offer/7", "emergency")
    assert story.seen()[0].deliveries[0].delivered_at == story.at


def test_it_is_told_once_however_often_we_look(story):
    story.add()
    story.delist(story.listed())
    assert [story.spread() for _ in range(3)] == [1, 0, 0]


def test_what_only_came_and_what_left_before_is_not_told(story):
    story.delist(story.listed())
    story.add()
    story.listed("https://other.test/a")
    assert story.spread() == 0


def test_a_removal_is_told_only_when_the_files_without_it_can_be_fetched(story):
    listing = story.listed()
    story.add()
    reviewing.delist_now(story.session, listing, EmergencyReason.TOO_WIDE, "", by=builders.person(story.session), at=story.at)
    number = publishing.release(story.session, at=story.at + A_MINUTE)
    assert story.spread() == 0
    publishing.mark_written(story.session, number, at=story.at)
    assert story.spread() == 1


def test_what_was_narrowed_is_told(story):
    text = "https://www.wide.test/jobs/offer"
    wide = story.listed(text, Scope.HOST)
    story.add()
    reviewing.narrow(story.session, wide, builders.target(text), "The page alone will do.", by=builders.person(story.session), at=story.at)
    story.release()
    story.spread()
    (gone,) = webhooks.take(story.session, story.seen()[0].deliveries[0].reference, at=story.at).entries
    assert (gone.target, gone.because) == ("www.wide.test", "narrowed")


def test_two_workers_do_not_send_one_message_at_the_same_time(story):
    story.add()
    webhooks.test(story.session, story.network, story.seen()[0].reference, new_reference=uuid.uuid4(), at=story.at)
    delivery = story.seen()[0].deliveries[0].reference
    assert webhooks.take(story.session, delivery, at=story.at) is not None
    assert webhooks.take(story.session, delivery, at=story.at) is None


def test_a_message_is_tried_again_later_and_later_and_given_up_with_its_address(story):
    story.add()
    listing = story.listed()
    story.delist(listing)
    story.spread()
    waits = []
    while (delivery := story.seen()[0].deliveries[0]).next_at is not None:
        waits.append(delivery.next_at - story.at)
        story.at = delivery.next_at
        assert story.attempt(delivery, fault="connection").reference == delivery.reference
    (hook,) = story.seen()
    assert tuple(waits[1:]) == policy.WEBHOOK_WAITS
    assert (hook.disabled_because, hook.deliveries[0].attempts) == ("failing", len(policy.WEBHOOK_WAITS) + 1)
    story.delist(story.listed("https://other.test/a"))
    assert story.spread() == 0


def test_an_address_that_comes_back_is_told_of_all_that_left_meanwhile(story):
    reference = story.add()
    story.delist(story.listed("https://one.test/a"))
    story.spread()
    story.attempt(story.seen()[0].deliveries[0], status=410, fault="status", is_gone=True)
    assert story.seen()[0].disabled_because == "gone"
    story.delist(story.listed("https://two.test/a"))
    webhooks.resume(story.session, story.network, reference, at=story.at)
    assert story.spread() == 1
    message = webhooks.take(story.session, story.seen()[0].deliveries[0].reference, at=story.at)
    assert [gone.target for gone in message.entries] == ["https://one.test/a", "https://two.test/a"]


def test_a_network_that_is_closed_is_told_nothing_until_it_is_opened_again(story):
    story.add()
    story.delist(story.listed("https://one.test/a"))
    story.spread()
    (waiting,) = story.seen()[0].deliveries
    consumers.close(story.session, story.network, by=SYSTEM, at=story.at)
    assert story.attempt(waiting, status=200) is None
    (given_up,) = story.seen()[0].deliveries
    assert (given_up.attempts, given_up.fault, given_up.next_at) == (0, "closed", None)
    consumers.reopen(story.session, story.network, by=SYSTEM, at=story.at)
    assert story.spread() == 1
    message = story.attempt(story.seen()[0].deliveries[0], status=200)
    assert [gone.target for gone in message.entries] == ["https://one.test/a"]


def test_an_address_that_comes_back_after_long_is_not_told_of_what_left_long_before(story):
    reference = story.add()
    story.delist(story.listed("https://old.test/a"))
    story.spread()
    story.attempt(story.seen()[0].deliveries[0], status=410, fault="status", is_gone=True)
    story.at += policy.CHANGES_KEPT * 20
    webhooks.resume(story.session, story.network, reference, at=story.at)
    story.delist(story.listed("https://new.test/a"))
    assert story.spread() == 1
    message = story.attempt(story.seen()[0].deliveries[0], status=200)
    assert [gone.target for gone in message.entries] == ["https://new.test/a"]


def test_all_addresses_of_a_network_end_at_once_each_with_its_line_in_the_record(story):
    story.add()
    story.add(URL + "/2")
    assert webhooks.end_all(story.session, story.network, by=SYSTEM, at=story.at) == 2
    assert story.seen() == ()
    ended = select(AuditRecord).where(AuditRecord.action == "webhook ended", AuditRecord.subject == f"consumer:{story.network}")
    assert len(story.session.scalars(ended).all()) == 2


@pytest.mark.long
def test_messages_that_pile_up_become_one_that_tells_all_of_it(story, monkeypatch):
    monkeypatch.setattr(policy, "WEBHOOK_WAITING", 2)
    story.add()
    for number in range(4):
        story.delist(story.listed(f"https://site{number}.test/a"))
        story.spread()
    waiting = [one for one in story.seen()[0].deliveries if one.next_at is not None]
    told = [gone.target for one in waiting for gone in webhooks.take(story.session, one.reference, at=story.at).entries]
    assert len(waiting) <= 2
    assert sorted(told) == [f"https://site{number}.test/a" for number in range(4)]


def test_a_message_holds_what_it_has_room_for_and_tells_how_many_there_were(story, monkeypatch):
    story.add()
    listings = [story.listed(f"https://site{number}.test/a") for number in range(3)]
    for listing in listings:
        reviewing.delist(story.session, listing, "It was a mistake of ours.", by=builders.person(story.session), at=story.at)
    story.release()
    story.spread()
    monkeypatch.setattr(policy, "WEBHOOK_OCTETS", 500)
    message = webhooks.take(story.session, story.seen()[0].deliveries[0].reference, at=story.at)
    assert (message.total, len(message.entries)) == (3, 2)


def test_an_address_that_was_removed_gets_nothing_and_its_secret_is_gone(story):
    reference = story.add()
    story.delist(story.listed())
    story.spread()
    delivery = story.seen()[0].deliveries[0].reference
    webhooks.end(story.session, story.network, reference, at=story.at)
    assert webhooks.take(story.session, delivery, at=story.at) is None
    assert story.seen() == ()
    story.delist(story.listed("https://other.test/a"))
    assert story.spread() == 0


def test_a_network_touches_none_but_its_own(story):
    reference = story.add()
    stranger = builders.consumer(story.session).reference
    for verb in (webhooks.end, webhooks.resume):
        with pytest.raises(NotFound):
            verb(story.session, stranger, reference, at=story.at)
    assert webhooks.all_of(story.session, stranger) == ()


def test_one_network_has_a_few_addresses_and_each_once(story):
    story.add()
    with pytest.raises(InvalidAnswer):
        story.add()
    for number in range(policy.WEBHOOKS_EACH - 1):
        story.add(f"{URL}{number}")
    with pytest.raises(TooManyOpen):
        story.add(f"{URL}more")


def test_a_message_whose_job_was_lost_is_asked_for_again_and_old_ones_are_forgotten(story):
    story.add()
    story.delist(story.listed())
    story.spread()
    story.session.info["due"] = []
    webhooks.tend(story.session, at=story.at + policy.WEBHOOK_LEASE + A_MINUTE)
    assert [due.kind for due in story.session.info["due"]] == ["deliver"]
    story.attempt(story.seen()[0].deliveries[0], status=204)
    webhooks.tend(story.session, at=story.at + policy.WEBHOOK_KEPT + A_MINUTE)
    assert story.session.scalars(select(WebhookDelivery.id)).all() == []


def test_no_message_names_a_person_or_a_reason(story):
    story.add()
    listing = story.listed()
    reviewing.delist(story.session, listing, "Mrs Example asked us to.", by=builders.person(story.session, Role.SENIOR), at=story.at)
    story.release()
    story.spread()
    message = webhooks.take(story.session, story.seen()[0].deliveries[0].reference, at=story.at)
    assert message.entries[0].because == "delisted"
    assert "Mrs" not in repr(message)
    assert story.session.scalars(select(Listing.ended_because)).all() == ["delisted"]
