"""`flask hosts import`: shows what a file would change, asks, and writes all of it or nothing."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from app import clock, known_hosts
from app.database import database, driver_of
from app.known_hosts.imported import CITIZEN_LAB, HostList, LeftOut, Line
from app.known_hosts.records import NotAList
from app.known_hosts.staging import Change, Difference, Staging
from moderation import audit
from moderation.vocabulary import SYSTEM

SHOWN = 20
EACH = 2_000
"""Lines between two steps of the progress bar."""
SOURCE_LONGEST = 100
OF_OTHERS = "is a page of a platform where many others write: it tells nothing of the whole host."


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", help="What moderators read as the list's name; default: the file's name.")
@click.option("--replace", is_flag=True, help="Remove hosts that this source named before and the file does not.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.option(
    "--left-out", "left_out", type=click.File("w", encoding="utf-8", lazy=True), help="Write every line left out to this CSV file."
)
@with_appcontext
def import_list(file: Path, source: str | None, replace: bool, yes: bool, left_out: TextIO | None) -> None:
    """Take in FILE: CSV with host,class (and protected_as, rank), or Citizen Lab's test lists as they are.

    Shows what would be added, changed, removed and left out, and asks before it writes. One transaction: all of it or nothing.
    """
    try:
        found = HostList.of(file)
        with database().transaction() as session:
            _import(session, found, _Reading(file, found, left_out), source=source, replace=replace, yes=yes)
    except NotAList as fault:
        raise click.ClickException(str(fault)) from None


class _Reading:
    """Hands the good lines on, with a bar, and keeps the first of those left out."""

    def __init__(self, file: Path, found: HostList, left_out: TextIO | None) -> None:
        self.file, self.count = file, 0
        self._found, self._first = found, list[LeftOut]()
        self._written = csv.writer(left_out) if left_out else None

    def lines(self) -> Iterator[Line]:
        records = self._found.records
        with click.progressbar(length=records.size, label=f"Reading {told(self.file.name)}") as bar:
            for number, said in enumerate(self._found.lines()):
                if number % EACH == 0:
                    bar.update(records.position - bar.pos)
                if isinstance(said, Line):
                    yield said
                else:
                    self.leave_out(said)
            bar.update(records.size - bar.pos)

    def leave_out(self, said: LeftOut) -> None:
        self.count += 1
        if self._written:
            self._written.writerow((said.number, said.text, said.why))
        if len(self._first) < SHOWN:
            self._first.append(said)

    def tell(self) -> None:
        if self.count:
            click.echo(f"{self.count} lines left out:")
        for each in self._first:
            click.echo(f"  line {each.number}: “{told(each.text)}” {each.why}")
        if self.count > len(self._first):
            click.echo(f"  and {self.count - len(self._first)} more; --left-out FILE writes them all.")


def _import(session: Session, found: HostList, reading: _Reading, *, source: str | None, replace: bool, yes: bool) -> None:
    given = source or reading.file.stem
    staging = Staging(driver_of(session), given)
    staging.take(reading.lines())
    if source is None and found.layout == CITIZEN_LAB:
        given = f"{CITIZEN_LAB} {given}"
        staging = Staging(driver_of(session), given)
    _refuse_a_packaged_name(given)
    for number, host in staging.of_others():
        reading.leave_out(LeftOut(number, host, OF_OTHERS))
    difference = staging.compare(replace=replace)
    _preview(found, reading, staging, given)
    _tell(difference)
    if difference.is_empty:
        click.echo("Nothing changed.")
        return
    if not yes and not _is_confirmed():
        click.echo("Nothing was written. Answer y, or run it again with --yes, to write it.")
        return
    click.echo("Writing ...")
    written = staging.write(replace=replace)
    _record(session, found, reading, written, source=given, replace=replace)
    click.echo(
        f"{written.added} hosts added, {written.changed} changed, {written.removed} removed; the source names {written.hosts} in this file."
    )


def _refuse_a_packaged_name(source: str) -> None:
    if source in known_hosts.SOURCES:
        raise click.ClickException("A packaged list has this name, and its next load would remove your lines. Choose another --source.")
    if not source.isprintable() or len(source) > SOURCE_LONGEST:
        raise click.ClickException(
            f"Moderators read the name of the source: at most {SOURCE_LONGEST} letters on one line. Choose another --source."
        )


def _preview(found: HostList, reading: _Reading, staging: Staging, source: str) -> None:
    click.echo(f"{found.read} lines read ({found.layout}), as source “{told(source)}”.")
    for words, count in staging.classes():
        click.echo(f"  {count:>9}  {words}")
    if found.passed_over:
        codes = ", ".join(f"{code} {count}" for code, count in sorted(found.passed_over.items()))
        click.echo(f"{found.passed_over.total()} lines passed over, whose code tells nothing of protection: {codes}.")
    reading.tell()


def _tell(difference: Difference) -> None:
    click.echo(
        f"Against what this source said before: {difference.added} hosts new, {difference.changed} otherwise, {difference.removed} gone."
    )
    for change in difference.first:
        click.echo(f"  {_sign(change)} {told(change.host)}: {' -> '.join(words for words in (change.was, change.is_now) if words)}")
    more = difference.added + difference.changed + difference.removed - len(difference.first)
    if more:
        click.echo(f"  and {more} more")


def _sign(change: Change) -> str:
    if change.was is None:
        return "+"
    return "-" if change.is_now is None else "~"


def _is_confirmed() -> bool:
    try:
        return click.confirm("Write this?")
    except click.Abort:
        click.echo()
        return False


def _record(session: Session, found: HostList, reading: _Reading, written: Difference, *, source: str, replace: bool) -> None:
    detail = {
        "file": reading.file.name,
        "lines": found.read,
        "passed_over": found.passed_over.total(),
        "left_out": reading.count,
        "added": written.added,
        "changed": written.changed,
        "removed": written.removed,
        "replace": replace,
    }
    audit.record(session, actor=SYSTEM, action="known hosts imported", subject=f"known_hosts:{source}", at=clock.now(), detail=detail)


def told(text: str) -> str:
    """Text from a file as a terminal may show it: one line, and nothing that moves the cursor."""
    return "".join(letter if letter.isprintable() else "�" for letter in text[:100])
