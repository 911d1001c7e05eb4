"""Writes one release's files into a folder, entry by entry: formats, packed copies, report, index. Never holds the list in memory."""

import os
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from itertools import chain
from pathlib import Path
from types import TracebackType

from app.release import index, packing, report
from app.release.index import FormatFile, Index
from app.release.measured import Measured
from moderation import formats
from moderation.formats import Format
from moderation.vocabulary import Entry, Header

FILE_MODE = 0o640
CHUNK = 1 << 20


def write_release(folder: Path, header: Header, entries: Iterable[Entry], forms: Sequence[Format], *, seal: bytes | None = None) -> Index:
    """Write the release into `folder`, which must exist, and wait until all of it is on the disk.

    The test entry is put in front of the list; `header.entries` is counted here, by each format for itself.
    """
    with ExitStack() as stack:
        findings = stack.enter_context(report.Report(folder / report.FILE_NAME, header.serial))
        bodies = [stack.enter_context(_Body(folder, form, header)) for form in forms]
        for entry in chain([formats.always_listed(header)], entries):
            _hand_out(entry, header, bodies, findings)
        plain = [body.finish() for body in bodies]
    packed = packing.pack(folder, [form.file for form in plain])
    files = tuple(replace(form, packed=packed[form.file]) for form in plain)
    written = Index.of(header, files, seal=seal, left_out=findings.named)
    index.write(folder, written)
    for file in folder.iterdir():
        _settle(file)
    return written


def _hand_out(entry: Entry, header: Header, bodies: Sequence["_Body"], findings: report.Report) -> None:
    if reason := formats.withheld(entry, header):
        findings.name(entry, reason, file_name=None)
        return
    for body in bodies:
        if not formats.carries(body.form, entry):
            findings.count(entry, body.form.FILE_NAME)
        elif reason := body.form.left_out(entry, header):
            findings.name(entry, reason, file_name=body.form.FILE_NAME)
        elif body.covers(entry):
            findings.cover(body.form.FILE_NAME)
        else:
            body.add(entry, body.form.lines(entry, header))


class _Body:
    """The entry lines of one format, on their way to its file: the header above them tells their number, so they are written first."""

    def __init__(self, folder: Path, form: Format, header: Header) -> None:
        self.form = form
        self._header = header
        self._folder = folder
        self._entries = 0
        self._above = formats.Above()
        self._file = (folder / f".{form.FILE_NAME}.body").open("w+b", buffering=CHUNK)

    def __enter__(self) -> "_Body":
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()
        Path(self._file.name).unlink(missing_ok=True)

    def covers(self, entry: Entry) -> bool:
        """Whether a line that is in this file already blocks all of the entry, and the format wants no second one."""
        return self.form.LEAVES_OUT_COVERED and self._above.covers(entry)

    def add(self, entry: Entry, lines: tuple[str, ...]) -> None:
        """Write an entry's lines behind those before it."""
        self._above.note(entry)
        self._entries += len(lines)
        self._file.write(_octets(lines))

    def finish(self) -> FormatFile:
        """Write header, entries and footer to the format's file."""
        header = replace(self._header, entries=self._entries)
        name = self.form.FILE_NAME
        self._file.seek(0)
        with Measured(self._folder / name) as plain:
            for part in self._parts(header):
                plain.write(part)
        return FormatFile(
            file=name, media_type=self.form.MEDIA_TYPE, entries=self._entries, size=plain.size, sha256=plain.sha256, packed={}
        )

    def _parts(self, header: Header) -> Iterable[bytes]:
        yield _octets(self.form.header_lines(header))
        while chunk := self._file.read(CHUNK):
            yield chunk
        yield _octets(self.form.footer_lines(header))


def _octets(lines: tuple[str, ...]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _settle(file: Path) -> None:
    file.chmod(FILE_MODE)
    with file.open("rb") as written:
        os.fsync(written.fileno())
