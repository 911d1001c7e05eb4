"""index.json: what one release holds, file by file. Written last into a release's folder, and read from it; nothing else."""

from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from moderation import formats
from moderation.vocabulary import Header

FILE_NAME = "index.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A packed copy of a format's file."""

    file: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatFile:
    """One format's file. `entries` is the number of entry lines in it."""

    file: str
    media_type: str
    entries: int
    size: int
    sha256: str
    gzip: Packed


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


def write(folder: Path, written: Index) -> None:
    """Write the index beside the files that it names."""
    (folder / FILE_NAME).write_bytes(orjson.dumps(asdict(written), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def read(folder: Path) -> Index:
    """Read a release's index.

    Raises:
        FileNotFoundError: there is no release here (any more).
    """
    found = orjson.loads((folder / FILE_NAME).read_bytes())
    files = tuple(FormatFile(**(form | {"gzip": Packed(**form["gzip"])})) for form in found.pop("formats"))
    return Index(**found, formats=files)


def is_whole(folder: Path) -> bool:
    """Whether every file that the index names is there at its full length. Costs one look at each, not the reading of it."""
    try:
        named = read(folder).formats
        return all(_length(folder / form.file) == form.size and _length(folder / form.gzip.file) == form.gzip.size for form in named)
    except (FileNotFoundError, orjson.JSONDecodeError):
        return False


def _length(file: Path) -> int:
    return file.stat().st_size
