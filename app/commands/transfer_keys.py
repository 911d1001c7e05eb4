"""`flask consumers key`: keys by which networks take the list as a zone."""

import click
from flask.cli import AppGroup

from app import clock, instance, zone
from app.commands.asking import says_refusals
from app.database import database
from moderation import consumers, publishing
from moderation.vocabulary import SYSTEM, TransferAlgorithm

key_group = AppGroup("key", help="Keys for zone transfer (docs/zone-transfer.md).")


@key_group.command("add")
@click.argument("name")
@click.option("--notify", default="", metavar="ADDRESSES", help="Whom to tell of each new serial: 192.0.2.53, or 192.0.2.53@5353.")
@click.option("--algorithm", type=click.Choice([one.value for one in TransferAlgorithm]), default=TransferAlgorithm.HMAC_SHA256.value)
@says_refusals
def add(name: str, notify: str, algorithm: str) -> None:
    """Give the consumer NAME a key for zone transfer, and print it, once."""
    with database().transaction() as session:
        given = zone.give_key(
            session,
            consumers.consumer_called(session, name),
            instance.keys(),
            algorithm=TransferAlgorithm(algorithm),
            notify=publishing.notify_addresses(notify, anywhere=True),
            by=SYSTEM,
            at=clock.now(),
        )
    tell_primary()
    click.echo(f"Transfer key of {name} (its secret is shown once):")
    click.echo(f"  name       {given.name}\n  algorithm  {given.algorithm}\n  secret     {given.secret}")
    click.echo(f"  zone       {zone.zone_name(instance.settings())}")


@key_group.command("list")
@click.argument("name")
@says_refusals
def show(name: str) -> None:
    """The consumer's keys, without their secrets."""
    with database().reading() as session:
        found = publishing.transfer_keys_of(session, consumers.consumer_called(session, name))
    for key in found:
        ended = f", revoked {key.revoked_at:%Y-%m-%d %H:%M} UTC" if key.revoked_at else ""
        told = f", notifies {' '.join(key.notify)}" if key.notify else ""
        click.echo(f"{key.name}  {key.algorithm}, given {key.created_at:%Y-%m-%d %H:%M} UTC{told}{ended}")


@key_group.command("revoke")
@click.argument("name")
@click.argument("key", required=False)
@says_refusals
def revoke(name: str, key: str | None) -> None:
    """End the key KEY of the consumer NAME, or all of its keys, and destroy the secrets."""
    with database().transaction() as session:
        consumer = consumers.consumer_called(session, name)
        ended = publishing.revoke_transfer_keys(session, consumer, name=key, by=SYSTEM, at=clock.now())
    tell_primary()
    click.echo(f"{ended} transfer keys of {name} ended.")


def tell_primary() -> None:
    """At once, and not only by the worker's job: who ends a key wants to know whether it opens anything now."""
    try:
        zone.take_keys(database(), instance.settings(), instance.keys())
    except zone.Trouble as trouble:
        click.echo(f"The primary was not told yet; the worker goes on trying. {trouble.what} {trouble.todo}", err=True)
