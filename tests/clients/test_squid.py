"""Squid loads both lists from a running server, as the documentation says: what is listed is denied, and nothing beside it."""

import pytest

from tests.clients import squid as client
from tests.clients.pages import AFTER, BLOCKED, LISTED, NAMES, PASSES, SQUID, expected, freed, names_freed
from tests.clients.resolvers import program
from tests.clients.starting import comes_to
from tests.clients.web import through_proxy, through_tunnel, web_server

missing = [name for name in client.NEEDS if program(name) is None]
pytestmark = pytest.mark.skipif(bool(missing), reason=f"{', '.join(missing)} not installed (Debian: apt install {client.PACKAGE})")


@pytest.fixture(scope="module")
def behind():
    with web_server() as port:
        yield port


@pytest.fixture(scope="module")
def squid(network, behind):
    network.publish(LISTED)
    with client.started(network, behind) as found:
        yield found


def test_what_is_listed_is_denied_and_nothing_beside_it(squid):
    assert {address: through_proxy(squid.port, address) for address in expected(SQUID)} == expected(SQUID)


def test_a_tunnel_to_a_listed_name_is_denied_and_to_the_host_of_a_page_opened(squid, behind):
    assert {name: through_tunnel(squid.port, f"{name}:{behind}") for name in NAMES} == NAMES


def test_squid_reads_both_lists_without_one_warning(squid):
    said = squid.parsed().lower()
    assert "squid-urls.txt" in said
    assert [line for line in said.splitlines() if any(word in line for word in ("warning", "error", "fatal"))] == []


def test_what_is_delisted_is_let_through_again_and_nothing_else(squid, network, behind):
    network.publish(AFTER)
    squid.reload()
    assert comes_to(lambda: through_proxy(squid.port, "http://shop.example.net/"), PASSES) == PASSES, squid.said()
    assert {address: through_proxy(squid.port, address) for address in expected(SQUID)} == freed(SQUID)
    assert {name: through_tunnel(squid.port, f"{name}:{behind}") for name in NAMES} == names_freed(NAMES)


def test_a_page_that_is_listed_anew_is_denied(squid, network):
    address = "http://page.example.net/Ad?id=7&b=2"
    network.publish(AFTER)
    squid.reload()
    assert comes_to(lambda: through_proxy(squid.port, address), PASSES) == PASSES, squid.said()
    network.publish(LISTED)
    squid.reload()
    assert comes_to(lambda: through_proxy(squid.port, address), BLOCKED) == BLOCKED, squid.said()
