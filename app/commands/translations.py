"""`flask translations`: keep every language's catalogue true to the source. docs/translating.md tells how to use it."""

import click
from babel import Locale, UnknownLocaleError
from flask.cli import AppGroup

from app import catalogues, languages

translations = AppGroup("translations", help="The catalogues of translations.")


@translations.command("update")
@click.argument("codes", nargs=-1)
def update(codes: tuple[str, ...]) -> None:
    """Bring catalogues up to date with the source: all that there are, or those of CODES, which are begun where they are missing."""
    source = catalogues.gathered()
    for code in _chosen(codes):
        waiting = catalogues.update(code, languages.CATALOGUES, source)
        click.echo(f"{catalogues.file_of(code, languages.CATALOGUES)}: {waiting} sentences wait for a translation.")


@translations.command("check")
@click.argument("codes", nargs=-1)
def check(codes: tuple[str, ...]) -> None:
    """Name everything that is missing or wrong in catalogues. Exit status 1 where there is something."""
    source = catalogues.gathered()
    found = [fault for code in _chosen(codes) for fault in catalogues.faults(code, languages.CATALOGUES, source, complete=True)]
    for fault in found:
        click.echo(fault)
    if found:
        raise click.ClickException(f"{len(found)} faults.")
    click.echo("Every catalogue has all that the public reads.")
    for code in _chosen(codes):
        waiting = catalogues.waiting_at_the_desk(code, languages.CATALOGUES, source)
        if waiting:
            click.echo(f"{code}: {waiting} sentences of the desk are still shown in English.")


def _chosen(codes: tuple[str, ...]) -> tuple[str, ...]:
    for code in codes:
        try:
            Locale.parse(code)
        except (UnknownLocaleError, ValueError) as fault:
            raise click.ClickException(f"{code} is no language that the locale data knows; write fr, or pt_BR.") from fault
    return codes or catalogues.present(languages.CATALOGUES)
