"""`flask reports import`: reports that came as files. Each goes through the same door as one from the form."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from app import clock, intake, offline
from app.database import database
from app.offline import NotAnOfflineReport
from moderation.errors import Refusal

reports = AppGroup("reports", help="Reports that came as files.")


@reports.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(files: tuple[Path, ...]) -> None:
    """Take in what the offline form made (.age, or .json where it could not be locked). A file taken in twice is one report.

    Prints each file with its receipt; exit status 1 where one could not be taken.
    """
    refused = 0
    for file in files:
        try:
            code, is_new = _take(file)
        except (Refusal, NotAnOfflineReport) as refusal:
            refused += 1
            click.echo(f"{file}: not taken. {refusal}", err=True)
        else:
            click.echo(f"{file}: {'taken' if is_new else 'here already'}, receipt {code}")
    if refused:
        raise click.ClickException(f"{refused} of {len(files)} files were not taken.")


def _take(file: Path) -> tuple[str, bool]:
    keys = current_app.extensions["keys"]
    found = offline.arrival(file.read_bytes(), keys)
    with database().transaction() as session:
        return found.code, intake.take(session, found, keys, at=clock.now())
