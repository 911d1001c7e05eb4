"""Partners: who may send many reports, for how long, and what their word changes: the place in the queue, never the proof."""

import hashlib
from datetime import timedelta

import pytest

from moderation import partners, policy
from moderation.errors import AlreadyExists, InvalidAnswer, KeyReused, NotFound
from moderation.vocabulary import SYSTEM, Category
from tests import builders
from tests.builders import NOON

HOUR = timedelta(hours=1)


def digest(token):
    return hashlib.sha256(token.encode()).digest()


def holder(session, token, at=NOON):
    return partners.partner_for(session, digest(token), at=at)


def test_a_token_finds_its_partner(session):
    added = builders.partner(session, "Hotline", token="one")
    assert holder(session, "one") == added


def test_an_unknown_token_finds_nobody(session):
    assert holder(session, "guessed") is None


def test_a_token_ends_by_itself(session):
    builders.partner(session, token="one")
    assert holder(session, "one", NOON + policy.PARTNER_TOKEN_LIFETIME - HOUR)
    assert holder(session, "one", NOON + policy.PARTNER_TOKEN_LIFETIME) is None


def test_a_revoked_token_ends_at_once(session):
    builders.partner(session, "Hotline", token="one")
    assert partners.revoke_tokens(session, "Hotline", by=SYSTEM, at=NOON) == 1
    assert holder(session, "one") is None


def test_an_older_token_outlives_the_new_one_by_the_overlap_alone(session):
    builders.partner(session, "Hotline", token="old")
    until = partners.rotate_token(session, "Hotline", token_digest=digest("new"), by=SYSTEM, at=NOON)
    assert until == NOON + policy.PARTNER_TOKEN_OVERLAP
    assert holder(session, "old", until - HOUR)
    assert holder(session, "old", until) is None
    assert holder(session, "new", until)


def test_rotating_never_makes_an_older_token_live_longer(session):
    builders.partner(session, "Hotline", token="old")
    end = NOON + policy.PARTNER_TOKEN_LIFETIME
    partners.rotate_token(session, "Hotline", token_digest=digest("new"), by=SYSTEM, at=end - HOUR)
    assert holder(session, "old", end) is None


def test_two_partners_cannot_share_a_name(session):
    builders.partner(session, "Hotline")
    with pytest.raises(AlreadyExists):
        builders.partner(session, "Hotline")


def test_a_partner_needs_a_name(session):
    with pytest.raises(InvalidAnswer):
        builders.partner(session, "  ")


def test_who_is_no_partner_has_nothing_to_revoke(session):
    with pytest.raises(NotFound):
        partners.revoke_tokens(session, "Nobody", by=SYSTEM, at=NOON)


def test_misuse_suspends_for_a_while(session):
    builders.partner(session, "Hotline", token="one")
    until = partners.suspend(session, "Hotline", "Sent the same lawful site each day after a warning.", by=SYSTEM, at=NOON)
    suspended = holder(session, "one")
    assert suspended.is_suspended(until - HOUR)
    assert not suspended.is_suspended(until)


def test_a_suspension_needs_its_reason(session):
    builders.partner(session, "Hotline")
    with pytest.raises(InvalidAnswer):
        partners.suspend(session, "Hotline", "because", by=SYSTEM, at=NOON)


def test_a_case_of_a_partner_stands_before_one_of_the_same_kind(session):
    partner = builders.partner(session)
    told, other = builders.case(session, "https://a.test/", partner_id=partner.id), builders.case(session, "https://b.test/")
    assert told.priority - other.priority == policy.PRIORITY_PARTNER


def test_a_partner_never_comes_before_danger(session):
    partner = builders.partner(session)
    told = builders.case(session, "https://a.test/", partner_id=partner.id, category=Category.CHILD)
    assert told.priority < builders.case(session, "https://b.test/", danger_now=True).priority


def test_a_partner_raises_a_case_once(session):
    partner = builders.partner(session)
    before = builders.case(session).priority
    builders.report(session, partner_id=partner.id)
    builders.report(session, partner_id=partner.id)
    found = builders.case(session)
    session.refresh(found)
    assert (found.priority - before, found.from_partner) == (policy.PRIORITY_PARTNER, True)


def test_a_request_is_first_once(session):
    asked = [partners.is_first(session, b"k" * 32, b"b" * 32, kept_until=NOON) for _ in range(2)]
    assert asked == [True, False]


def test_another_request_under_the_same_key_is_refused(session):
    partners.is_first(session, b"k" * 32, b"b" * 32, kept_until=NOON)
    with pytest.raises(KeyReused):
        partners.is_first(session, b"k" * 32, b"c" * 32, kept_until=NOON)


def test_a_key_is_forgotten_when_its_time_is_over(session):
    partners.is_first(session, b"k" * 32, b"b" * 32, kept_until=NOON)
    assert partners.forget_old(session, at=NOON) == 1
    assert partners.is_first(session, b"k" * 32, b"c" * 32, kept_until=NOON)
