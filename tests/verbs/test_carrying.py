"""What a network still carries of what left the list, told from what it last pulled and what every release changed."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from moderation import consumers, policy, publishing, reviewing
from moderation.models import ChangeLog, Consumer, ConsumerToken, Release
from moderation.vocabulary import Scope
from tests import builders
from tests.builders import NOON

MINUTE = timedelta(minutes=1)
PAGE, HOST = (Scope.PAGE, "https://example.net/ad"), (Scope.HOST, "shop.example.net")


@pytest.fixture
def network(session):
    """A network's identifier and its first token's."""
    reference = builders.consumer(session).reference
    consumer = session.scalars(select(Consumer.id).where(Consumer.reference == reference)).one()
    return consumer, session.scalars(select(ConsumerToken.id).where(ConsumerToken.consumer_id == consumer)).one()


def came_out(session, *changes):
    """A release with these changes: action, scope and target of each; returns its number."""
    number = (session.scalar(select(func.max(Release.number))) or 0) + 1
    published = NOON + number * MINUTE
    valid_until = published + policy.RELEASE_VALID
    session.add(Release(number=number, published_at=published, valid_until=valid_until, entries=0, added=0, removed=0))
    for action, (scope, target) in changes:
        told = {"kind": "url", "host": "example.net", "category": "labour", "territories": ["FR"]}
        times = {"listed_at": NOON, "expires_at": NOON + timedelta(days=90)}
        reference = uuid.uuid4().hex
        session.add(
            ChangeLog(release_number=number, action=action, listing_reference=reference, scope=scope, target=target, **told, **times)
        )
        session.flush()
    session.flush()
    return number


def still(session, network):
    carried = consumers.carried_by(session, network[0], at=NOON)
    found = consumers.still_carried(session, carried, at_desk=False)
    return {one.file: one.still for one in carried}, [one.target for one in found.entries]


def pull(session, network, file, serial, *, at=NOON):
    return consumers.note(session, network[1], file, serial, at=at)


def test_an_entry_that_left_since_the_serial_carried_is_named(session, network):
    serial = came_out(session, ("add", HOST), ("add", PAGE))
    pull(session, network, "feed.jsonl", serial)
    assert still(session, network) == ({"feed.jsonl": 0}, [])
    came_out(session, ("remove", HOST))
    assert still(session, network) == ({"feed.jsonl": 1}, ["shop.example.net"])
    came_out(session, ("remove", PAGE))
    assert still(session, network) == ({"feed.jsonl": 2}, ["https://example.net/ad", "shop.example.net"])


def test_who_takes_the_newest_release_carries_nothing_that_left(session, network):
    pull(session, network, "feed.jsonl", came_out(session, ("add", HOST)))
    pull(session, network, "feed.jsonl", came_out(session, ("remove", HOST)))
    assert still(session, network) == ({"feed.jsonl": 0}, [])


def test_a_format_that_has_no_pages_does_not_carry_one_that_left(session, network):
    serial = came_out(session, ("add", HOST), ("add", PAGE))
    for file in ("hosts.txt", "urls.txt", "changes", ""):
        pull(session, network, file, serial)
    came_out(session, ("remove", PAGE))
    assert still(session, network)[0] == {"hosts.txt": 0, "urls.txt": 1, "changes": 1, "": 0}


@pytest.mark.parametrize(
    ("since", "carries"),
    [
        ([("add", HOST)], False),
        ([("add", HOST), ("remove", HOST)], False),
        ([("remove", HOST), ("add", HOST)], False),
        ([("remove", HOST), ("add", HOST), ("remove", HOST)], True),
    ],
    ids=["it came", "it came and went", "it went and came back", "it went, came back and went"],
)
def test_what_counts_is_what_was_there_then_and_is_not_now(session, network, since, carries):
    before = [("add", HOST)] if since[0][0] == "remove" else []
    pull(session, network, "hosts.txt", came_out(session, *before))
    for change in since:
        came_out(session, change)
    assert still(session, network)[0] == {"hosts.txt": int(carries)}


@pytest.mark.parametrize("in_order", [("remove", "add"), ("add", "remove")])
def test_another_listing_of_the_same_target_in_one_release_keeps_it_on_the_list(session, network, in_order):
    pull(session, network, "hosts.txt", came_out(session, ("add", HOST)))
    came_out(session, *((action, HOST) for action in in_order))
    assert still(session, network) == ({"hosts.txt": 0}, [])


def test_how_far_behind_is_told_in_releases_and_since_when(session, network):
    serial = came_out(session)
    pull(session, network, "hosts.txt", serial)
    came_out(session)
    came_out(session)
    (one,) = consumers.carried_by(session, network[0], at=NOON)
    assert (one.behind, one.behind_since) == (2, NOON + (serial + 1) * MINUTE)


def test_a_pull_is_written_once_a_minute_and_a_new_serial_at_once(session, network):
    serial = came_out(session)
    assert pull(session, network, "hosts.txt", serial)
    assert not pull(session, network, "hosts.txt", serial, at=NOON + MINUTE / 2)
    assert pull(session, network, "hosts.txt", serial, at=NOON + MINUTE)
    assert pull(session, network, "hosts.txt", serial + 1, at=NOON + MINUTE)
    assert pull(session, network, "rpz.zone", serial, at=NOON + MINUTE)


def test_a_token_that_is_over_counts_no_more(session, network):
    pull(session, network, "hosts.txt", came_out(session, ("add", HOST)))
    came_out(session, ("remove", HOST))
    state = consumers.states(session, at=NOON)[network[0]]
    assert (state.behind, state.still) == (1, 1)
    session.get(ConsumerToken, network[1]).revoked_at = NOON
    session.flush()
    assert network[0] not in consumers.states(session, at=NOON)
    assert still(session, network)[1] == []


def test_a_page_names_no_more_than_it_can_show_and_tells_how_many_there_are(session, network, monkeypatch):
    monkeypatch.setattr(policy, "STILL_CARRIED_SHOWN", 3)
    hosts = [(Scope.HOST, f"n{number}.example.net") for number in range(5)]
    pull(session, network, "hosts.txt", came_out(session, *(("add", one) for one in hosts)))
    came_out(session, *(("remove", one) for one in hosts))
    found = consumers.still_carried(session, consumers.carried_by(session, network[0], at=NOON), at_desk=False)
    assert (found.count, len(found.entries)) == (5, 3)


def test_a_crowd_of_serials_is_counted_to_the_last_of_them(session, network):
    serials = [came_out(session, ("add", HOST))] + [came_out(session, ("add", (Scope.HOST, f"n{number}.test"))) for number in range(60)]
    came_out(session, ("remove", HOST))
    for serial in serials:
        token = ConsumerToken(consumer_id=network[0], digest=uuid.uuid4().bytes * 2, created_at=NOON)
        session.add(token)
        session.flush()
        consumers.note(session, token.id, "hosts.txt", serial, at=NOON)
    assert [one.still for one in consumers.carried_by(session, network[0], at=NOON)] == [1] * 61


def test_the_desk_names_no_address_that_was_sealed_and_the_network_what_it_has_to_take_out(session, network):
    what, dora = "https://www.files.test/x/album", builders.person(session)
    listed = builders.listed(session, what)
    publishing.release(session, at=NOON)
    pull(session, network, "feed.jsonl", publishing.newest(session).number)
    reviewing.delist(session, listed.listing, "It is passed to a hotline.", by=dora, at=NOON)
    publishing.release(session, at=NOON)
    carried = consumers.carried_by(session, network[0], at=NOON)

    def named(*, at_desk):
        return [one.target for one in consumers.still_carried(session, carried, at_desk=at_desk).entries]

    assert named(at_desk=True) == named(at_desk=False) == [what]
    again = builders.case(session, what)
    builders.sealed_away(session, again, builders.person(session))
    assert named(at_desk=False) == [what]
    assert len(named(at_desk=True)) == 1
    assert "files.test" not in named(at_desk=True)[0]
