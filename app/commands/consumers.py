"""`flask consumers`: let networks pull the list, and stop them."""

import hashlib
import secrets
import uuid

import click
from flask.cli import AppGroup

from app import clock, instance
from app.commands.asking import says_refusals
from app.commands.transfer_keys import key_group
from app.database import database
from app.network import sessions
from moderation import consumers as verbs
from moderation import formats, publishing
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
    chosen = () if no_addresses else addresses or (*(form.FILE_NAME for form in formats.installed()), publishing.CHANGES)
    token = secrets.token_urlsafe(32)
    with database().transaction() as session:
        publishing.add_consumer(
            session,
            name,
            token_digest=hashlib.sha256(token.encode()).digest(),
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
    invitation = sessions.new_secret()
    with database().transaction() as session:
        reference = publishing.named_consumer(session, name)
        until = verbs.invite(session, reference, digest=sessions.digest(invitation), by=SYSTEM, at=clock.now())
    click.echo(f"Invitation of {name} (works once, until {until:%Y-%m-%d %H:%M} UTC): {invitation}")
    click.echo(f"Their engineer types it at {instance.settings().base_url}/network/sign-in")


@consumers.command("revoke")
@click.argument("name")
@says_refusals
def revoke(name: str) -> None:
    """End every token of a consumer, from its next request on."""
    with database().transaction() as session:
        ended = publishing.revoke_tokens(session, name, by=SYSTEM, at=clock.now())
    click.echo(f"{ended} tokens of {name} ended.")
