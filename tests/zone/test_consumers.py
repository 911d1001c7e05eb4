"""Who gets the zone: networks with a living key, whole or what changed, told of each change; nobody else, from the moment a key ends."""

import select
import socket

import dns.exception
import dns.message
import dns.opcode
import dns.query
import dns.rdatatype
import dns.tsig
import dns.xfr
import pytest

from app import clock, instance, jobs, zone
from app.zone.giving import new_secret
from app.zone.primary import Primary
from moderation import publishing
from moderation.publishing import holding_back
from moderation.vocabulary import SYSTEM, Scope, TransferAlgorithm
from tests import builders
from tests.clients.resolvers import PATIENCE_SECONDS, free_port
from tests.zone.asking import REFUSED, TEST_NAMES, _named, below, takes
from tests.zone.lists import delist, list_many
from tests.zone.zones import held_by

pytestmark = pytest.mark.long


@pytest.fixture
def give(app, database):
    """Give a network a key, and have the primary take it, as the worker's job does."""

    def give(reference, **changes):
        with database.transaction() as session:
            given = zone.give_key(session, reference, instance.keys(), **{"by": SYSTEM, "at": clock.now()} | changes)
        jobs.take_keys()
        return given

    return give


@pytest.fixture
def revoke(app, database):
    def revoke(reference, name=None):
        with database.transaction() as session:
            publishing.revoke_transfer_keys(session, reference, name=name, by=SYSTEM, at=clock.now())
        jobs.take_keys()

    return revoke


@pytest.fixture
def network(database):
    with database.transaction() as session:
        return builders.consumer(session).reference


@pytest.mark.parametrize("algorithm", list(TransferAlgorithm))
def test_a_network_with_a_key_gets_the_zone_and_nobody_without(primary, publish, settings_here, network, give, algorithm):
    publish("one.example.org")
    given = give(network, algorithm=algorithm)
    assert takes(settings_here, given) == TEST_NAMES | below("one.example.org")
    assert takes(settings_here, None) == REFUSED
    foreign = zone.Given(name="flagstone-ffffffffffffffff", algorithm=algorithm, secret=given.secret, notify=())
    guessed = zone.Given(name=given.name, algorithm=algorithm, secret=new_secret(algorithm), notify=())
    assert (takes(settings_here, foreign), takes(settings_here, guessed)) == (REFUSED, REFUSED)


def test_whoever_has_a_serial_gets_what_changed_and_only_that(primary, publish, database, settings_here, network, give, monkeypatch):
    monkeypatch.setattr(holding_back, "hold_back", lambda session, **_: 0)
    # Of a zone that is shorter than the difference, BIND sends the whole.
    many = [f"host-{number}.example.org" for number in range(20)]
    with database.transaction() as session:
        builders.listed(session, "https://one.example.org/", Scope.HOST, at=clock.now())
    list_many(database, [*many, "two.example.org"])
    publish()
    given = give(network)
    publish("three.example.org")
    delist(database, "one.example.org")
    publish()
    assert takes(settings_here, given, since=1) == below("three.example.org", "one.example.org")
    assert takes(settings_here, given, since=2) == below("one.example.org")
    assert takes(settings_here, given, since=3) == set()
    assert takes(settings_here, given) == TEST_NAMES | below("two.example.org", "three.example.org", *many)


def test_a_change_that_came_as_a_file_leaves_as_a_difference_too(primary, publish, database, settings_here, network, give):
    publish("one.example.org", "two.example.org")
    given = give(network)
    delist(database, "one.example.org")
    jobs.make_release()
    jobs.write_release()
    assert zone.feed(database, settings_here, distrust=True).step is zone.Step.RESTORED
    assert takes(settings_here, given, since=1) == below("one.example.org")


def test_a_key_that_ends_opens_nothing_from_then_on_and_the_others_go_on(primary, publish, settings_here, network, give, revoke):
    publish("one.example.org")
    first, second = give(network), give(network)
    assert takes(settings_here, first) == takes(settings_here, second) != REFUSED
    revoke(network, first.name)
    assert (takes(settings_here, first), takes(settings_here, first, since=1)) == (REFUSED, REFUSED)
    assert takes(settings_here, second) == TEST_NAMES | below("one.example.org")
    revoke(network)
    assert (takes(settings_here, second), takes(settings_here, None)) == (REFUSED, REFUSED)
    # The list goes on reaching the primary.
    publish("two.example.org")
    assert held_by(settings_here)[0] == 2


def test_keys_live_and_end_while_the_primary_is_away(primary, publish, settings_here, network, give, revoke):
    publish("one.example.org")
    first = give(network)
    primary.kill()
    revoke(network, first.name)
    second = give(network)
    primary.start()
    # Nobody told it anything since.
    assert takes(settings_here, first) == REFUSED
    assert takes(settings_here, second) == TEST_NAMES | below("one.example.org")


def test_a_key_of_a_network_may_read_the_zone_and_not_write_it(primary, publish, settings_here, network, give):
    publish("one.example.org")
    given = give(network)
    as_network = Primary(settings_here, key=(given.name, given.secret, given.algorithm))
    found = as_network.soa()
    message = as_network.update(found, found, gone={"one.example.org"}, come=set())
    try:
        assert as_network.send(message) == "REFUSED"
    except zone.Trouble as trouble:
        # Knot says that for this it knows no such key.
        assert given.name in trouble.what  # noqa: PT017
    assert held_by(settings_here) == (1, {"blocktest.list.example", "one.example.org"})


def test_the_network_is_told_of_each_change_in_a_signed_message(primary, publish, settings_here, network, give):
    port = free_port()
    with socket.create_server(("127.0.0.1", port)) as calls, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as letters:
        letters.bind(("127.0.0.1", port))
        given = give(network, notify=(f"127.0.0.1@{port}",))
        publish("one.example.org")
        assert _hears(calls, letters, given) == 1
        publish("two.example.org")
        assert _hears(calls, letters, given) == 2


def _hears(calls, letters, key):
    """The serial that is told, by UDP as BIND does, or by TCP as Knot does; it is answered as a name server answers."""
    ring = {_named(key).name: _named(key)}
    ready, _, _ = select.select([calls, letters], [], [], PATIENCE_SECONDS)
    if calls in ready:
        connection, _ = calls.accept()
        with connection:
            told, _ = dns.query.receive_tcp(connection, keyring=ring)
            dns.query.send_tcp(connection, dns.message.make_response(told))
    else:
        octets, sender = letters.recvfrom(4096)
        told = dns.message.from_wire(octets, keyring=ring)
        letters.sendto(dns.message.make_response(told).to_wire(), sender)
    assert (told.opcode(), told.had_tsig) == (dns.opcode.NOTIFY, True)
    return next(record.serial for answer in told.answer for record in answer)


def test_check_names_a_key_that_the_primary_does_not_know(app, primary, publish, software, settings_here, network, give):
    publish("one.example.org")
    given = give(network)
    run = app.test_cli_runner()
    checked = run.invoke(args=["dns", "check"])
    assert (checked.exit_code, "4 records of names compared" in checked.output) == (0, True)
    file = settings_here.dns_folder / f"flagstone.{software}.conf"
    file.write_text(file.read_text().replace(given.name, "flagstone-0000000000000000"))
    zone_control(primary)
    checked = run.invoke(args=["dns", "check"])
    assert checked.exit_code == 1
    assert f"does not know the key {given.name}" in checked.output


def zone_control(primary):
    primary.control("reload" if primary.software == "knot" else "reconfig")


def test_no_secret_is_printed_logged_or_readable_by_others(app, primary, publish, software, settings_here, network, give, capsys):
    publish("one.example.org")
    given = give(network)
    run = app.test_cli_runner()
    asked = (["dns", "check"], ["dns", "configure"], ["dns", "zone"], ["doctor"])
    said = "".join(run.invoke(args=words).output for words in asked)
    primary.kill()
    jobs.take_keys()
    jobs.feed_zone()
    said += run.invoke(args=["dns", "check"]).output + run.invoke(args=["dns", "configure"]).output
    said += "".join(capsys.readouterr()) + primary.said()
    own = (settings_here.data / "keys" / "zone-update.key").read_text().strip()
    assert given.secret not in said
    assert own not in said
    files = [path for path in settings_here.data.rglob("*") if path.is_file() and not path.is_symlink()]
    holders = [path for path in files if given.secret.encode() in path.read_bytes()]
    assert [path.name for path in holders] == [f"flagstone.{software}.conf"]
    assert {path.stat().st_mode & 0o777 for path in holders} == {0o640}
    assert (settings_here.data / "keys" / "zone-update.key").stat().st_mode & 0o777 == 0o600
    assert settings_here.dns_folder.stat().st_mode & 0o7777 == 0o2770
