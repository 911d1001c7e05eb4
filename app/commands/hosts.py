"""`flask hosts`: what public lists say of hosts."""

from typing import Any, cast

import click
from flask.cli import AppGroup
from psycopg import Connection
from sqlalchemy import select

from app import known_hosts
from app.database import database
from moderation.models import KnownHostRow

hosts = AppGroup("hosts", help="Known hosts: popular, essential, shared, protected.")


@hosts.command("load")
@click.option("--if-missing", is_flag=True, help="Do nothing where any are loaded.")
def load(if_missing: bool) -> None:
    """Load the packaged lists and our own never-list into the database (over a million lines, some seconds)."""
    with database().transaction() as session:
        if if_missing and session.scalar(select(KnownHostRow.host).where(KnownHostRow.source.in_(known_hosts.SOURCES)).limit(1)):
            click.echo("The lists of known hosts are loaded.")
            return
        driver = cast("Connection[Any]", session.connection().connection.driver_connection)
        loaded = known_hosts.load_known_hosts(driver, known_hosts.packaged_hosts(), sources=known_hosts.SOURCES)
    click.echo(f"{loaded} lines about known hosts loaded.")
