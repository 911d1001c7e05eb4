"""Writes a file from pieces of others, and knows its size and digests when it is written. Knows nothing of what a file says."""

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from zlib_ng.zlib_ng import crc32, crc32_combine

from app.release.measured import Measured

FILE_MODE = 0o640
CHUNK = 1 << 20


class DamagedError(Exception):
    """A piece is not what it was when it was written."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some octets of a file, and their CRC-32."""

    path: Path
    offset: int
    size: int
    crc: int


def piece_of(part: Piece | bytes) -> tuple[int, int]:
    """Size and CRC-32 of a part of a file."""
    return (part.size, part.crc) if isinstance(part, Piece) else (len(part), crc32(part))


def read(piece: Piece) -> bytes:
    """The octets of a piece.

    Raises:
        DamagedError
    """
    with _Sources() as sources:
        return b"".join(bytes(part) for part in sources.parts(piece))


def join(path: Path, parts: Iterable[bytes | Piece]) -> Measured:
    """Write the parts one behind the other into a new file.

    Raises:
        DamagedError: a piece is not what it was when it was written.
    """
    with Measured(path, FILE_MODE) as joined, _Sources() as sources:
        for part in _runs(parts):
            for octets in sources.parts(part) if isinstance(part, Piece) else (memoryview(part),):
                joined.write(octets)
    return joined


def whole(parts: Iterable[bytes | Piece]) -> tuple[int, int]:
    """Size and CRC-32 of what they make, one behind the other."""
    size = crc = 0
    for part in parts:
        length, own = piece_of(part)
        size, crc = size + length, crc32_combine(crc, own, length)
    return size, crc


class Spool:
    """A file that takes what is made on the way, and says where it is; it goes at the end of the block."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("wb", buffering=CHUNK)
        self._size = 0

    def __enter__(self) -> "Spool":
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()

    def put(self, octets: bytes) -> Piece:
        """Take these octets."""
        piece = Piece(self._path, self._size, len(octets), crc32(octets))
        self._file.write(octets)
        self._size += len(octets)
        return piece

    def flush(self) -> None:
        """Let readers find all that was put."""
        self._file.flush()

    def remove(self) -> None:
        """It is not needed any more."""
        self._file.close()
        self._path.unlink(missing_ok=True)


def _runs(parts: Iterable[bytes | Piece]) -> Iterator[bytes | Piece]:
    """The same, with pieces that lie one behind the other already as one: it is read, digested and written in fewer, longer steps."""
    path, offset, size, crc = None, 0, 0, 0
    for part in parts:
        if isinstance(part, Piece) and part.path is path and part.offset == offset + size:
            crc = crc32_combine(crc, part.crc, part.size)
            size += part.size
            continue
        if path is not None:
            yield Piece(path, offset, size, crc)
            path = None
        if isinstance(part, Piece):
            path, offset, size, crc = part.path, part.offset, part.size, part.crc
        else:
            yield part
    if path is not None:
        yield Piece(path, offset, size, crc)


class _Sources:
    """Files that pieces are read from, each opened once; what is read stays in one place of the memory until the next is."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._files: dict[Path, BinaryIO] = {}
        self._room = bytearray(CHUNK)

    def __enter__(self) -> "_Sources":
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def parts(self, piece: Piece) -> Iterator[memoryview]:
        """The piece, some octets at a time."""
        if piece.path not in self._files:
            self._files[piece.path] = self._open.enter_context(piece.path.open("rb", buffering=0))
        descriptor, crc, done = self._files[piece.path].fileno(), 0, 0
        while done < piece.size:
            room = memoryview(self._room)[: piece.size - done]
            found = os.preadv(descriptor, [room], piece.offset + done)
            if not found:
                break
            crc, done = crc32(room[:found], crc), done + found
            yield room[:found]
        if (done, crc) != (piece.size, piece.crc):
            raise DamagedError(f"{piece.path.name} of release {piece.path.parent.name} was damaged after it was written.")
