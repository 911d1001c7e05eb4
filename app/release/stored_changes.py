"""Brings what each release changed into an object store: pieces under fixed names first, then `changes.json`, which leads to them.

A piece never changes its octets, and its name is never used again: each life of the database, as far as it can be told, has a folder
of its own. What no index led to any more when this began is to be removed; who reads the index of before finds all that it names.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import orjson

from app.release.deltas import Chain, Deltas
from app.release.object_store import JSON, MOVING, ObjectStore, StoreError
from app.release.packing import CODINGS
from moderation import policy

FILE_NAME: Final = "changes.json"
MEDIA_TYPE: Final = "application/x-ndjson"
FIXED: Final = f"max-age={int(policy.CHANGES_KEPT.total_seconds())}, immutable"
PIECE: Final = re.compile(r"c/[0-9]{1,18}-[0-9]{1,18}/\{from\}-\{to\}\.jsonl")
OURS: Final = re.compile(r"c/(?P<life>[0-9]{1,18}-[0-9]{1,18})/(?P<since>[0-9]{1,18})-[0-9]{1,18}\.jsonl(?:\.gz)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A release that consumers of this place may carry."""

    serial: int
    published_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown(Known):
    """`changes.json`: one piece leads from each serial to the next, from `oldest` to `serial`, at the address `piece`."""

    list_name: str
    oldest: int
    valid_until: str
    piece: str

    @property
    def life(self) -> str:
        """In which folder its pieces lie."""
        return self.piece.split("/")[1]

    def reaches(self, name: str) -> bool:
        """Whether this leads to a piece of this name."""
        found = OURS.fullmatch(name)
        return found is not None and found["life"] == self.life and int(found["since"]) >= self.oldest


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """The serial from which on changes are there, and what is to be removed once all else is done."""

    since: int
    outlived: list[str]


def bring(store: ObjectStore, deltas: Deltas, former: Known | None) -> Brought | None:
    """Bring the changes that are on the disk, and lead to them. `former` is the release that is there.

    None where there are none on the disk, or older ones than are there: writing them failed, and the files wait for no changes.

    Raises:
        StoreError
    """
    chain, octets = deltas.chain(), store.read(FILE_NAME)
    before = _parsed(octets) if octets else None
    carried = [one for one in (before, former) if one]
    if chain is None or any(one.serial > chain.serial for one in carried):
        return None
    now = _shown(deltas, chain, carried, before)
    there = store.sizes(f"c/{now.life}/")
    for name, source, media_type in _pieces(deltas, now):
        if there.get(name) != source.stat().st_size:
            store.put(name, source, media_type, FIXED)
    told = orjson.dumps(asdict(now), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    if told != octets:
        store.put(FILE_NAME, told, JSON, MOVING)
    led_to = [one for one in (before, now) if one]
    ours = (name for name in store.below("c/") if OURS.fullmatch(name))
    return Brought(since=now.oldest, outlived=sorted(name for name in ours if not any(one.reaches(name) for one in led_to)))


def _shown(deltas: Deltas, chain: Chain, carried: Sequence[Known], before: Shown | None) -> Shown:
    head = _head(deltas, chain.serial)
    known = [one.serial < chain.oldest or one.published_at == _head(deltas, one.serial)["published_at"] for one in carried]
    if not all(known) and any(one.serial == chain.serial for one in carried):
        raise StoreError(
            f"The changes of another release {chain.serial} are there already. Run flask publish --above {chain.serial} first."
        )
    # Where the database was set back, and came another way to what consumers carry, nothing leads on from there.
    life, oldest = f"{chain.serial}-{int(datetime.fromisoformat(chain.made_at).timestamp())}", chain.serial
    if all(known):
        life, oldest = before.life if before else life, max(chain.oldest, before.oldest if before else 0)
    return Shown(
        list_name=head["list_name"],
        oldest=oldest,
        serial=chain.serial,
        published_at=head["published_at"],
        valid_until=head["valid_until"],
        piece=f"c/{life}/{{from}}-{{to}}.jsonl",
    )


def _pieces(deltas: Deltas, shown: Shown) -> Iterator[tuple[str, Path, str]]:
    """Name, file and media type of each."""
    for number in range(shown.oldest + 1, shown.serial + 1):
        name = f"c/{shown.life}/{number - 1}-{number}.jsonl"
        yield name, deltas.file(number), MEDIA_TYPE
        yield f"{name}.gz", deltas.packed(number), CODINGS["gzip"].media_type


def _head(deltas: Deltas, number: int) -> dict[str, Any]:
    with deltas.file(number).open("rb") as file:
        found: dict[str, Any] = orjson.loads(file.readline())
    return found


def _parsed(octets: bytes) -> Shown:
    """What `changes.json` says there.

    Raises:
        StoreError: it is somebody else's.
    """
    try:
        shown = Shown(**orjson.loads(octets))
        if not _is_ours(shown):
            raise TypeError
    except (orjson.JSONDecodeError, TypeError) as fault:
        raise StoreError(f"The {FILE_NAME} that is there is not ours. Choose an empty place.") from fault
    return shown


def _is_ours(shown: Shown) -> bool:
    """Whether each field holds what we write there: all that is read of it later relies on that."""
    words = (shown.list_name, shown.published_at, shown.valid_until, shown.piece)
    numbers = (shown.oldest, shown.serial)
    is_typed = all(isinstance(each, str) for each in words) and all(isinstance(each, int) for each in numbers)
    return is_typed and 0 <= shown.oldest <= shown.serial and PIECE.fullmatch(shown.piece) is not None
