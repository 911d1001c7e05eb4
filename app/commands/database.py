"""`flask db`: bring the database to the newest schema."""

import click
from flask.cli import AppGroup

from app import schema
from app.database import database

db = AppGroup("db", help="The database's schema.")


@db.command("upgrade")
def upgrade() -> None:
    """Migrate to the newest schema; does nothing where it is there."""
    schema.upgrade(database().url)
    click.echo(f"The database is at revision {schema.head()}.")
