"""Writes the files of one format from its shards' pieces: the plain one and its packed copies. Does not know what stands in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.release.index import FormatFile
from app.release.joining import Piece, join, piece_of, read
from app.release.measured import Measured
from app.release.packing import CODINGS, Coding, Packed
from app.release.rendering import Body
from moderation.formats import Format


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A format's files. Of each, by its name: where the first piece stands, and the pieces from there on by the number of their shard."""

    form: FormatFile
    starts: Mapping[str, int]
    pieces: Mapping[str, Mapping[int, tuple[int, int]]]


def write(folder: Path, form: Format, head: Body, shards: Sequence[Mapping[str, Piece]], tail: bytes) -> Written:
    """Write them all; `shards` holds the pieces of each shard by file.

    Raises:
        DamagedError: a piece is not what it was when it was written.
    """
    body = {number: pieces[form.FILE_NAME] for number, pieces in enumerate(shards) if form.FILE_NAME in pieces}
    files = _Files(folder, form.FILE_NAME, head.octets, body, tail)
    plain = files.write_plain()
    packed = {coding.name: files.write_packed(coding, shards, plain) for coding in CODINGS.values()}
    name, kind = form.FILE_NAME, form.MEDIA_TYPE
    own = FormatFile(file=name, media_type=kind, entries=head.lines, size=plain.size, sha256=plain.sha256, packed=packed)
    return Written(form=own, starts=files.starts, pieces=files.pieces)


@dataclass(frozen=True, slots=True)
class _Files:
    """The files of one format, on their way."""

    folder: Path
    name: str
    head: bytes
    body: Mapping[int, Piece]
    tail: bytes
    starts: dict[str, int] = field(default_factory=dict)
    pieces: dict[str, dict[int, tuple[int, int]]] = field(default_factory=dict)

    def write_plain(self) -> Measured:
        """Write the file that the others unpack to."""
        return self._join(self.name, self.head, self.body, self.tail)

    def write_packed(self, coding: Coding, shards: Sequence[Mapping[str, Piece]], plain: Measured) -> Packed:
        """Write the file in one coding, from the pieces that there are in it."""
        name = f"{self.name}{coding.suffix}"
        begins, numbers = self.head, list(self.body)
        while numbers and len(begins) < coding.least_head:
            begins += read(self.body[numbers.pop(0)])
        if self.tail and len(begins) < coding.least_head:
            begins, behind = begins + self.tail, b""
        else:
            behind = coding.piece(self.tail) if self.tail else b""
        # What stood at the beginning of an older release, and does not in this one, has no piece yet.
        parts = {number: shards[number].get(name) or coding.piece(read(self.body[number])) for number in numbers}
        packed = self._join(name, coding.opening(begins), parts, behind + coding.end(plain.size, plain.crc))
        return Packed(file=name, size=packed.size, sha256=packed.sha256)

    def _join(self, name: str, first: bytes, parts: Mapping[int, Piece | bytes], last: bytes) -> Measured:
        self.starts[name] = len(first)
        self.pieces[name] = {number: piece_of(part) for number, part in parts.items()}
        # What a gzip file ends in.
        return join(self.folder / name, (first, *parts.values(), last), with_crc=name == self.name)
