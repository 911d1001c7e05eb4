"""`flask publish`, `flask list export`, `flask worker`: the list, from here."""

import sys

import click
from flask import current_app
from flask.cli import AppGroup

from app import clock, instance, jobs, release
from app.commands.asking import says_refusals
from app.database import database
from moderation import policy, publishing

list_group = AppGroup("list", help="The list as it is published.")


@click.command("publish")
@click.option("--to", "url", metavar="URL", help="Put the current release into an object store, too: s3://bucket/prefix or file:///folder.")
@click.option("--above", type=click.IntRange(min=1), metavar="SERIAL", help="Make releases, without a change too, until one is above it.")
@says_refusals
def publish(url: str | None, above: int | None) -> None:
    """Make a release of what changed, and write it.

    Where an older database came back, --above brings the list past what networks carry: they take no lower serial.
    """
    if above is not None and _is_ahead(above):
        jobs.overtake(above)
    with database().transaction() as session:
        number = publishing.release(session, list_name=instance.settings().list_name, at=clock.now())
    jobs.write_release()
    if number is None:
        click.echo("Nothing changed since the newest release.")
    click.echo(f"Release {release.current_number(current_app.extensions['settings'])} is the current one.")
    if url:
        _store(url)


def _is_ahead(above: int) -> bool:
    """Whether the list has not passed this serial. A slip of the finger must not use serials up: nobody can take one back."""
    with database().reading() as session:
        newest = publishing.newest(session)
    missing = above - (newest.number if newest else 0)
    if missing > policy.SERIALS_AHEAD_MOST:
        raise click.ClickException(
            f"That is more than {policy.SERIALS_AHEAD_MOST} releases ahead. Give the serial that flask doctor names."
        )
    return missing >= 0


def _store(url: str) -> None:
    try:
        stored = release.store_current(instance.settings(), url, at=clock.now())
    except release.StoreError as fault:
        raise click.ClickException(str(fault)) from fault
    click.echo(
        f"Release {stored.serial} is at {url}: {stored.put} objects put, {stored.there} there already, {stored.removed} old ones removed."
    )
    if stored.changes_since is not None:
        click.echo(f"What changed since release {stored.changes_since} is there too.")


@list_group.command("export")
@click.option("--format", "file_name", required=True, metavar="FILE", help="One of docs/formats.md: rpz.zone, urls.txt ...")
@says_refusals
def export(file_name: str) -> None:
    """Write the current release in one format to standard output."""
    release.export(instance.settings(), file_name, sys.stdout.buffer)


@click.command("worker")
def worker() -> None:
    """Run jobs until told to stop."""
    jobs.work(current_app._get_current_object())  # type: ignore[attr-defined]
