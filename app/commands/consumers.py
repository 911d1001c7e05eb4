"""`flask consumers`: let networks pull the list, and stop them."""

import uuid

import click
from flask.cli import AppGroup

from app import clock, instance, secrets_shown
from app.commands.asking import says_refusals
from app.commands.transfer_keys import key_group, tell_primary
from app.database import database
from moderation import consumers as verbs
from moderation import revoking
from moderation.vocabulary import SYSTEM

consumers = AppGroup("consumers", help="Networks that pull the list.")
consumers.add_command(key_group)


@consumers.command("add")
@click.argument("name")
@click.option("--address", "addresses", multiple=True, metavar="FORMAT", help="A format (or changes) to fetch by address; default: all.")
@click.option("--no-addresses", is_flag=True, help="Headers only.")
@click.option("--contact", default="", help="Whom to write to about a wrong entry.")
@says_refusals
def add(name: str, addresses: tuple[str, ...], no_addresses: bool, contact: str) -> None:
    """Add a consumer and print its token, once."""
    chosen = () if no_addresses else addresses or verbs.choices()
    token = secrets_shown.new()
    with database().transaction() as session:
        verbs.add_consumer(
            session,
            name,
            token_digest=secrets_shown.digest(token),
            reference=uuid.uuid4(),
            address_formats=chosen,
            contact=contact,
            by=SYSTEM,
            at=clock.now(),
        )
    base = instance.settings().base_url
    click.echo(f"Token of {name} (shown once, kept nowhere): {token}")
    click.echo(f'Send it as "Authorization: Bearer <token>" to {base}/feed/v1/')
    if chosen:
        click.echo("For software that sends no headers:")
    for file_name in chosen:
        click.echo(f"  {base}/feed/v1/t/{token}/{file_name}")


@consumers.command("invite")
@click.argument("name")
@says_refusals
def invite(name: str) -> None:
    """Print an invitation to a consumer's own pages, once; for a first engineer, or in place of a key that was lost."""
    invitation = secrets_shown.new()
    with database().transaction() as session:
        reference = verbs.consumer_called(session, name)
        until = verbs.invite(session, reference, digest=secrets_shown.digest(invitation), by=SYSTEM, at=clock.now())
    click.echo(f"Invitation of {name} (works once, until {until:%Y-%m-%d %H:%M} UTC): {invitation}")
    click.echo(f"Their engineer types it at {instance.settings().base_url}/network/sign-in")


@consumers.command("revoke")
@click.argument("name")
@says_refusals
def revoke(name: str) -> None:
    """End every token, transfer key and webhook of a consumer, from its next request on, as the button at the desk does."""
    with database().transaction() as session:
        ended = revoking.revoke_all(session, verbs.consumer_called(session, name), by=SYSTEM, at=clock.now())
    if ended.transfer_keys:
        tell_primary()
    click.echo(f"{ended.tokens} tokens of {name} ended.")
    click.echo(f"{ended.transfer_keys} transfer keys ended, {ended.webhooks} webhooks removed.")


@consumers.command("list")
@says_refusals
def show() -> None:
    """Every consumer with its state: tokens that are good, the last pull, the serial that it carries."""
    now = clock.now()
    with database().reading() as session:
        found, states = verbs.everyone(session, at=now), verbs.states(session, at=now)
    for one in found:
        state = states.get(one.id)
        pulled = f"pulled {state.pulled_at:%Y-%m-%d %H:%M} UTC, serial {state.serial}, {state.behind} behind" if state else "never pulled"
        closed = f"closed since {one.disabled_at:%Y-%m-%d}, " if one.disabled_at else ""
        click.echo(f"{one.name}: {closed}{one.tokens} tokens, {pulled}")
    if not found:
        click.echo("No network has the list yet.")
