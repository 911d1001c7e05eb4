"""`flask partners`: let organisations send many reports, change their tokens, and stop them."""

import uuid

import click
from flask.cli import AppGroup

from app import clock, instance, secrets_shown
from app.commands.asking import says_refusals
from app.database import database
from moderation import overview, policy
from moderation import partners as verbs
from moderation.partners import Right
from moderation.vocabulary import SYSTEM

partners = AppGroup("partners", help="Organisations that send many reports.")


@partners.command("add")
@click.argument("name")
@click.option("--for", "rights", multiple=True, type=click.Choice(list(Right)), help="What the token is good for; default: all.")
@click.option("--contact", default="", help="Whom to write to about their reports.")
@says_refusals
def add(name: str, rights: tuple[str, ...], contact: str) -> None:
    """Accredit a partner and print its token, once."""
    token = secrets_shown.new()
    with database().transaction() as session:
        verbs.add_partner(
            session,
            name,
            token_digest=secrets_shown.digest(token),
            reference=uuid.uuid4(),
            rights=[Right(each) for each in rights] or list(Right),
            contact=contact,
            by=SYSTEM,
            at=clock.now(),
        )
    _show(name, token)


@partners.command("rotate")
@click.argument("name")
@says_refusals
def rotate(name: str) -> None:
    """Print a new token of a partner, once; the older ones end soon."""
    token = secrets_shown.new()
    with database().transaction() as session:
        until = verbs.rotate_token(session, name, token_digest=secrets_shown.digest(token), by=SYSTEM, at=clock.now())
    _show(name, token)
    click.echo(f"Older tokens end on {until:%Y-%m-%d %H:%M} UTC.")


@partners.command("revoke")
@click.argument("name")
@says_refusals
def revoke(name: str) -> None:
    """End every token of a partner, from its next request on."""
    with database().transaction() as session:
        ended = verbs.revoke_tokens(session, name, by=SYSTEM, at=clock.now())
    click.echo(f"{ended} tokens of {name} ended.")


@partners.command("suspend")
@click.argument("name")
@click.option("--because", required=True, help="What the partner did after the warning; they may appeal.")
@says_refusals
def suspend(name: str, because: str) -> None:
    """Take nothing but danger from a partner for a while, for misuse after a warning."""
    with database().transaction() as session:
        until = verbs.suspend(session, name, because, by=SYSTEM, at=clock.now())
    click.echo(f"Until {until:%Y-%m-%d} only reports of danger are taken from {name}.")


@partners.command("misuse")
@click.option("--days", default=policy.OVERVIEW_DAYS[-1], show_default=True, type=click.IntRange(1, 365), help="How far back to look.")
def misuse(days: int) -> None:
    """Print the partners whose reports were rejected as abusive, with the newest case of each: whom to warn, or to suspend after that."""
    now = clock.now()
    with database().reading() as session:
        found = overview.misused(session, at=now, days=days)
    for each in found:
        until = each.suspended_until
        state = f"only danger until {until:%Y-%m-%d}" if until and until > now else "not suspended"
        click.echo(f"{each.partner}: {each.cases} cases, the newest {each.newest_case} on {each.newest:%Y-%m-%d}; {state}.")
    if not found:
        click.echo("No partner's report was rejected as abusive in this time.")


def _show(name: str, token: str) -> None:
    base = instance.settings().base_url
    click.echo(f"Token of {name} (shown once, kept nowhere): {token}")
    click.echo(f"It is good for {policy.PARTNER_TOKEN_LIFETIME.days} days. How to use it: {base}/api/docs")
