"""`flask people`: add and close accounts, and the demo people's credentials."""

import secrets
import uuid

import click
from flask.cli import AppGroup

from app import clock, instance
from app.commands.asking import says_refusals
from app.database import database
from app.sign_in import credentials
from moderation import people as rules
from moderation.vocabulary import SYSTEM, Role

people = AppGroup("people", help="People who work here.")


@people.command("add")
@click.argument("email")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--name", default="", help="Shown to colleagues; default: what stands before the @.")
@click.option("--organisation", default="")
@says_refusals
def add(email: str, role: str, name: str, organisation: str) -> None:
    """Add a person and print password and one-time-code secret, once."""
    keys = instance.keys()
    password, secret = secrets.token_urlsafe(15), credentials.new_code_secret()
    new = rules.NewPerson(
        email=email,
        name=name or email.partition("@")[0],
        role=role,
        organisation=organisation,
        password_hash=credentials.hash_password(password),
        sealed_code_secret=credentials.seal_code_secret(secret, keys),
    )
    with database().transaction() as session:
        rules.add(session, new, reference=uuid.uuid4(), by=SYSTEM, at=clock.now())
    click.echo(f"{email} is here now, as {role}. Shown once:")
    click.echo(f"  password: {password}")
    click.echo(f"  one-time-code secret (for an authenticator app): {secret}")


@people.command("disable")
@click.argument("email")
@says_refusals
def disable(email: str) -> None:
    """Close an account and end all its sign-ins."""
    with database().transaction() as session:
        rules.disable(session, email, by=SYSTEM, at=clock.now())
    click.echo(f"{email} is closed; every sign-in of it has ended.")


@people.command("demo")
def demo() -> None:
    """Print how to sign in as the demo people."""
    keys = instance.keys()
    with database().reading() as session:
        found = rules.demo_people(session)
    if not found:
        click.echo("There are no demo people here.")
        return
    width = max(len(person.email) for person in found)
    click.echo(f"Password of every demo person: {credentials.demo_password(keys)}")
    click.echo(f"{'e-mail':<{width}}  {'role':<9}  one-time-code secret")
    for person in found:
        click.echo(f"{person.email:<{width}}  {person.role:<9}  {credentials.demo_code_secret(keys, person.email)}")


@people.command("code")
@click.argument("email")
@says_refusals
def code(email: str) -> None:
    """Print a demo person's one-time code of this moment."""
    with database().reading() as session:
        known = {person.email for person in rules.demo_people(session)}
    if email.lower() not in known:
        raise click.ClickException(f"{email} is no demo person; others have their code in their own authenticator app.")
    keys = instance.keys()
    click.echo(credentials.current_code(credentials.demo_code_secret(keys, email.lower()), clock.now()))
