"""Changes from one serial to another, as the feed serves them: joined from the releases' own files, once. Writes nothing."""

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from app.release.deltas import PACK_LEVEL, Chain, Deltas
from app.release.folding import fold
from moderation import policy

REMEMBERED = 8
"""Ranges that are kept in memory: well-behaved consumers all carry one of the newest few serials."""


class OutOfReachError(Exception):
    """The changes do not reach so far back (any more): only the full state helps."""


class TooLongError(Exception):
    """The range is longer than one answer may be."""


@dataclass(frozen=True, slots=True)
class Body:
    """One body as it goes over the wire; a path where it is too large to be held in memory."""

    content: bytes | Path
    etag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """What changed after `since` up to `serial`, plain and packed. It never changes."""

    since: int
    serial: int
    valid_until: str
    plain: Body
    packed: Body


class Ranges:
    """Finds ranges of changes; remembers the last few that it joined."""

    def __init__(self, data: Path) -> None:
        self._deltas = Deltas(data)
        self._joined: OrderedDict[tuple[int, int], Range] = OrderedDict()

    def chain(self) -> Chain | None:
        """How far the changes go, read at each call."""
        return self._deltas.chain()

    def page(self, since: int, chain: Chain) -> Range:
        """As many releases after `since` as fit one page, one at least where there is one.

        Raises:
            OutOfReachError
        """
        if since < chain.oldest:
            raise OutOfReachError
        return self._range(since, self._end_of_page(since, chain), chain)

    def exactly(self, since: int, serial: int, chain: Chain) -> Range:
        """The changes from one serial to another.

        Raises:
            OutOfReachError, TooLongError
        """
        is_known = (since, serial) in self._joined
        if chain.oldest <= since and not is_known and serial - since > 1 and self._end_of_page(since, chain) < serial:
            raise TooLongError
        return self._range(since, serial, chain)

    def _end_of_page(self, since: int, chain: Chain) -> int:
        last, lines = since, 0
        for number in range(since + 1, min(chain.serial, since + policy.CHANGES_RELEASES_A_PAGE) + 1):
            lines += int(self._head(number)["lines"])
            if lines > policy.CHANGES_LINES_A_PAGE and number > since + 1:
                break
            last = number
        return last

    def _range(self, since: int, serial: int, chain: Chain) -> Range:
        if since < chain.oldest:
            raise OutOfReachError
        known = self._joined.get((since, serial))
        if known is None:
            known = self._alone(serial) if serial == since + 1 else self._join(since, serial)
            self._joined[since, serial] = known
            while len(self._joined) > REMEMBERED:
                self._joined.popitem(last=False)
        return known

    def _alone(self, serial: int) -> Range:
        """One release's own file. A large one stays on the disk; its header and its length tell it from every other."""
        head = self._head(serial)
        plain, packed = self._deltas.file(serial), self._deltas.packed(serial)
        if int(head["lines"]) <= policy.CHANGES_LINES_A_PAGE:
            return _range_of(head, _body(plain.read_bytes()), _body(packed.read_bytes()))
        told = orjson.dumps(head)
        bodies = (Body(path, hashlib.sha256(b"%s %d" % (told, path.stat().st_size)).hexdigest()) for path in (plain, packed))
        return _range_of(head, *bodies)

    def _join(self, since: int, serial: int) -> Range:
        lines = fold(line for number in range(since + 1, serial + 1) for line in self._lines(number))
        head = {**self._head(serial), "from": since, "lines": len(lines)}
        octets = b"".join(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE) for line in (head, *lines))
        return _range_of(head, _body(octets), _body(gzip.compress(octets, compresslevel=PACK_LEVEL, mtime=0)))

    def _head(self, number: int) -> dict[str, Any]:
        with self._open(number) as file:
            found: dict[str, Any] = orjson.loads(file.readline())
        return found

    def _lines(self, number: int) -> Iterator[dict[str, Any]]:
        with self._open(number) as file:
            file.readline()
            yield from map(orjson.loads, file)

    def _open(self, number: int) -> BinaryIO:
        try:
            return self._deltas.file(number).open("rb")
        except FileNotFoundError as gone:
            raise OutOfReachError from gone


def _body(octets: bytes) -> Body:
    return Body(octets, hashlib.sha256(octets).hexdigest())


def _range_of(head: dict[str, Any], plain: Body, packed: Body) -> Range:
    return Range(since=head["from"], serial=head["to"], valid_until=head["valid_until"], plain=plain, packed=packed)
