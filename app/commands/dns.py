"""`flask dns`: the list as a zone at the hidden primary (docs/zone-transfer.md)."""

from collections.abc import Callable
from functools import wraps

import click
from flask.cli import AppGroup

from app import clock, instance, jobs, zone
from app.commands.asking import Params, Result, says_refusals
from app.database import database
from config import CHECKOUT
from moderation import publishing

dns = AppGroup("dns", help="The list as a zone that networks transfer (docs/zone-transfer.md).")

EXAMPLES = {"knot": "knot.conf", "bind": "named.conf"}
"""The name server's own part of its configuration, which the operator has."""


def _needs_primary(command: Callable[Params, Result]) -> Callable[Params, Result]:
    @wraps(command)
    def run(*args: Params.args, **kwargs: Params.kwargs) -> Result:
        if not instance.settings().dns_primary:
            raise click.ClickException("There is no primary. Set FLAGSTONE_DNS_PRIMARY (docs/zone-transfer.md); without it all else works.")
        try:
            return command(*args, **kwargs)
        except zone.Trouble as trouble:
            raise click.ClickException(f"{trouble.what}\n    {trouble.todo}") from trouble

    return run


@dns.command("check")
@_needs_primary
def check() -> None:
    """Compare the zone at the primary with the release: serial, every name, and each transfer key. Exit status 1 where one is wrong."""
    settings, keys = instance.settings(), instance.keys()
    count = 0
    with database().reading() as session:
        found = list(zone.glance(settings, publishing.newest(session), at=clock.now()))
        if not found:
            count, differing = zone.content(settings)
            found = [*differing, *zone.unknown_keys(session, settings, keys)]
        found += zone.keys_untaken(session, settings, keys)
    for trouble in dict.fromkeys((one.what, one.todo) for one in found):
        click.echo("{}\n    {}".format(*trouble))
    if found:
        raise click.exceptions.Exit(1)
    click.echo(f"The zone {zone.zone_name(settings)} at {settings.dns_primary} is as it should be: {count} records of names compared.")


@dns.command("configure")
@click.option("--taken", is_flag=True, help="The primary has what was written last: where no program tells it, you did.")
@_needs_primary
def configure(taken: bool) -> None:
    """Write our part of the primary's configuration, have it taken, and show what the primary's own part needs. Prints no secret."""
    settings = instance.settings()
    with database().reading() as session:
        file = zone.put(settings, zone.wanted_text(session, settings, instance.keys()))
    click.echo(f"# Our part is in {file}: keys, who may transfer, the zone.")
    click.echo(f"# The rest is yours. This is deploy/dns/{EXAMPLES[settings.dns_software]}, filled in:\n")
    click.echo(filled_in(EXAMPLES[settings.dns_software]))
    if taken:
        zone.note_taken(settings)
    elif settings.dns_control:
        zone.take_keys(database(), settings, instance.keys())


@dns.command("zone")
@_needs_primary
@says_refusals
def show_zone() -> None:
    """Print the current release as the primary's zone file."""
    with database().reading() as session:
        newest = publishing.newest(session)
    try:
        for line in zone.zone_lines(instance.settings(), newest.number if newest else 0):
            click.echo(line)
    except FileNotFoundError as fault:
        raise click.ClickException("The newest release is not on the disk yet. Run flask publish.") from fault


@dns.command("repair")
@_needs_primary
def repair() -> None:
    """Put the whole zone at the primary anew, by a further release, and have the keys taken."""
    zone.take_keys(database(), instance.settings(), instance.keys())
    jobs.write_release()
    fed = jobs.restore_zone()
    if fed.step is not zone.Step.RESTORED:
        raise click.ClickException("A worker is at it right now. Run flask dns check in a minute.")
    click.echo(f"The zone at the primary is at release {fed.serial}.")


def filled_in(name: str) -> str:
    """A file of deploy/dns with this instance's folder and port in it."""
    settings = instance.settings()
    text = (CHECKOUT / "deploy" / "dns" / name).read_text(encoding="utf-8")
    address, _, port = settings.dns_primary.rpartition("@")
    blanks = {"<folder>": str(settings.dns_folder), "<address>": address, "<port>": port}
    for blank, word in blanks.items():
        text = text.replace(blank, word)
    return text
