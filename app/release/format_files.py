"""Writes the files of one format from its shards' pieces: the plain one and its packed copies. Does not know what stands in them."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from pathlib import Path

from app.release.index import FormatFile
from app.release.joining import Piece, join, piece_of, read, whole
from app.release.packing import CODINGS, Coding, Packed
from app.release.rendering import Body
from moderation.formats import Format


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A format's files. Of each, by its name: where the first piece stands, and the pieces from there on by the number of their shard."""

    form: FormatFile
    starts: Mapping[str, int]
    pieces: Mapping[str, Mapping[int, tuple[int, int]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """One file that was written."""

    name: str
    size: int
    sha256: str
    start: int
    pieces: Mapping[int, tuple[int, int]]


def start(
    pool: Executor, folder: Path, form: Format, head: Body, shards: Sequence[Mapping[str, Piece]], *, tail: bytes
) -> Callable[[], Written]:
    """Begin with them all; `shards` holds the pieces of each shard by file. What is returned waits for them.

    Raises:
        DamagedError: from what is returned; a piece is not what it was when it was written.
    """
    files = _Files(folder, form.FILE_NAME, head.octets, shards, tail)
    plain = pool.submit(files.write_plain)
    packed = {coding.name: pool.submit(files.write_packed, coding) for coding in CODINGS.values()}
    return lambda: _written(form, head.lines, plain.result(), packed)


def _written(form: Format, lines: int, plain: _File, begun: Mapping[str, Future[_File]]) -> Written:
    packed = {coding: each.result() for coding, each in begun.items()}
    own = FormatFile(
        file=plain.name,
        media_type=form.MEDIA_TYPE,
        entries=lines,
        size=plain.size,
        sha256=plain.sha256,
        packed={coding: Packed(file=file.name, size=file.size, sha256=file.sha256) for coding, file in packed.items()},
    )
    files = (plain, *packed.values())
    return Written(form=own, starts={file.name: file.start for file in files}, pieces={file.name: file.pieces for file in files})


class _Files:
    """The files of one format, on their way."""

    def __init__(self, folder: Path, name: str, head: bytes, shards: Sequence[Mapping[str, Piece]], tail: bytes) -> None:
        self._folder = folder
        self._name = name
        self._head = head
        self._shards = shards
        self._body = {number: pieces[name] for number, pieces in enumerate(shards) if name in pieces}
        self._tail = tail
        self._size, self._crc = whole((head, *self._body.values(), tail))

    def write_plain(self) -> _File:
        """Write the file that the others unpack to."""
        return self._join(self._name, self._head, self._body, self._tail)

    def write_packed(self, coding: Coding) -> _File:
        """Write the file in one coding, from the pieces that there are in it."""
        name = f"{self._name}{coding.suffix}"
        begins, numbers = self._head, list(self._body)
        while numbers and len(begins) < coding.least_head:
            begins += read(self._body[numbers.pop(0)])
        if self._tail and len(begins) < coding.least_head:
            begins, behind = begins + self._tail, b""
        else:
            behind = coding.piece(self._tail) if self._tail else b""
        # What stood at the beginning of an older release, and does not in this one, has no piece yet.
        parts = {number: self._shards[number].get(name) or coding.piece(read(self._body[number])) for number in numbers}
        return self._join(name, coding.opening(begins), parts, behind + coding.end(self._size, self._crc))

    def _join(self, name: str, first: bytes, parts: Mapping[int, Piece | bytes], last: bytes) -> _File:
        made = join(self._folder / name, (first, *parts.values(), last))
        pieces = {number: piece_of(part) for number, part in parts.items()}
        return _File(name=name, size=made.size, sha256=made.sha256, start=len(first), pieces=pieces)
