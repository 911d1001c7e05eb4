"""One step ends all that opens the list to a network or tells it of it, and nothing of any other network."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import zone
from moderation import consumers, publishing, revoking, webhooks
from moderation.errors import NotFound
from moderation.models import AuditRecord
from moderation.revoking import Revoked
from moderation.vocabulary import SYSTEM
from tests import builders
from tests.builders import NOON

LATER = NOON + timedelta(hours=1)


class Network:
    """One that has a token, a transfer key and a webhook."""

    def __init__(self, session):
        self.session, self.token = session, uuid.uuid4().bytes * 2
        self.reference = builders.consumer(session, token=self.token).reference
        self.key = zone.give_key(session, self.reference, builders.desk_keys(), by=SYSTEM, at=NOON).name
        hook = {"sealed_secret": b"sealed", "reference": uuid.uuid4(), "at": NOON}
        webhooks.add(session, self.reference, "https://noc.net.example/hook", **hook)

    def has(self):
        """What still opens the list to it, or tells it of it."""
        self.session.expire_all()
        token = consumers.consumer_for(self.session, self.token, at=LATER) is not None
        key = self.key in {key.name for key in publishing.living_transfer_keys(self.session)}
        return token, key, len(webhooks.all_of(self.session, self.reference))

    def revoke_all(self):
        return revoking.revoke_all(self.session, self.reference, by=SYSTEM, at=LATER)


def test_all_of_a_network_ends_at_once_and_nothing_of_another(session):
    mine, theirs = Network(session), Network(session)
    assert mine.revoke_all() == Revoked(tokens=1, transfer_keys=1, webhooks=1)
    assert (mine.has(), theirs.has()) == ((False, False, 0), (True, True, 1))


def test_each_of_them_has_its_own_line_in_the_record(session):
    network = Network(session)
    network.revoke_all()
    acts = select(AuditRecord.action).where(AuditRecord.subject == f"consumer:{network.reference}", AuditRecord.at == LATER)
    assert set(session.scalars(acts)) == {"tokens revoked", "transfer keys revoked", "webhook ended"}


def test_a_second_time_there_is_nothing_left_to_end(session):
    network = Network(session)
    network.revoke_all()
    assert network.revoke_all() == Revoked(tokens=0, transfer_keys=0, webhooks=0)


def test_the_network_stays_and_can_be_invited_anew(session):
    network = Network(session)
    network.revoke_all()
    assert consumers.one(session, network.reference, at=LATER).disabled_at is None


def test_nothing_ends_for_a_network_that_there_is_not(session):
    with pytest.raises(NotFound):
        revoking.revoke_all(session, uuid.uuid4(), by=SYSTEM, at=LATER)
