"""What goes to the primary: the change of a few names as one update, or the whole zone as a file. Sends nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson

from app.release import index
from app.release.deltas import Deltas
from app.release.folding import Line, fold
from app.release.shelf import Shelf
from app.zone import plain_files
from app.zone.naming import Mark, soa, zone_name
from config import Settings
from moderation import policy
from moderation.formats import ZONE_FILE, has_room
from moderation.vocabulary import Scope

OCTETS_AT_ONCE = 16 << 20
"""Changes longer than this are not read at all †: they would never fit into one update."""

SOA_LINE = "@ IN SOA "
WIDE = frozenset(scope.value for scope in Scope if scope.is_wide)


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Names that go from the zone and that come into it, from one serial to another."""

    gone: set[str]
    come: set[str]


def names_between(settings: Settings, since: int, until: int) -> Names | None:
    """What an update from one serial to another has to say; None where the changes between are not all on the disk."""
    deltas = Deltas(settings.data)
    chain = deltas.chain()
    if chain is None or not chain.oldest <= since <= until <= chain.serial:
        return None
    files = [deltas.file(number) for number in range(since + 1, until + 1)]
    try:
        if len(files) > policy.CHANGES_RELEASES_A_PAGE or sum(file.stat().st_size for file in files) > OCTETS_AT_ONCE:
            return None
        lines = fold(line for file in files for line in _lines(file))
    except FileNotFoundError:
        return None
    come = {name for line in lines for name in _come(line)}
    # What the zone has no room for never came, so it has not to go.
    gone = {name for line in lines for name in _gone(line) if has_room(name, zone_name(settings))}
    return Names(gone=gone - come, come=come)


def write_zone(settings: Settings, number: int, file: Path, *, mode: int) -> None:
    """Write this release's zone for the primary: the file that everybody gets, with the SOA of a zone by transfer.

    Raises:
        FileNotFoundError: the release is not on the disk (any more).
    """
    fresh = file.with_name(f".{file.name}.new")
    with plain_files.made_anew(fresh, mode=mode) as written:
        for line in zone_lines(settings, number):
            written.write(f"{line}\n")
    fresh.replace(file)


def zone_lines(settings: Settings, number: int) -> Iterator[str]:
    """The lines of that file, without its comments: they are about another file."""
    ours = soa(settings, mark_on_disk(settings, number))
    with (Shelf(settings.data).folder(number) / ZONE_FILE).open(encoding="ascii") as opened:
        for line in opened:
            if line.startswith(SOA_LINE):
                yield SOA_LINE + ours
            elif not line.startswith(";"):
                yield line.rstrip("\n")


def mark_on_disk(settings: Settings, number: int) -> Mark:
    """Which release has this number on the disk.

    Raises:
        FileNotFoundError: none has (any more).
    """
    return Mark.of(number, datetime.fromisoformat(index.read(Shelf(settings.data).folder(number)).published_at))


def _lines(file: Path) -> Iterator[Line]:
    with file.open("rb") as opened:
        # The first line is the header.
        next(opened, None)
        for line in opened:
            yield orjson.loads(line)


def _gone(line: Line) -> Iterator[str]:
    old = line if line["type"] == "remove" else line.get("replaces")
    if old is not None and old["scope"] in WIDE:
        yield old["target"]
    if line["type"] != "remove" and line["scope"] in WIDE and ZONE_FILE in line["left_out"]:
        yield line["target"]


def _come(line: Line) -> Iterator[str]:
    if line["type"] != "remove" and line["scope"] in WIDE and ZONE_FILE not in line["left_out"]:
        yield line["target"]
