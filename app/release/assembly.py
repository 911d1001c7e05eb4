"""Puts one release's files together from shards: those that are written down now, and those that an older release has already.

The same list makes the same octets, whichever of its shards were kept. Memory does not grow with the list.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from app.release import finishing, format_files, index, rendering, report, shards
from app.release.cutting import Cut, Cutter
from app.release.finishing import Beside, Finished, Finisher, Here
from app.release.format_files import Written
from app.release.index import Index
from app.release.joining import FILE_MODE, Piece, Spool, join, piece_of
from app.release.shards import Record, Shard
from moderation.formats import Format
from moderation.publishing import Stored
from moderation.vocabulary import Entry, Header


def write_release(
    folder: Path, header: Header, entries: Iterable[Entry | Stored], forms: Sequence[Format], *, seal: bytes | None = None, about: int = 0
) -> Index:
    """Write a whole release into `folder`, which must exist.

    Of a long list, of some `about` entries, the shards are written down by processes beside this one.
    """
    cutter = Cutter()
    with ExitStack() as stack:
        beside = stack.enter_context(Beside(header, forms)) if about >= finishing.LONG and finishing.PROCESSORS > 1 else None
        assembly = stack.enter_context(Assembly(folder, header, forms, beside))
        for entry in entries:
            if cut := cutter.take(entry):
                assembly.add(cut)
        if cut := cutter.rest():
            assembly.add(cut)
        return assembly.finish(seal=seal)


class Assembly:
    """A release on its way into a folder: takes its shards in their order, then writes its files."""

    def __init__(self, folder: Path, header: Header, forms: Sequence[Format], finisher: Finisher | None = None) -> None:
        self._folder = folder
        self._header = header
        self._forms = forms
        self._shards: list[Shard] = []
        self._pieces: list[Mapping[str, Piece]] = []
        self._waiting: deque[Callable[[], Finished]] = deque()
        self._stack = ExitStack()
        self._spool = self._stack.enter_context(Spool(folder / ".pieces"))
        self._pool = ThreadPoolExecutor(finishing.PROCESSORS)
        self._stack.callback(self._pool.shutdown, cancel_futures=True)
        self._finisher = finisher or Here(header, forms, self._pool)

    def __enter__(self) -> "Assembly":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def keep(self, shard: Shard, pieces: Mapping[str, Piece]) -> None:
        """Take a shard as an older release has it."""
        self._settle(0)
        self._shards.append(shard)
        self._pieces.append(pieces)

    def add(self, cut: Cut) -> None:
        """Take a shard that is written down now."""
        self._waiting.append(self._finisher.start(cut))
        self._settle(self._finisher.ahead)

    @property
    def entries(self) -> int:
        """Entries of the shards that were taken so far."""
        self._settle(0)
        return sum(shard.entries for shard in self._shards)

    def finish(self, *, seal: bytes | None = None) -> Index:
        """Write the files.

        Raises:
            DamagedError: a shard that was kept is not what it was.
        """
        self._settle(0)
        self._spool.flush()
        by_length = sorted(self._forms, key=lambda form: -sum(shard.pieces.get(form.FILE_NAME, (0, 0))[0] for shard in self._shards))
        begun = {form.FILE_NAME: self._begin(form) for form in by_length}
        written = [begun[form.FILE_NAME]() for form in self._forms]
        named, reported_from = self._write_report()
        self._record(written, reported_from)
        made = Index.of(self._header, tuple(each.form for each in written), seal=seal, left_out=named)
        index.write(self._folder, made)
        self._spool.remove()
        for name in (shards.FILE_NAME, index.FILE_NAME):
            (self._folder / name).chmod(FILE_MODE)
        return made

    def _settle(self, ahead: int) -> None:
        """Put what is packed into the spool, until so many shards wait."""
        while len(self._waiting) > ahead:
            finished = self._waiting.popleft()()
            pieces = {name: self._spool.put(each) for name, each in finished.octets.items()}
            self._shards.append(replace(finished.shard, pieces={name: piece_of(piece) for name, piece in pieces.items()}))
            self._pieces.append(pieces)

    def _begin(self, form: Format) -> Callable[[], Written]:
        lines = sum(shard.lines[form.FILE_NAME] for shard in self._shards)
        head = rendering.head(form, self._header, lines)
        tail = rendering.tail(form, self._header, head.lines)
        return format_files.start(self._pool, self._folder, form, head, self._pieces, tail=tail)

    def _write_report(self) -> tuple[int, int]:
        """Write the report; how many entries it names, and where the first piece of a shard stands."""
        own = rendering.findings_of_the_test_entry(self._forms, self._header)
        head = report.head(self._header.serial) + bytes(own.lines)
        lines = [pieces[report.FILE_NAME] for pieces in self._pieces if report.FILE_NAME in pieces]
        if own.named and lines:
            head += report.BETWEEN
        parted = [part for piece in lines for part in (piece, report.BETWEEN)][:-1]
        end = report.end((shard.no_room for shard in self._shards), (shard.covered for shard in self._shards))
        join(self._folder / report.FILE_NAME, (head, *parted, end))
        return own.named + sum(shard.named for shard in self._shards), len(head)

    def _record(self, written: Sequence[Written], reported_from: int) -> None:
        """Note of what pieces the files are made, for the release that comes next."""
        own = {name: pieces for each in written for name, pieces in each.pieces.items()}
        own[report.FILE_NAME] = {
            number: piece_of(pieces[report.FILE_NAME]) for number, pieces in enumerate(self._pieces) if report.FILE_NAME in pieces
        }
        record = Record(
            serial=self._header.serial,
            made_at=self._header.published_at.isoformat(),
            rules=shards.rules(self._header),
            starts={report.FILE_NAME: reported_from} | {name: start for each in written for name, start in each.starts.items()},
            shards=tuple(
                replace(shard, pieces={name: pieces[number] for name, pieces in own.items() if number in pieces})
                for number, shard in enumerate(self._shards)
            ),
        )
        shards.write(self._folder, record)
