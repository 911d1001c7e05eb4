"""`flask seed`: demo people and cases, load, and files of listings. Refused in production."""

from io import TextIOWrapper

import click
from flask.cli import with_appcontext

from app import clock, demo, instance, known_hosts
from app.commands.asking import says_refusals
from app.database import database, driver_of
from app.demo.filling import fill
from app.demo.taking_through import Taken, allow, take_through
from moderation import facts, publishing
from moderation.errors import Refusal


@click.command("seed")
@click.option("--demo", "with_demo", is_flag=True, help="Demo people, and about 60 cases in every state.")
@click.option("--people", "people_only", is_flag=True, help="Demo people alone.")
@click.option("--cases", "case_count", type=click.IntRange(min=0), default=0, help="Made-up waiting cases with a report each, for load.")
@click.option(
    "--entries", "entry_count", type=click.IntRange(min=0), default=0, help="Made-up living listings, half names and half pages, for load."
)
@click.option(
    "--listings",
    # One line in another encoding must not cost the others.
    type=click.File("r", encoding="utf-8-sig", errors="replace"),
    help="Lines `scope<TAB>resource` (- for standard input), each taken through every seat, safeguards included.",
)
@with_appcontext
@says_refusals
def seed(with_demo: bool, people_only: bool, case_count: int, entry_count: int, listings: TextIOWrapper | None) -> None:
    """Fill the database for a demonstration, or for load. Refused in production.

    --demo and --listings act through the same verbs as people do, with every safeguard. --cases and --entries go past them,
    with rows that keep every constraint but that nobody decided: no seats behind them, one sealed text for all, and one line in the
    audit record. They are added in batches; a run that is stopped leaves the batches before.
    """
    if instance.settings().is_production:
        raise click.ClickException(
            "This is production: nothing invented may stand among real cases. Use another database, with FLAGSTONE_ENV=demo."
        )
    if with_demo:
        _demo()
    elif people_only or listings or case_count or entry_count:
        _people()
    if case_count or entry_count:
        fill(database(), instance.keys(), cases=case_count, entries=entry_count, at=clock.now())
        click.echo(f"{case_count} cases and {entry_count} listings added. `flask publish` brings the listings out.")
    if listings:
        _listings(listings)


def _people() -> None:
    with database().transaction() as session:
        if not demo.are_here(session):
            demo.add_people(session, instance.keys(), at=clock.now())
            click.echo("Demo people are here.")


def _demo() -> None:
    # One transaction: a seed that is killed leaves nothing, and the next run begins again.
    with database().transaction() as session:
        if demo.are_here(session):
            click.echo("The demo people are here already; nothing was added.")
            return
        if not facts.lists_are_loaded(session):
            # Without them no whole name is listed, and some stories end with one.
            click.echo("Loading the lists of known hosts first ...")
            known_hosts.load_known_hosts(driver_of(session), known_hosts.packaged_hosts(), sources=known_hosts.SOURCES)
        at = clock.now()
        demo.add_people(session, instance.keys(), at=at)
        cases = demo.play(session, instance.keys(), at=at)
    click.echo(f"Demo people and {cases} cases are here.")


def _listings(lines: TextIOWrapper) -> None:
    """Each line by itself: what is wrong with one is told and costs no other."""
    listed = refused = 0
    texts = [text for line in lines if (text := line.strip("\r\n")).strip() and not text.startswith("#")]
    _allow(len(texts))
    for text in texts:
        taken = _take(text)
        listed, refused = listed + taken.listed, refused + (not taken.listed)
        click.echo(f"{'listed ' if taken.listed else 'refused'} {text}  ({taken.text})")
    with database().transaction() as session:
        number = publishing.release(session, list_name=instance.settings().list_name, at=clock.now())
    click.echo(
        f"{listed} listed, {refused} refused."
        + (f" Release {number} holds them; the worker or `flask publish` writes it." if number else "")
    )


def _allow(lines: int) -> None:
    with database().transaction() as session:
        allowed = allow(session, lines, at=clock.now())
    if allowed:
        click.echo(f"More than a day's growth: two demo people allow {allowed} listings in a day, until tomorrow (RS12).")


def _take(line: str) -> Taken:
    keys = instance.keys()
    try:
        with database().transaction() as session:
            return take_through(session, keys, line, at=clock.now())
    except Refusal as refusal:
        return Taken(False, str(refusal))
