"""`flask reports import`: reports that came as files. Each goes through the same door as one from the form."""

from pathlib import Path

import click
from flask.cli import AppGroup

from app import clock, instance, intake, offline
from app.commands import asking, partner_files
from app.commands.asking import says_refusals
from app.database import database
from app.offline import NotAnOfflineReport
from moderation import policy
from moderation.errors import Refusal

reports = AppGroup("reports", help="Reports that came as files.")


@reports.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--partner", metavar="NAME", help="The files are CSV files of this partner's reports.")
@click.option("--receipts", type=click.Path(dir_okay=False, path_type=Path), help="Where to write the result and receipt of each row.")
@click.option("--dry-run", is_flag=True, help="Say how each row would be read, and store nothing.")
@says_refusals
def import_(files: tuple[Path, ...], partner: str | None, receipts: Path | None, dry_run: bool) -> None:
    """Take in what the offline form made (.age, or .json where it could not be locked), or with --partner a CSV file.

    A file taken in twice is stored once.

    Prints each file with its receipt; exit status 1 where one could not be taken.
    """
    if partner:
        if len(files) > 1:
            raise click.UsageError("Give one CSV file at a time.")
        partner_files.take(files[0], partner, receipts=receipts, dry_run=dry_run)
        return
    if receipts or dry_run:
        raise click.UsageError("--receipts and --dry-run are for a partner's CSV file: name the partner too.")
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
    keys = instance.keys()
    found = offline.arrival(asking.beginning(file, policy.REPORT_BYTES), keys)
    with database().transaction() as session:
        return found.code, intake.take(session, found, keys, at=clock.now())
