"""Too much at once: reports take the slower lane and are never refused; other doors ask to wait, in plain words. Nobody else notices."""

from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_address

import pytest

from app import create_app, limits
from moderation import policy
from moderation.vocabulary import Budget, Channel, Lane, RateLimit
from tests import builders
from tests.web.floods import CAFE, HOME, asked
from tests.web.reporters import Reporter, stored, words

pytestmark = pytest.mark.usefixtures("one_window")


@pytest.fixture
def app(tmp_path, database_url):
    """An application behind a proxy that tells it who asks."""
    settings = builders.settings(tmp_path, behind_proxy=True, client_header="X-Real-IP")
    made = create_app(settings, database_url=database_url)
    yield made
    made.extensions["flagstone_database"].engine.dispose()


@pytest.fixture
def few(monkeypatch):
    """Small numbers, so that little is sent."""
    monkeypatch.setattr(policy, "REPORTS_EACH", Budget(3, timedelta(hours=1)))
    monkeypatch.setattr(policy, "REPORTS_BY_CHANNEL", dict.fromkeys(Channel, Budget(6, timedelta(hours=1))))


def lane(app, channel=Channel.FORM, *, client=HOME, host="flag.example", **how):
    headers = {"X-Real-IP": client} if client else {}
    with app.test_request_context("/", headers=headers, base_url=f"http://{host}"):
        return limits.lane_for(channel, **how)


def lanes(app, count, channel=Channel.FORM, **how):
    return [lane(app, channel, **how) for _ in range(count)]


def test_one_address_over_its_budget_takes_the_slower_lane(app, few):
    assert lanes(app, 5) == [Lane.STANDARD] * 3 + [Lane.SLOW] * 2


def test_another_address_does_not_notice(app, few):
    lanes(app, 5)
    assert lane(app, client=CAFE) == Lane.STANDARD


def test_a_flood_through_one_channel_slows_no_other(app, few):
    flood = [lane(app, Channel.API, client=str(ip_address("198.18.0.0") + number)) for number in range(10)]
    assert flood[6:] == [Lane.SLOW] * 4
    assert lane(app, Channel.FORM, client=CAFE) == Lane.STANDARD


def test_a_flood_through_every_channel_meets_the_budget_of_all(app, monkeypatch):
    monkeypatch.setattr(policy, "REPORTS_TOGETHER", Budget(2, timedelta(hours=1)))
    assert [lane(app, channel, client="") for channel in (Channel.FORM, Channel.API, Channel.ONION)][2] == Lane.SLOW


def test_one_home_is_counted_once_whatever_ipv6_address_it_takes(app, few):
    assert [lane(app, client=f"2001:db8:1:2::{number:x}") for number in range(1, 5)][3] == Lane.SLOW
    assert lane(app, client="2001:db8:1:3::1") == Lane.STANDARD


def test_an_address_written_as_ipv6_is_the_same(app, few):
    lanes(app, 3)
    assert lane(app, client=f"::ffff:{HOME}") == Lane.SLOW


def test_what_a_client_writes_before_the_proxy_does_not_make_it_another(app, few):
    assert [lane(app, client=f"192.0.2.{number}, {HOME}") for number in range(4)][3] == Lane.SLOW


@pytest.mark.parametrize("client", ["", "unknown", "127.0.0.1", "::1"])
def test_people_whose_address_is_not_known_are_not_counted_as_one(app, few, client):
    assert lanes(app, 5, client=client) == [Lane.STANDARD] * 5


def test_people_over_tor_are_not_counted_as_one(app, few):
    assert lanes(app, 5, Channel.ONION, client="10.0.0.5", host="flagexample.onion") == [Lane.STANDARD] * 5


def test_an_address_of_the_open_net_is_counted_under_any_host_name(app, few):
    assert lanes(app, 4, Channel.ONION, host="flagexample.onion")[3] == Lane.SLOW


def test_a_partner_is_counted_by_name_and_a_batch_by_its_reports(app, monkeypatch):
    monkeypatch.setattr(policy, "PARTNER_REPORTS_EACH", Budget(1_000, timedelta(hours=1)))
    assert lane(app, Channel.PARTNER, who="partner 1", reports=1_000) == Lane.STANDARD
    assert lane(app, Channel.PARTNER, who="partner 1") == Lane.SLOW
    assert lane(app, Channel.PARTNER, who="partner 2") == Lane.STANDARD


def test_work_that_was_done_keeps_the_standard_lane(app, few):
    lanes(app, 3)
    assert lane(app, proof=lambda: True) == Lane.STANDARD
    assert lane(app, proof=lambda: False) == Lane.SLOW


def test_nobody_looks_at_work_while_there_is_room(app, few):
    assert lane(app, proof=lambda: pytest.fail("looked")) == Lane.STANDARD


def test_without_a_header_to_trust_nobody_writes_his_own_address(app, few):
    app.extensions["settings"] = replace(app.extensions["settings"], client_header="")
    with app.test_request_context("/", headers={"X-Real-IP": HOME}, environ_base={"REMOTE_ADDR": CAFE}):
        assert limits._client() == ip_address(CAFE).packed


SMALL = Budget(2, timedelta(minutes=10))
DOORS = {
    "/en/check": ("CHECKS", {"address": "example.org"}, 200),
    "/en/status": ("RECEIPT_TRIES", {"code": "AAAA-BBBB"}, 422),
}


@pytest.mark.long
@pytest.mark.parametrize("door", DOORS)
def test_a_door_asks_to_wait_in_plain_words_and_says_how_long(app, door):
    number, form, status = DOORS[door]
    client = app.test_client()
    limit = getattr(policy, number).each.limit
    asked = [client.post(door, data=form, headers={"X-Real-IP": HOME}) for _ in range(limit + 1)]
    assert [answer.status_code for answer in asked] == [status] * limit + [429]
    assert "Wait ten minutes, then try again." in words(asked[-1])
    assert 1 <= int(asked[-1].headers["Retry-After"]) <= 600


def test_no_door_asks_for_a_longer_wait_than_its_page_says():
    doors = [number for number in vars(policy).values() if isinstance(number, RateLimit)]
    assert doors
    assert {budget.per for door in doors for budget in (door.each, door.together)} == {timedelta(minutes=10)}


@pytest.mark.long
@pytest.mark.parametrize("door", DOORS)
def test_who_has_to_wait_can_still_open_the_page(app, door):
    number, form, _ = DOORS[door]
    client = app.test_client()
    for _ in range(getattr(policy, number).each.limit + 1):
        client.post(door, data=form, headers={"X-Real-IP": HOME})
    assert client.get(door, headers={"X-Real-IP": HOME}).status_code == 200


def test_all_together_meet_a_limit_too(app):
    door = RateLimit(name="test", each=Budget(100, timedelta(minutes=10)), together=SMALL)
    asked = []
    for client in (HOME, CAFE, "192.0.2.1"):
        with app.test_request_context("/", headers={"X-Real-IP": client}):
            asked.append(limits.within(door))
    assert asked == [True, True, False]


WIDE = {
    "a site's /48": ([f"2001:db8:7:{number:x}::1" for number in range(40)], 1 / 4),
    "a provider's /32": ([f"2001:db8:{number:x}::1" for number in range(40)], 1 / 2),
    "a /24": ([f"192.88.100.{number}" for number in range(40)], 1 / 4),
    "a /16": ([f"192.88.{number}.7" for number in range(40)], 1 / 2),
}


@pytest.mark.parametrize("network", WIDE)
def test_one_network_with_all_its_addresses_closes_no_door_for_the_others(app, network):
    clients, share = WIDE[network]
    door = RateLimit(name="wide", each=SMALL, together=Budget(40, timedelta(minutes=10)))
    assert asked(app, door, clients) == [True] * int(40 * share) + [False] * int(40 * (1 - share))
    assert asked(app, door, [CAFE, "2a02:db9::1", "198.51.100.4"]) == [True] * 3
    assert asked(app, door, ["2001:db9::1", "192.89.0.1"]) == [True] * 2


def test_a_network_may_use_no_less_than_one_of_its_clients(app):
    door = RateLimit(name="narrow", each=Budget(4, timedelta(minutes=10)), together=Budget(8, timedelta(minutes=10)))
    assert asked(app, door, [HOME] * 5) == [True] * 4 + [False]


def test_what_a_network_is_refused_uses_up_nothing_of_what_its_provider_and_all_have(app):
    door = RateLimit(name="refused", each=SMALL, together=Budget(40, timedelta(minutes=10)))
    asked(app, door, WIDE["a site's /48"][0])
    assert asked(app, door, [f"2001:db8:9:{number:x}::1" for number in range(12)]) == [True] * 10 + [False] * 2
    assert asked(app, door, [f"{number}.20.0.9" for number in range(1, 21)]) == [True] * 20


@pytest.mark.parametrize("who", ["", "one network"], ids=["an address", "a network by name"])
def test_what_one_is_refused_uses_up_nothing_of_what_all_have(app, who):
    door = RateLimit(name=f"greedy {who}", each=SMALL, together=Budget(5, timedelta(minutes=10)))
    with app.test_request_context("/", headers={"X-Real-IP": HOME}):
        assert [limits.within(door, who=who) for _ in range(20)] == [True] * 2 + [False] * 18
    with app.test_request_context("/", headers={"X-Real-IP": CAFE}):
        assert limits.within(door, who=who and "another network")


def test_a_flood_over_tor_closes_no_door_for_those_who_come_without_it(app):
    door = RateLimit(name="tor", each=SMALL, together=SMALL)
    for _ in range(4):
        with app.test_request_context("/", headers={"X-Real-IP": "127.0.0.1"}, base_url="http://flagexample.onion"):
            limits.within(door)
    with app.test_request_context("/", headers={"X-Real-IP": HOME}):
        assert limits.within(door)


def test_doors_are_counted_apart(app):
    with app.test_request_context("/", headers={"X-Real-IP": HOME}):
        assert limits.within(RateLimit(name="one", each=Budget(1, timedelta(minutes=10)), together=SMALL))
        assert limits.within(RateLimit(name="other", each=Budget(1, timedelta(minutes=10)), together=SMALL))


def test_a_report_over_every_budget_is_kept_and_gets_its_receipt(app, few):
    reporter = Reporter(app)
    answers = [reporter.send(f"https://jobs.test/{number}") for number in range(8)]
    assert {answer.status_code for answer in answers} == {200}
    assert [report.lane for report in stored(app)] == [Lane.STANDARD] * 6 + [Lane.SLOW] * 2


def windows():
    doors = [number for number in vars(policy).values() if isinstance(number, RateLimit)]
    budgets = [number for number in vars(policy).values() if isinstance(number, Budget)]
    return [*budgets, *policy.REPORTS_BY_CHANNEL.values(), *(budget for door in doors for budget in (door.each, door.together))]


def test_no_window_reaches_over_the_hour_in_which_all_is_forgotten():
    assert [budget for budget in windows() if timedelta(hours=1) % budget.per] == []


def test_every_channel_has_a_budget():
    assert set(policy.REPORTS_BY_CHANNEL) == set(Channel)
