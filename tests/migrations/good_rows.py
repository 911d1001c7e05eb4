"""A good row in each table that has a constraint, and a listing of each scope."""

import uuid
from datetime import timedelta

from sqlalchemy import func, select

from moderation import audit, consumers, growth, partners, publishing, queue, reviewing
from moderation.models import (
    AddressKey,
    Consumer,
    ConsumerApplication,
    ConsumerKey,
    ConsumerPull,
    ConsumerSignIn,
    ConsumerToken,
    EmergencyDelisting,
    FalsePositive,
    HeldEntry,
    KnownHostRow,
    Listing,
    ReferralRow,
    Webhook,
    WebhookDelivery,
)
from moderation.vocabulary import (
    SYSTEM,
    ChildMaterial,
    EmergencyReason,
    HeldBecause,
    KeyKind,
    ReferralKind,
    Role,
    Scope,
    TakeoverReason,
    TransferAlgorithm,
)
from tests import builders
from tests.builders import NOON


def tell(session):
    for number, scope in enumerate(Scope):
        builders.listed(session, f"https://www.jobs{number}.test/offer/7", scope)
    waiting, moderator = builders.case(session, "https://waiting.test/"), builders.person(session)
    reviewing.record_notice(session, waiting.reference, "the host", "ticket 7", NOON, by=moderator, at=NOON)
    reviewing.write_note(session, waiting.reference, "The host answers by telephone.", by=moderator, at=NOON)
    builders.propose(session, builders.case(session), moderator)
    builders.conversation(session)
    taken = builders.claimed(session, builders.case(session, "https://taken.test/"), moderator)
    queue.take_over(session, taken.reference, TakeoverReason.AWAY, by=builders.person(session, Role.SENIOR), at=NOON)
    reviewing.say_child_material(session, waiting.reference, ChildMaterial.NO, by=moderator, at=NOON)
    session.add(
        ReferralRow(
            reference=uuid.uuid4(),
            case_id=waiting.id,
            kind=ReferralKind.POLICE,
            recipient="the police",
            country="FR",
            passed_on="the address",
            referred_at=NOON,
            recorded_at=NOON,
            recorded_by=moderator.person_id,
        )
    )
    session.add(
        EmergencyDelisting(
            listing_id=session.scalars(select(Listing.id).limit(1)).one(),
            reason=EmergencyReason.WRONG_TARGET,
            delisted_by=moderator.person_id,
            delisted_at=NOON,
            review_due_at=NOON + timedelta(days=2),
        )
    )
    session.add(AddressKey(resource_id=1, wrapped=b"wrapped"))
    session.add(KnownHostRow(host="known.test", host_class="bank", source="a list", rank=1))
    isp = consumers.add_consumer(session, "ISP", token_digest=b"d" * 32, reference=uuid.uuid4(), address_formats=(), by=SYSTEM, at=NOON)
    key = {"name": "flagstone-1", "algorithm": TransferAlgorithm.HMAC_SHA256, "wrapped": b"wrapped", "desk_key": "desk"}
    publishing.add_transfer_key(session, isp.reference, **key, by=SYSTEM, at=NOON)
    networks(session, moderator)
    partner = builders.partner(session)
    partners.is_first(session, b"k" * 32, b"b" * 32, kept_until=NOON)
    partners.keep(session, partner, ticket_digest=b"t" * 32, sealed=b"rows", rows=7, reference=uuid.uuid4(), at=NOON)
    permission = uuid.uuid4()
    growth.ask(session, "Forty pages are ready.", 40, reference=permission, by=builders.person(session, Role.SENIOR), at=NOON)
    growth.agree(session, permission, by=builders.person(session, Role.ADMIN), at=NOON)
    publishing.release(session, at=NOON)
    held_back(session)
    audit.seal(session, at=NOON)
    session.flush()


def networks(session, admin):
    """What hangs on a consumer: two applications, an invitation and a key, a sign-in, and what it pulled."""
    consumer, token = session.scalars(select(Consumer.id)).one(), session.scalars(select(ConsumerToken.id)).one()
    texts = ("organisation", "contact_name", "contact_email", "territory", "software", "purpose")
    asked = {**dict.fromkeys(texts, "typed"), "formats": [], "created_at": NOON}
    decided = {"outcome": "declined", "reason": "Nobody knows them.", "decided_at": NOON, "decided_by_id": admin.person_id}
    session.add_all(ConsumerApplication(reference=uuid.uuid4(), **asked, **more) for more in ({}, decided))
    until = NOON + timedelta(days=7)
    session.add(ConsumerKey(consumer_id=consumer, digest=b"i" * 32, kind=KeyKind.INVITATION, created_at=NOON, expires_at=until))
    session.add(ConsumerKey(consumer_id=consumer, digest=b"k" * 32, kind=KeyKind.KEY, created_at=NOON))
    session.add(ConsumerSignIn(consumer_id=consumer, token_digest=b"s" * 32, created_at=NOON, seen_at=NOON, ends_at=until))
    session.add(ConsumerPull(token_id=token, file="hosts.txt", serial=1, pulled_at=NOON))
    listing = session.scalars(select(func.min(Listing.id))).one()
    told = {"consumer_id": consumer, "listing_id": listing, "why": "It is a hospital.", "asked_at": NOON, "review_due_at": until}
    session.add(FalsePositive(reference=uuid.uuid4(), **told))
    hook = Webhook(reference=uuid.uuid4(), consumer_id=consumer, url="https://a.test/", sealed_secret=b"s", told_up_to=0, created_at=NOON)
    session.add(hook)
    session.flush()
    session.add(WebhookDelivery(reference=uuid.uuid4(), webhook_id=hook.id, since=0, serial=1, made_at=NOON, next_at=NOON))
    session.flush()


def held_back(session):
    """One entry that two people let go, and one that may never go out."""
    one, other = (builders.person(session, Role.SENIOR) for _ in range(2))
    first, second = session.scalars(select(Listing.id).order_by(Listing.id).limit(2))
    keys = {"first_id": one.person_id, "first_at": NOON, "why": "Looked at.", "second_id": other.person_id, "let_go_at": NOON}
    session.add(HeldEntry(listing_id=first, because=HeldBecause.GROWTH, reason="Too fast", held_at=NOON, **keys))
    session.add(HeldEntry(listing_id=second, because=HeldBecause.UNFIT, reason="No name", held_at=NOON))
    session.flush()
