"""Every resolver that loads the list from a running server, as the documentation says: what is listed fails, and nothing beside it."""

import pytest

from moderation import policy
from tests.clients import bind, dnsmasq, knot_resolver, powerdns, unbound
from tests.clients.names import HOSTS_FILE, LISTED, ONION, PROBES, UNASKED, expected
from tests.clients.network import LIST_NAME
from tests.clients.resolvers import BLOCKED, RESOLVES, program
from tests.clients.upstream import ADDRESSES, upstream
from tests.release.builders import host

CLIENTS = (
    unbound.ByAddress,
    unbound.ByFile,
    unbound.ByTransfer,
    bind.ByFile,
    bind.ByTransfer,
    knot_resolver.ByFile,
    knot_resolver.ByTransfer,
    powerdns.ByFile,
    powerdns.ByTransfer,
    dnsmasq.ByServersFile,
    dnsmasq.ByHostsFile,
)
FREED = "shop.example.net"


@pytest.fixture(scope="module", params=CLIENTS, ids=lambda client: client.TITLE)
def client(request):
    """One kind of client."""
    missing = [name for name in request.param.NEEDS if program(name) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed (Debian: apt install {request.param.PACKAGE})")
    return request.param


@pytest.fixture(scope="module")
def above():
    """The name server that resolvers ask for what they do not block."""
    with upstream() as found:
        yield found


@pytest.fixture(scope="module")
def resolver(client, network, above, tmp_path_factory):
    """The client, started fresh, with the list loaded."""
    network.publish(LISTED)
    with client.started(network, above, tmp_path_factory.mktemp("client")) as found:
        # One that fetches by itself answers before it has the list.
        assert found.comes_to(f"blocktest.{LIST_NAME}", BLOCKED), found.said()
        yield found


def test_what_is_listed_fails_and_nothing_beside_it(client, resolver):
    assert {probe.name: resolver.asks(probe.name) for probe in PROBES} == expected(client.KIND)


def test_a_listed_name_fails_for_every_type_of_record_that_the_file_can_speak_of(client, resolver):
    seen = {rdtype: (resolver.asks(FREED, rdtype), resolver.asks("www.example.net", rdtype)) for rdtype in ADDRESSES}
    of_addresses = dict.fromkeys(("A", "AAAA"), (BLOCKED, RESOLVES))
    others = dict.fromkeys(("TXT", "MX", "HTTPS"), (RESOLVES if client.KIND is HOSTS_FILE else BLOCKED, RESOLVES))
    assert seen == of_addresses | others


def test_a_signed_name_fails_too_where_signatures_are_asked_for(client, resolver):
    seen = {name: resolver.asks(name, signed=True) for name in (FREED, "www.example.net")}
    assert seen == {FREED: BLOCKED, "www.example.net": RESOLVES}


def test_nobody_keeps_the_answer_for_long_after_the_name_is_freed(client, resolver):
    assert resolver.may_be_kept(FREED) <= policy.ZONE_TTL_SECONDS


def test_nobody_is_asked_for_a_listed_name(client, resolver, above):
    above.asked.clear()
    assert (resolver.asks(UNASKED), resolver.asks("beside.never-asked-before.org")) == (BLOCKED, RESOLVES)
    assert above.names == {"beside.never-asked-before.org"}


def test_nobody_is_asked_for_an_onion_service(client, resolver, above):
    above.asked.clear()
    assert {resolver.asks(ONION), resolver.asks(f"www.{ONION}")} == {BLOCKED}
    assert above.names == set()


@pytest.mark.long
def test_what_is_delisted_resolves_again_and_nothing_else_does(client, resolver, network):
    network.publish([entry for entry in LISTED if entry.target != FREED])
    resolver.reload()
    assert resolver.comes_to(FREED, RESOLVES), resolver.said()
    freed = {FREED, "SHOP.Example.NET", f"{FREED}.", f"www.{FREED}", f"*.{FREED}"}
    seen = {probe.name: resolver.asks(probe.name) for probe in PROBES}
    assert seen == expected(client.KIND) | dict.fromkeys(freed, RESOLVES)


@pytest.mark.long
def test_what_is_listed_anew_fails_although_it_was_looked_up_before(client, resolver, network):
    new = "new.example.net"
    assert resolver.asks(new) == RESOLVES
    network.publish([*LISTED, host(new)])
    resolver.reload()
    assert resolver.comes_to(new, BLOCKED), resolver.said()
