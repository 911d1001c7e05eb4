"""index.json: what one release holds, file by file. Written last into a release's folder, and read from it; nothing else."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import orjson

from app.release.packing import CODINGS, Packed
from moderation import formats
from moderation.vocabulary import Header

FILE_NAME = "index.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatFile:
    """One format's file, and its packed copies by coding. `entries` is the number of entry lines in it."""

    file: str
    media_type: str
    entries: int
    size: int
    sha256: str
    packed: Mapping[str, Packed]


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """One release as its consumers see it. Times are RFC 3339 in UTC; `audit_seal` is the newest seal's digest in hexadecimal."""

    title: str
    list_name: str
    homepage: str
    contact: str
    licence: str
    serial: int
    published_at: str
    valid_until: str
    audit_seal: str | None
    left_out: int
    formats: tuple[FormatFile, ...]

    @classmethod
    def of(cls, header: Header, files: tuple[FormatFile, ...], *, seal: bytes | None, left_out: int) -> "Index":
        """The index of a release that was just written."""
        return cls(
            title=header.title,
            list_name=header.list_name,
            homepage=header.homepage,
            contact=header.contact,
            licence=header.licence,
            serial=header.serial,
            published_at=formats.moment(header.published_at),
            valid_until=formats.moment(header.valid_until),
            audit_seal=seal.hex() if seal else None,
            left_out=left_out,
            formats=files,
        )

    @property
    def files(self) -> dict[str, "FormatFile"]:
        """The formats by file name."""
        return {form.file: form for form in self.formats}


def address(serial: int, sha256: str, file_name: str) -> str:
    """The name of a file that never stands for other octets, seen from the index: the digest is of the file as it lies there."""
    return f"r/{serial}/{sha256}/{file_name}"


def write(folder: Path, written: Index) -> None:
    """Write the index beside the files that it names."""
    (folder / FILE_NAME).write_bytes(orjson.dumps(_shown(written), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def read(folder: Path) -> Index:
    """Read a release's index.

    Raises:
        FileNotFoundError: there is no release here (any more).
    """
    return parsed((folder / FILE_NAME).read_bytes())


def parsed(octets: bytes) -> Index:
    """An index as it was written, by this version or an older one.

    Raises:
        ValueError: it is none.
    """
    found = orjson.loads(octets)
    try:
        index = Index(**(_own(Index, found) | {"formats": tuple(_format(form) for form in found["formats"])}))
    except (KeyError, TypeError) as fault:
        raise ValueError("This is no index of a release.") from fault
    if not isinstance(index.serial, int) or not isinstance(index.published_at, str):
        raise ValueError("This is no index of a release.")
    return index


def is_whole(folder: Path) -> bool:
    """Whether every file that the index names is there at its full length, in every coding. Costs one look at each of them."""
    try:
        return all(_is_whole(folder, form) for form in read(folder).formats)
    except (FileNotFoundError, ValueError):
        return False


def _is_whole(folder: Path, form: FormatFile) -> bool:
    # A release of an older version lacks a coding, and is written again.
    sizes = {form.file: form.size} | {copy.file: copy.size for copy in form.packed.values()}
    return form.packed.keys() >= CODINGS.keys() and all((folder / name).stat().st_size == size for name, size in sizes.items())


def _shown(written: Index) -> dict[str, Any]:
    return asdict(written) | {"formats": [_shown_format(written.serial, form) for form in written.formats]}


def _shown_format(serial: int, form: FormatFile) -> dict[str, Any]:
    shown = {name: value for name, value in asdict(form).items() if name != "packed"}
    copies = {coding: asdict(copy) | {"address": address(serial, copy.sha256, copy.file)} for coding, copy in form.packed.items()}
    return shown | {"address": address(serial, form.sha256, form.file)} | copies


def _format(shown: Mapping[str, Any]) -> FormatFile:
    packed = {coding: Packed(**_own(Packed, shown[coding])) for coding in CODINGS if coding in shown}
    return FormatFile(**_own(FormatFile, shown), packed=packed)


def _own(kind: type, shown: Mapping[str, Any]) -> dict[str, Any]:
    """What the kind has a field for: an index may say more than this version knows."""
    return {field.name: shown[field.name] for field in fields(kind) if field.name in shown}
