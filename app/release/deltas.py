"""What each release changed, as a file on disk, and the chain that these files make. Decides nothing about what is on the list."""

import gzip
import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

import orjson

from app.release.folding import Line, named
from app.release.shelf import FOLDER_MODE, sync_folder
from moderation import addresses, formats, policy
from moderation.formats import Format
from moderation.vocabulary import Change, Entry, Header

DESCRIPTION = (
    "JSON lines; the first line is this header, every other line is what changed from one serial to another:"
    " take away every remove and what each change replaces, then put in every change and add."
)
FILE_MODE = 0o640
PACK_LEVEL = 6
IN_MEMORY = 4 << 20
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Which changes are on disk: every release's after `oldest`, up to `serial`. `made_at` tells this `serial` from another database's."""

    oldest: int
    serial: int
    made_at: str
    rules: str


class Deltas:
    """`<data>/feed/changes`: `<number>.jsonl` and its packed copy for each release, and `chain.json`, which says how far they go.

    A file counts only once the chain reaches it, and the chain is replaced in one step.
    """

    def __init__(self, data: Path) -> None:
        self.folder = data / "feed" / "changes"
        self._chain = self.folder / "chain.json"

    def chain(self) -> Chain | None:
        """How far the changes go; None before the first release."""
        try:
            return Chain(**orjson.loads(self._chain.read_bytes()))
        except (FileNotFoundError, orjson.JSONDecodeError, TypeError):
            return None

    def file(self, number: int) -> Path:
        """Where this release's changes lie, whether or not they are there."""
        return self.folder / f"{number}.jsonl"

    def packed(self, number: int) -> Path:
        """Their packed copy."""
        return self.folder / f"{number}.jsonl.gz"

    def reach(self, chain: Chain) -> None:
        """Let the chain end here, once the files are on the disk; then remove what lies before its beginning."""
        self.folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        before = self.chain()
        _settled(self.folder / ".chain.tmp", orjson.dumps(asdict(chain), option=orjson.OPT_APPEND_NEWLINE)).replace(self._chain)
        sync_folder(self.folder)
        # The file of `oldest` itself stays: its header has the times of that release.
        for number in range(before.oldest, min(before.serial + 1, chain.oldest)) if before else ():
            self.file(number).unlink(missing_ok=True)
            self.packed(number).unlink(missing_ok=True)

    def write(self, header: Header, changes: Iterable[Change] = ()) -> None:
        """Write one release's changes, entry by entry, and their packed copy. Where a chain begins there are none."""
        self.folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        with SpooledTemporaryFile(max_size=IN_MEMORY) as spool:
            body = cast(BinaryIO, spool)
            lines = 0
            for line in lines_of(changes, header):
                body.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
                lines += 1
            head = orjson.dumps(head_of(header, since=header.serial - 1, lines=lines), option=orjson.OPT_APPEND_NEWLINE)
            self._put(self.file(header.serial), head, body)
            self._put(self.packed(header.serial), head, body)

    def _put(self, path: Path, head: bytes, body: BinaryIO) -> None:
        body.seek(0)
        fresh = path.with_name(f".{path.name}.tmp")
        with fresh.open("wb") as file:
            if path.suffix == ".gz":
                # Without a name and a time in it, the same changes pack to the same octets.
                with gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=PACK_LEVEL, mtime=0) as squeeze:
                    _copy(head, body, squeeze)
            else:
                _copy(head, body, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.chmod(FILE_MODE)
        fresh.replace(path)


def head_of(header: Header, *, since: int, lines: int) -> Line:
    """The header of a file that leads from one serial to the header's own."""
    fields = formats.header_fields(header, DESCRIPTION)
    return {**fields, "from": since, "to": header.serial, "lines": lines}


def lines_of(changes: Iterable[Change], header: Header) -> Iterator[Line]:
    """A line for each change that a consumer can see: what no format may carry never came, and so never leaves."""
    for change in changes:
        old = change.old if change.old and not formats.withheld(change.old, header) else None
        new = change.new if change.new and not formats.withheld(change.new, header) else None
        if new is not None and old is not None:
            fields = _fields(new, change.above, header)
            if change.above_before is not None and fields["left_out"] == _left_out(old, change.above_before, header):
                continue
            yield {"type": "change", **fields, "replaces": named(formats.entry_fields(old)), "because": change.because}
        elif new is not None:
            yield {"type": "add", **_fields(new, change.above, header)}
        elif old is not None:
            yield {"type": "remove", **named(formats.entry_fields(old)), "because": change.because}


def _fields(entry: Entry, above: Sequence[Entry], header: Header) -> Line:
    return {**formats.entry_fields(entry), "left_out": _left_out(entry, above, header)}


def _left_out(entry: Entry, above: Sequence[Entry], header: Header) -> list[str]:
    """The files that have room for such an entry and do not carry this one: it does not fit them, or a name in them covers it."""
    room = (form for form in formats.installed() if formats.carries(form, entry))
    return [form.FILE_NAME for form in room if form.left_out(entry, header) or _is_covered(form, above, header)]


def _is_covered(form: Format, above: Sequence[Entry], header: Header) -> bool:
    return form.LEAVES_OUT_COVERED and any(not formats.withheld(other, header) and not form.left_out(other, header) for other in above)


@cache
def rules_of(list_name: str) -> str:
    """A digest of everything, but the list itself, that decides what the formats carry.

    Where it differs from before, the next full state may differ from the last by more than the log says: the chain begins anew there.
    """
    digest = hashlib.sha256(list_name.encode())
    rooms = (Path(str(room.__file__)).parent for room in (formats, addresses, policy))
    for file in sorted(file for room in rooms for file in room.rglob("*.py")):
        digest.update(file.read_bytes())
    digest.update((files("publicsuffixlist") / "public_suffix_list.dat").read_bytes())
    return digest.hexdigest()[:16]


def _copy(head: bytes, body: BinaryIO, stream: BinaryIO | gzip.GzipFile) -> None:
    stream.write(head)
    while chunk := body.read(CHUNK):
        stream.write(chunk)


def _settled(file: Path, octets: bytes) -> Path:
    file.write_bytes(octets)
    file.chmod(FILE_MODE)
    with file.open("rb") as written:
        os.fsync(written.fileno())
    return file
