"""`flask audit`: seal and verify the record."""

import click
from flask.cli import AppGroup

from app import clock
from app.database import database
from moderation import audit as record

audit = AppGroup("audit", help="The write-once audit record.")


@audit.command("verify")
def verify() -> None:
    """Seal what is not sealed yet, then recompute every seal. Exit status 1 where anything is not as it was written."""
    with database().transaction() as session:
        fresh = record.seal_everything(session, at=clock.now())
    with database().snapshot() as connection, database().sessions(bind=connection) as session:
        found = record.verify(session)
    click.echo(f"{found.rows} rows under {found.seals} seals, {fresh} sealed just now. Newest seal: {found.newest.hex()}")
    if found.unsealed:
        click.echo(f"{found.unsealed} rows are not sealed yet: they were written while this ran.")
    for fault in found.faults:
        click.echo(f"FAULT: {fault}", err=True)
    if found.faults:
        raise click.ClickException(f"The record is not as it was written: {len(found.faults)} faults. Keep a copy of it.")
    click.echo("The record is as it was written.")
