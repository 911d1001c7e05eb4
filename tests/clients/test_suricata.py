"""Suricata loads rules and data set from a running server, as the documentation says: it alerts on what is listed and nothing beside."""

import pytest

from tests.clients import suricata as client
from tests.clients.pages import AFTER, EXACT_NAMES, LISTED, NAMES, SURICATA, expected, freed, names_freed
from tests.clients.resolvers import program
from tests.clients.suricata import DATA_SET, RULES, greetings, questions, requests

missing = [name for name in client.NEEDS if program(name) is None]
pytestmark = pytest.mark.skipif(bool(missing), reason=f"{', '.join(missing)} not installed (Debian: {client.PACKAGE})")


@pytest.fixture(scope="module")
def sensor(network, tmp_path_factory):
    network.publish(LISTED)
    return client.prepared(network, tmp_path_factory.mktemp("suricata"))


def as_addresses(names):
    return {f"http://{name}/": verdict for name, verdict in names.items()}


@pytest.mark.long
def test_the_rules_see_questions_for_listed_names(sensor):
    assert sensor.sees(RULES, questions(NAMES)) == NAMES


def test_the_rules_see_listed_names_in_tls(sensor):
    assert sensor.sees(RULES, greetings(NAMES)) == NAMES


def test_the_rules_see_listed_addresses_in_http_and_nothing_beside_them(sensor):
    assert sensor.sees(RULES, requests(expected(SURICATA))) == expected(SURICATA)


@pytest.mark.parametrize("conversations", [questions, greetings], ids=["questions", "TLS"])
def test_the_data_set_knows_exact_names(sensor, conversations):
    assert sensor.sees(DATA_SET, conversations(EXACT_NAMES)) == EXACT_NAMES


def test_the_data_set_knows_exact_hosts_in_http(sensor):
    assert sensor.sees(DATA_SET, requests(as_addresses(EXACT_NAMES))) == as_addresses(EXACT_NAMES)


def test_what_is_delisted_is_seen_no_more_and_everything_else_still_is(sensor, network):
    network.publish(AFTER)
    sensor.reload()
    assert sensor.sees(RULES, questions(NAMES)) == names_freed(NAMES)
    assert sensor.sees(RULES, requests(expected(SURICATA))) == freed(SURICATA)
    assert sensor.sees(DATA_SET, questions(EXACT_NAMES)) == names_freed(EXACT_NAMES)
