"""`flask doctor`: what is wrong with this instance, and what to do."""

import click
from flask.cli import with_appcontext

from app import clock, instance
from app import doctor as checks
from app.database import database


@click.command("doctor")
@with_appcontext
def doctor() -> None:
    """Print each thing that is wrong, with what to do. Exit status 1 where something is."""
    with database().reading() as session:
        found = tuple(checks.examine(session, instance.settings(), clock.now()))
    for trouble in found:
        click.echo(f"{trouble.what}\n    {trouble.todo}")
    if found:
        raise click.exceptions.Exit(1)
    click.echo("Nothing is wrong.")
