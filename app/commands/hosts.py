"""`flask hosts`: what public lists and operators say of hosts."""

import time

import click
from flask.cli import AppGroup
from sqlalchemy import delete, func, select

from app import clock, known_hosts
from app.commands.hosts_import import import_list, told
from app.database import database, driver_of
from app.known_hosts import names
from moderation import audit, facts
from moderation.models import KnownHostRow
from moderation.vocabulary import SYSTEM

hosts = AppGroup("hosts", help="Known hosts: popular, essential, shared, protected.")
hosts.add_command(import_list)


@hosts.command("load")
@click.option("--if-missing", is_flag=True, help="Do nothing where they are loaded.")
def load(if_missing: bool) -> None:
    """Load the packaged lists and our own into the database (over two million lines, some seconds)."""
    begun = time.monotonic()
    with database().transaction() as session:
        if if_missing and known_hosts.are_loaded(session):
            click.echo("The lists of known hosts are loaded.")
            return
        lines, sources = known_hosts.packaged_hosts(), known_hosts.SOURCES
        if if_missing and facts.lists_are_loaded(session):
            # An update brought a list of our own: nobody need wait for two million lines that are here.
            lines, sources = known_hosts.own_hosts(), known_hosts.OWN_SOURCES
        loaded = known_hosts.load_known_hosts(driver_of(session), lines, sources=sources)
    click.echo(f"{loaded} lines about known hosts loaded in {time.monotonic() - begun:.0f} s.")


@hosts.command("show")
@click.argument("name")
def show(name: str) -> None:
    """Tell what every list says of NAME and of the names above it; the nearest first."""
    host = names.canonical(name)
    if host is None:
        raise click.ClickException(f"“{told(name)}” {names.NO_NAME}")
    with database().reading() as session:
        known = facts.known_hosts(session, host)
        are_loaded = facts.lists_are_loaded(session)
    for line in known:
        kind = f" as {line.protected_as}" if line.protected_as else ""
        rank = f" #{line.rank}" if line.rank else ""
        click.echo(f"{told(line.host)}\t{line.host_class}{kind}{rank}\t{told(line.source)}")
    if names.is_shared_suffix(host):
        click.echo(f"{host} is a public suffix.")
    if not known:
        click.echo(f"No list knows {host} or a name above it.")
    if not are_loaded:
        click.echo("The packaged lists are not loaded: flask hosts load", err=True)


@hosts.command("sources")
def sources() -> None:
    """List every source with the classes and the number of its lines."""
    columns = KnownHostRow.source, KnownHostRow.host_class
    with database().reading() as session:
        found = session.execute(select(*columns, func.count()).group_by(*columns).order_by(*columns)).all()
    for source, host_class, count in found:
        mark = "packaged" if source in known_hosts.SOURCES else "imported"
        click.echo(f"{count:>9}  {host_class:<14} {mark}  {told(source)}")


@hosts.command("forget")
@click.option("--source", required=True, help="Whose lines, as `flask hosts sources` names it.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def forget(source: str, yes: bool) -> None:
    """Remove every line of an imported source."""
    if source in known_hosts.SOURCES:
        raise click.ClickException("This list is packaged: it would come back with the next load, and is needed until then.")
    of_source = KnownHostRow.source == source
    with database().transaction() as session:
        count = session.scalar(select(func.count()).where(of_source)) or 0
        if not count:
            raise click.ClickException("Nothing is here from this source. `flask hosts sources` lists them.")
        if not yes:
            click.confirm(f"Remove {count} lines of “{told(source)}”?", abort=True)
        session.execute(delete(KnownHostRow).where(of_source))
        detail = {"lines": count}
        audit.record(session, actor=SYSTEM, action="known hosts forgotten", subject=f"known_hosts:{source}", at=clock.now(), detail=detail)
    click.echo(f"{count} lines of “{told(source)}” removed.")
