"""The part of `flask reports import` that takes in a partner's CSV file. The same file twice is stored once."""

from pathlib import Path

import click

from app import batches, instance, limits, spreadsheets, uploads
from app.batches import Sender
from app.commands import asking
from app.database import database
from moderation import partners, policy
from moderation.vocabulary import Channel


def take(file: Path, name: str, *, receipts: Path | None, dry_run: bool) -> None:
    """Take in a partner's file, or say how each row would be read.

    Raises:
        NotFound: there is no such partner.
    """
    keys, content = instance.keys(), asking.beginning(file, policy.UPLOAD_BYTES)
    try:
        sheet = spreadsheets.read(content)
    except spreadsheets.Unreadable as fault:
        raise click.ClickException(str(fault)) from None
    with database().reading() as session:
        partner = partners.named_partner(session, name)
    if dry_run:
        reads = batches.read_all(sheet.given, keys, None)
    else:
        lane = limits.lane_for(Channel.IMPORT, who=str(partner.reference), reports=len(sheet.rows))
        reads = uploads.import_at_once(sheet, content, Sender(lane=lane, language="en", partner=partner), keys)
    for (number, _given), each in zip(sheet.rows, reads, strict=True):
        for problem in spreadsheets.faults(each):
            click.echo(f"Row {number}: {problem}", err=True)
    if receipts and not dry_run:
        receipts.write_text(spreadsheets.results(sheet, reads), encoding="utf-8", newline="")
    good = sum(1 for each in reads if not each.faults)
    click.echo(f"{good} of {len(reads)} rows {'can be' if dry_run else 'were'} stored.")
