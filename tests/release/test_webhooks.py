"""A network is told what left the list: real messages to a real server, by a real worker, signed so that any library can check them."""

import base64
import hashlib
import hmac
import time
import uuid
from dataclasses import replace
from datetime import timedelta

import orjson
import pytest
from sqlalchemy import select, text

from app import clock, create_app, jobs, outgoing, webhooks
from app.release.shelf import Shelf
from moderation import publishing, reviewing
from moderation import webhooks as rules
from moderation.models import Case, Listing, WebhookDelivery
from moderation.vocabulary import EmergencyReason
from tests import builders
from tests.release.receiver import receiving
from tests.release.working import working

PATIENCE_SECONDS = 60
DAY = timedelta(days=1)
OFFER = "https://jobs.test/offer/7"


@pytest.fixture
def local(settings):
    return replace(settings, local_webhooks=True, base_url="https://flag.example.org")


@pytest.fixture
def app(local, database_url):
    made = create_app(local, database_url=database_url)
    with made.app_context():
        yield made
    made.extensions["flagstone_database"].engine.dispose()


class Story:
    def __init__(self, app, database):
        self.keys, self.database, self.secret = app.extensions["keys"], database, webhooks.new_secret()
        self.settings = app.extensions["settings"]
        with database.transaction() as session:
            self.network = builders.consumer(session, at=clock.now()).reference

    def listed(self, text):
        with self.database.transaction() as session:
            listing = builders.listed(session, text, at=clock.now()).listing
            session.info.pop("due", None)
        jobs.make_release()
        jobs.write_release()
        return listing

    def add(self, url):
        with self.database.transaction() as session:
            sealed = webhooks.seal_secret(self.secret, self.keys)
            rules.add(session, self.network, url, sealed_secret=sealed, reference=uuid.uuid4(), at=clock.now())

    def told(self, receiver):
        """Bring out what changed, send what is to be sent for it, and read what came over the wire: the entries of each message."""
        jobs.write_release()
        for delivery in self.deliveries():
            webhooks.deliver(str(delivery.reference))
        return [checked(self.secret, request)["data"]["entries"] for request in receiver.got()]

    def delist(self, listing):
        with self.database.transaction() as session:
            reviewing.delist_now(session, listing, EmergencyReason.WRONG_TARGET, "", by=builders.person(session), at=clock.now())

    def deliveries(self):
        with self.database.reading() as session:
            return [one for hook in rules.all_of(session, self.network) for one in hook.deliveries]

    def comes_to(self, found):
        """Wait for something that a worker does."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not found(self.deliveries()):
            assert time.monotonic() < end, self.deliveries()
            time.sleep(0.1)


@pytest.fixture
def story(app, database):
    return Story(app, database)


def checked(secret, request):
    """What a receiver's library does (Standard Webhooks 1.0.0, "Signature scheme"), from nothing but what came over the wire."""
    headers = request["headers"]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{request['body']}".encode()
    wanted = base64.b64encode(hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256).digest()).decode()
    assert f"v1,{wanted}" in headers["webhook-signature"].split(" ")
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 300
    return orjson.loads(request["body"])


@pytest.mark.long
def test_a_server_that_fails_at_first_is_told_in_the_end_and_can_tell_that_it_is_one_message(
    story, local, database_url, tmp_path, monkeypatch
):
    monkeypatch.setenv("FLAGSTONE_LOCAL_WEBHOOKS", "1")
    monkeypatch.setenv("FLAGSTONE_BASE_URL", "https://flag.example.org")
    with receiving(tmp_path, "500", "200") as receiver:
        listing = story.listed("https://wrong.test/a")
        before = Shelf(local.data).current()
        story.add(receiver.url)
        with working(database_url, local):
            story.delist(listing)
            story.comes_to(lambda found: found and found[0].delivered_at)
        first, second = receiver.got()
        told = [checked(story.secret, request) for request in (first, second)]
    assert told[0] == told[1]
    assert first["headers"]["webhook-id"] == second["headers"]["webhook-id"]
    assert (first["path"], first["headers"]["content-type"]) == ("/hook?of=ours", "application/json")
    assert told[0]["type"] == "listing.removed"
    data = told[0]["data"]
    assert data["entries"] == [{"reference": str(listing), "scope": "page", "target": "https://wrong.test/a", "because": "emergency"}]
    assert (data["serial"], data["since"], data["total"]) == (before + 1, before, 1)
    assert data["changes"] == f"https://flag.example.org/feed/v1/changes?since={before}"
    (delivery,) = story.deliveries()
    assert (delivery.attempts, delivery.status) == (2, 200)


@pytest.mark.long
def test_servers_that_never_answer_hold_up_no_release(story, local, database_url, tmp_path, monkeypatch):
    monkeypatch.setenv("FLAGSTONE_LOCAL_WEBHOOKS", "1")
    with receiving(tmp_path, "hang") as one, receiving(tmp_path, "drip") as two, receiving(tmp_path, "hang") as three:
        listings = [story.listed(f"https://wrong{number}.test/a") for number in range(2)]
        for receiver in (one, two, three):
            story.add(receiver.url)
        with working(database_url, local):
            story.delist(listings[0])
            story.comes_to(lambda found: len(found) == 3 and all(each.attempts for each in found))
            # All who send are busy now, and stay so.
            before = Shelf(local.data).current()
            story.delist(listings[1])
            story.comes_to(lambda _: Shelf(local.data).current() > before)
            found = story.deliveries()
            assert [each.delivered_at for each in found] == [None] * len(found)
            assert [each.fault for each in found] == [None] * len(found)


@pytest.mark.long
@pytest.mark.parametrize(("answer", "status", "fault"), [("away", 307, "status"), ("503", 503, "status"), ("drip", None, "time")])
def test_what_is_no_good_answer_is_tried_again(story, tmp_path, monkeypatch, answer, status, fault):
    monkeypatch.setattr(outgoing, "TOGETHER_SECONDS", 1.0)
    with receiving(tmp_path, answer) as receiver:
        listing = story.listed("https://wrong.test/a")
        story.add(receiver.url)
        story.delist(listing)
        jobs.make_release()
        jobs.write_release()
        (delivery,) = story.deliveries()
        webhooks.deliver(str(delivery.reference))
        # A redirect is followed nowhere: it could lead to where nobody may go.
        assert len(receiver.got()) == 1
    (delivery,) = story.deliveries()
    assert (delivery.status, delivery.fault, delivery.attempts, delivery.next_at is not None) == (status, fault, 1, True)


@pytest.mark.long
def test_an_address_that_says_it_is_gone_is_told_no_more(story, tmp_path):
    with receiving(tmp_path, "410") as receiver:
        listing = story.listed("https://wrong.test/a")
        story.add(receiver.url)
        story.delist(listing)
        jobs.make_release()
        jobs.write_release()
        webhooks.deliver(str(story.deliveries()[0].reference))
    with story.database.reading() as session:
        assert rules.all_of(session, story.network)[0].disabled_because == "gone"


def test_the_secret_lies_sealed_in_the_database(story, tmp_path):
    with receiving(tmp_path, "200") as receiver:
        story.add(receiver.url)
    with story.database.reading() as session:
        (sealed,) = session.execute(text("SELECT sealed_secret FROM webhook")).one()
    assert base64.b64decode(story.secret.removeprefix("whsec_")) not in bytes(sealed)
    assert story.secret.encode() not in bytes(sealed)


def test_no_message_is_stored_with_what_it_says(story):
    assert not {"body", "target", "entries"} & set(WebhookDelivery.__table__.columns.keys())


def test_a_secret_that_opens_no_more_is_given_up_at_once_and_its_network_can_see_why(story, app):
    """FLAGSTONE_SECRET_KEY is another one since."""
    with story.database.transaction() as session:
        hook, delivery = uuid.uuid4(), uuid.uuid4()
        rules.add(session, story.network, "https://noc.net.example/hook", sealed_secret=b"of last year", reference=hook, at=clock.now())
        rules.test(session, story.network, hook, new_reference=delivery, at=clock.now())
    webhooks.deliver(str(delivery))
    (one,) = story.deliveries()
    assert (one.attempts, one.fault, one.given_up_at is None) == (1, "secret", False)
    with story.database.reading() as session:
        (seen,) = rules.all_of(session, story.network)
    assert seen.is_unreadable


@pytest.mark.long
def test_a_listing_that_is_renewed_before_its_end_is_no_news(story, tmp_path):
    began = clock.now() - 14 * DAY
    with story.database.transaction() as session:
        lasts = {"expires_after": 20 * DAY, "review_after": 20 * DAY}
        old = builders.listed(session, OFFER, at=began, **lasts)
        session.info.pop("due", None)
    gone = story.listed("https://wrong.test/a")
    with receiving(tmp_path, "200") as receiver:
        story.add(receiver.url)
        with story.database.transaction() as session:
            reviewing.bring_back(session, at=clock.now())
            found = session.get_one(Case, session.scalars(select(Listing.case_id).where(Listing.reference == old.listing)).one())
            given = builders.answers(builders.target(OFFER))
            builders.propose(session, found, builders.person(session), given, at=clock.now())
            builders.confirm(session, found, builders.person(session), given, at=clock.now())
        jobs.make_release()
        assert story.told(receiver) == []
        story.delist(gone)
        jobs.make_release()
        assert [[entry["target"] for entry in entries] for entries in story.told(receiver)] == [["https://wrong.test/a"]]
    with story.database.reading() as session:
        assert session.scalars(select(Listing.ended_because).where(Listing.reference == old.listing)).one() == "renewed"


@pytest.mark.long
@pytest.mark.parametrize("released_between", [True, False], ids=["in the next release", "in the same release"])
def test_what_left_and_came_back_before_it_is_told_is_no_news(story, tmp_path, released_between):
    """The list has it: whoever took the message alone for a reason to free it would free what is listed."""
    came_back, gone = story.listed(OFFER), story.listed("https://wrong.test/a")
    with receiving(tmp_path, "200") as receiver:
        story.add(receiver.url)
        story.delist(came_back)
        story.delist(gone)
        if released_between:
            jobs.make_release()
        with story.database.transaction() as session:
            again = builders.listed(session, OFFER, at=clock.now()).listing
        jobs.make_release()
        told = story.told(receiver)
    assert again != came_back
    assert [[entry["target"] for entry in entries] for entries in told] == [["https://wrong.test/a"]]


@pytest.mark.long
def test_what_came_back_and_left_again_is_told_once(story, tmp_path):
    first = story.listed(OFFER)
    with receiving(tmp_path, "200") as receiver:
        story.add(receiver.url)
        story.delist(first)
        jobs.make_release()
        with story.database.transaction() as session:
            second = builders.listed(session, OFFER, at=clock.now()).listing
        jobs.make_release()
        story.delist(second)
        jobs.make_release()
        ((entry,),) = story.told(receiver)
    assert (entry["reference"], entry["target"]) == (str(second), OFFER)


@pytest.mark.long
def test_a_listing_that_runs_out_while_its_renewal_is_proposed_is_told_and_its_renewal_lists_it_anew(story, tmp_path):
    began = clock.now() - 14 * DAY
    with story.database.transaction() as session:
        lasts = {"expires_after": 20 * DAY, "review_after": 20 * DAY}
        old = builders.listed(session, OFFER, at=began, **lasts)
        session.info.pop("due", None)
    jobs.make_release()
    with receiving(tmp_path, "200") as receiver:
        jobs.write_release()
        story.add(receiver.url)
        with story.database.transaction() as session:
            reviewing.bring_back(session, at=clock.now())
            found = session.get_one(Case, session.scalars(select(Listing.case_id).where(Listing.reference == old.listing)).one())
            given = builders.answers(builders.target(OFFER))
            builders.propose(session, found, builders.person(session), given, at=clock.now())
            publishing.expire(session, at=began + lasts["expires_after"])
        jobs.make_release()
        assert [[(entry["target"], entry["because"]) for entry in entries] for entries in story.told(receiver)] == [[(OFFER, "expired")]]
        with story.database.transaction() as session:
            found = session.get_one(Case, found.id)
            builders.confirm(session, found, builders.person(session), given, at=clock.now())
        jobs.make_release()
        assert len(story.told(receiver)) == 1
    assert OFFER in (Shelf(story.settings.data).folder(Shelf(story.settings.data).current()) / "urls.txt").read_text()
