"""Transfer keys: given once, sealed apart, ended for good; and nothing typed reaches a name server's configuration unread."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app import keys as instance_keys
from app import sealing, zone
from app.database import EXTENSION
from moderation import due, policy, publishing, rewrapping
from moderation.errors import InvalidAnswer, NotFound
from moderation.models import AuditRecord, Consumer, ConsumerTransferKey, TransferSecret
from moderation.vocabulary import SYSTEM, TransferAlgorithm
from tests import builders
from tests.builders import NOON


def consumer(session):
    return builders.consumer(session).reference


def give(session, reference, **changes):
    return zone.give_key(session, reference, builders.desk_keys(), **{"by": SYSTEM, "at": NOON} | changes)


def end(session, reference, name=None):
    return publishing.revoke_transfer_keys(session, reference, name=name, by=SYSTEM, at=NOON + timedelta(hours=1))


def living(session):
    return {key.name for key in publishing.living_transfer_keys(session)}


def test_the_name_server_gets_the_secret_that_was_shown(session):
    given = give(session, consumer(session), notify=("192.0.2.53@53",))
    (key,) = publishing.living_transfer_keys(session)
    assert (key.name, key.algorithm, key.notify) == (given.name, TransferAlgorithm.HMAC_SHA256, ("192.0.2.53@53",))
    assert sealing.open_at_desk(key.wrapped, builders.desk_keys()).decode() == given.secret


def test_the_secret_lies_in_no_table_in_the_clear_nor_in_the_record_nor_in_what_is_printed(session):
    given = give(session, consumer(session))
    session.flush()
    held = [session.execute(select(table.__table__)).all() for table in (Consumer, ConsumerTransferKey, TransferSecret, AuditRecord)]
    assert given.secret not in repr(held) + repr(given) + repr(publishing.living_transfer_keys(session))
    assert session.scalar(text("SELECT count(*) FROM sealed_keys.transfer_secret")) == 1


def test_a_revoked_key_is_gone_with_its_secret_and_the_others_stay(session):
    reference = consumer(session)
    first, second = give(session, reference), give(session, reference)
    assert end(session, reference, first.name) == 1
    assert living(session) == {second.name}
    assert sorted(row.wrapped is None for row in session.scalars(select(TransferSecret))) == [False, True]
    with pytest.raises(NotFound):
        end(session, reference, first.name)


def test_nobody_ends_the_key_of_another_network(session):
    mine, theirs = consumer(session), consumer(session)
    given = give(session, theirs)
    with pytest.raises(NotFound):
        end(session, mine, given.name)
    assert (end(session, mine), living(session)) == (0, {given.name})


def test_all_keys_of_a_network_end_at_once_and_whoever_changed_them_asks_the_name_server_to_follow(session):
    reference = consumer(session)
    give(session, reference)
    give(session, reference)
    assert session.info.pop("due") == [due.TRANSFER_KEYS] * 2
    assert (end(session, reference), living(session)) == (2, set())
    assert session.info.pop("due") == [due.TRANSFER_KEYS]


def test_a_network_that_may_pull_no_more_has_no_key_that_opens(session):
    reference = consumer(session)
    give(session, reference)
    session.scalars(select(Consumer)).one().disabled_at = NOON
    session.flush()
    assert living(session) == set()
    with pytest.raises(NotFound):
        give(session, reference)


def test_a_network_has_only_so_many_keys(session):
    reference = consumer(session)
    for _ in range(policy.TRANSFER_KEYS_MOST):
        last = give(session, reference)
    with pytest.raises(InvalidAnswer):
        give(session, reference)
    end(session, reference, last.name)
    assert give(session, reference).name != last.name


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", ()),
        ("192.0.2.53", ("192.0.2.53@53",)),
        ("192.0.2.53@5353, 2001:DB8:0::53", ("192.0.2.53@5353", "2001:db8::53@53")),
        ("192.0.2.53 192.0.2.53@53", ("192.0.2.53@53",)),
    ],
)
def test_addresses_to_notify_are_taken_as_people_type_them(typed, meant):
    assert publishing.notify_addresses(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        *("ns.example.org", "192.0.2.53@0", "192.0.2.53@65536", "192.0.2.53@+53", "192.0.2.53@٥٣", "192.0.2.53@53@53"),
        *("192.0.2.53;", '192.0.2.53"', "fe80::1%eth0", "2001:db8::1%};", "192.0.2.0/24", "192.0.2.53]\nacl[x].action", "{}"),
        *("127.0.0.1", "0.0.0.0", "224.0.0.1", "::1", "::ffff:127.0.0.1", "169.254.169.254", "255.255.255.255"),
        *("10.0.0.1@6379", "172.31.0.1", "192.168.1.1", "100.64.0.1", "fd00::1"),
        " ".join(f"192.0.2.{number}" for number in range(9)),
    ],
)
def test_what_is_no_address_of_a_name_server_out_there_is_refused_beside_its_field(typed):
    with pytest.raises(InvalidAnswer) as refused:
        publishing.notify_addresses(typed)
    assert list(refused.value.faults) == ["notify"]


def test_the_operator_may_name_the_machine_itself_and_what_stands_beside_it():
    for told in ("127.0.0.1@5353", "10.0.0.1@53"):
        assert publishing.notify_addresses(told, anywhere=True) == (told,)


@pytest.mark.parametrize("change", [{"name": "a;b"}, {"name": "a]b"}, {"name": ""}, {"notify": ['1"; };']}, {"algorithm": "hmac-md5"}])
def test_the_database_itself_takes_nothing_that_a_configuration_could_read_otherwise(session, change):
    reference = consumer(session)
    row = session.scalars(select(Consumer).where(Consumer.reference == reference)).one()
    fields = {"name": "flagstone-1", "algorithm": "hmac-sha256", "notify": []} | change
    session.add(ConsumerTransferKey(consumer_id=row.id, created_at=NOON, **fields))
    with pytest.raises(IntegrityError):
        session.flush()


def test_the_secrets_move_to_the_desks_new_key_with_the_others(session):
    given = give(session, consumer(session))
    old, new = builders.desk_keys(), instance_keys.Keys(**{**_fields(builders.desk_keys()), **_another_desk()})
    assert rewrapping.left(session, new.desk_key) == 1
    held, place = replace(new, former_identities=(old.desk_identity,)), (0, 0)
    while place[0] < len(rewrapping.TABLES):
        place, _done, shut = rewrapping.rewrap(session, new.desk_key, lambda one: sealing.rewrap(one, held), after=place)
        assert shut == 0
    (key,) = publishing.living_transfer_keys(session)
    assert sealing.open_at_desk(key.wrapped, new).decode() == given.secret


def _fields(held):
    return {name: getattr(held, name) for name in ("secret", "desk_recipient", "desk_identity", "former_identities")}


def _another_desk():
    from pyrage import x25519

    identity = str(x25519.Identity.generate())
    return {"desk_identity": identity, "desk_recipient": instance_keys.recipient_of(identity), "former_identities": ()}


def test_by_command_a_key_is_given_shown_and_ended(app):
    run = app.test_cli_runner()
    run.invoke(args=["consumers", "add", "North Net"])
    said = run.invoke(args=["consumers", "key", "add", "North Net", "--notify", "127.0.0.1@5353"]).output
    words = said.split()
    name, secret = words[words.index("name") + 1], words[words.index("secret") + 1]
    shown = run.invoke(args=["consumers", "key", "list", "North Net"]).output
    assert name in shown
    assert "127.0.0.1@5353" in shown
    assert secret not in shown
    assert run.invoke(args=["consumers", "key", "revoke", "North Net", name]).output.startswith("1 transfer keys of North Net ended.")
    assert "revoked" in run.invoke(args=["consumers", "key", "list", "North Net"]).output
    with app.extensions[EXTENSION].reading() as session:
        assert living(session) == set()
    for wrong in (["add", "Nobody"], ["revoke", "North Net", name], ["add", "North Net", "--notify", "x"]):
        assert run.invoke(args=["consumers", "key", *wrong]).exit_code == 1
