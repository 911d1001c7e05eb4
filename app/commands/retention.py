"""`flask retention`: lets go of what is kept no longer, as the worker does each night."""

from datetime import timedelta

import click
from flask.cli import AppGroup

from app import clock, jobs
from app.database import database
from moderation import policy, retention
from moderation.retention import Overdue

retention_group = AppGroup("retention", help="What is kept, and for how long.")


@retention_group.command("run")
@click.option("--dry-run", is_flag=True, help="Only tell what would go.")
def run(dry_run: bool) -> None:
    """Destroy what is past its time: report texts, contacts, resource addresses. The numbers are in moderation/policy/keeping.py."""
    now = clock.now()
    with database().reading() as session:
        found = retention.overdue(session, at=now)
        decisions = retention.decisions_past_their_time(session, at=now)
    for line in _table(found):
        click.echo(line)
    click.echo(
        f"Decisions and lines of the record older than {_days(policy.DECISIONS_KEPT)}: {decisions}."
        " They are written once, and this version deletes none of them."
    )
    if dry_run:
        click.echo("Nothing was destroyed.")
        return
    jobs.let_go()
    click.echo(f"{sum(one.count for one in found)} destroyed or erased.")


def _table(found: tuple[Overdue, ...]) -> list[str]:
    rows = [("what", "kept", "overdue", "why"), *((one.name, _days(one.kept), str(one.count), one.why) for one in found)]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return ["  ".join([*(row[column].ljust(widths[column]) for column in range(3)), row[3]]) for row in rows]


def _days(duration: timedelta) -> str:
    return f"{duration // timedelta(days=1)} days"
