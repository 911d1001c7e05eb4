"""`flask hotlines`: which numbers of the help page someone should read again. Asks no network."""

import click
from flask.cli import AppGroup

from app import clock
from app.hotlines import Hotline, hotlines

hotlines_group = AppGroup("hotlines", help="Numbers that the help page shows.")


@hotlines_group.command("check")
@click.pass_context
def check(context: click.Context) -> None:
    """List every line, the longest unread first, and end with 1 where one is due to be read again."""
    today = clock.now().date()
    entries = sorted(hotlines().entries, key=lambda entry: (entry.read_on, entry.country))
    for entry in entries:
        warning = "HIDDEN  " if not entry.is_fresh(today) else "DUE     " if entry.is_due(today) else "        "
        click.echo(f"{warning}{entry.read_on:%Y-%m-%d}  {_words(entry)}")
    due = sum(entry.is_due(today) for entry in entries)
    click.echo(f"{len(entries)} lines in {len({entry.country for entry in entries})} countries; {due} to read again (docs/hotlines.md).")
    if due:
        context.exit(1)


def _words(entry: Hotline) -> str:
    purposes = "+".join(entry.purposes)
    return f"{entry.country}  {purposes}  {entry.number or entry.web}  {entry.source}"
