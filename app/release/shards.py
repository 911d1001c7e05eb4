"""shards.json: of what pieces a release's files are made, so that the next one takes over those that did not change. Decides nothing."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from app.release import packing, report
from app.release.deltas import rules_of
from app.release.joining import Piece
from moderation import formats
from moderation.publishing import Place
from moderation.vocabulary import Header

FILE_NAME = "shards.json"

ROOM = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """What is known of a shard without reading its entries.

    `lines` counts by format; `pieces` are sizes and CRC-32 by file. In a Brotli file, what stands at the beginning has no piece of its own.
    """

    begins: Place
    entries: int
    lines: Mapping[str, int]
    pieces: Mapping[str, tuple[int, int]]
    named: int
    no_room: Mapping[str, Mapping[str, int]]
    covered: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A release's shards in their order.

    `starts` says where in each file the first piece stands; `made_at` tells this serial from another database's.
    """

    serial: int
    made_at: str
    rules: str
    starts: Mapping[str, int]
    shards: tuple[Shard, ...]


def write(folder: Path, record: Record) -> None:
    """Write the record beside the files that it tells of."""
    (folder / FILE_NAME).write_bytes(orjson.dumps(record))


def read(folder: Path) -> Record | None:
    """The record of a release; None where there is none that can be read."""
    try:
        found = orjson.loads((folder / FILE_NAME).read_bytes())
        shards = tuple(_shard(shard) for shard in found.pop("shards"))
        return Record(**found, shards=shards)
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError):
        return None


def pieces(folder: Path, record: Record) -> Iterator[dict[str, Piece]]:
    """Of each shard in turn, where its pieces lie in the release's files."""
    at = dict(record.starts)
    paths = {name: folder / name for name in at}
    for shard in record.shards:
        found = {}
        for name, (size, crc) in shard.pieces.items():
            found[name] = Piece(paths[name], at[name], size, crc)
            at[name] += size + (len(report.BETWEEN) if name == report.FILE_NAME else 0)
        yield found


def rules(header: Header) -> str:
    """A digest of everything, but the list itself and what differs from release to release, that decides what stands in its files."""
    told = (header.title, header.list_name, header.homepage, header.contact, header.licence)
    return hashlib.sha256(repr((_written_by(), rules_of(header.list_name), told)).encode()).hexdigest()[:16]


@cache
def _written_by() -> str:
    digest = hashlib.sha256(repr((packing.VERSIONS, [form.FILE_NAME for form in formats.installed()])).encode())
    for file in sorted(ROOM.glob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _shard(found: dict[str, Any]) -> Shard:
    name, is_narrow, target, scope = found.pop("begins")
    own = {file: (size, crc) for file, (size, crc) in found.pop("pieces").items()}
    return Shard(begins=(name, is_narrow, target, scope), pieces=own, **found)
