"""Packed copies of a release's files, each written once a release. Knows the codings, and nothing of what a file says."""

import os
import sys
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import brotli

from app.release.measured import Measured

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

CHUNK = 1 << 20
THREADS = min(4, os.cpu_count() or 1)
"""The libraries let other threads work while they pack."""

GZIP_LEVEL = 6
BROTLI_QUALITY = 5
ZSTD_LEVEL = 6
"""From here on time doubles for a hundredth of the size (docs/performance.md)."""

Squeeze = tuple[Callable[[bytes], bytes], Callable[[], bytes]]
"""Takes what comes, and takes the end; each gives what is ready."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """A way to pack. `name` is the content coding of HTTP, `start` begins one file. It writes no time and no name into it."""

    name: str
    suffix: str
    media_type: str
    start: Callable[[], Squeeze]


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A packed copy of a format's file."""

    file: str
    size: int
    sha256: str


def _gzip() -> Squeeze:
    packer = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, wbits=16 + zlib.MAX_WBITS)
    return packer.compress, packer.flush


def _brotli() -> Squeeze:
    packer = brotli.Compressor(quality=BROTLI_QUALITY)
    return packer.process, packer.finish


def _zstd() -> Squeeze:
    packer = zstd.ZstdCompressor(level=ZSTD_LEVEL)
    return packer.compress, packer.flush


CODINGS: Final = {
    coding.name: coding
    for coding in (
        Coding(name="gzip", suffix=".gz", media_type="application/gzip", start=_gzip),
        # Brotli has no media type of its own: it was made for content coding alone (RFC 7932).
        Coding(name="br", suffix=".br", media_type="application/octet-stream", start=_brotli),
        Coding(name="zstd", suffix=".zst", media_type="application/zstd", start=_zstd),
    )
}


def pack(folder: Path, names: Sequence[str]) -> dict[str, dict[str, Packed]]:
    """Write a copy of each file in each coding beside it; tells of each by file and coding. Memory does not grow with the files."""
    with ThreadPoolExecutor(THREADS) as pool:
        begun = {name: {coding.name: pool.submit(_pack, folder / name, coding) for coding in CODINGS.values()} for name in names}
        return {name: {coding: copy.result() for coding, copy in copies.items()} for name, copies in begun.items()}


def plain_name(file_name: str) -> str:
    """The name of what a packed copy was made of; any other name as it is."""
    suffix = next((coding.suffix for coding in CODINGS.values() if file_name.endswith(coding.suffix)), "")
    return file_name.removesuffix(suffix)


def _pack(plain: Path, coding: Coding) -> Packed:
    take, end = coding.start()
    name = f"{plain.name}{coding.suffix}"
    with plain.open("rb") as source, Measured(plain.with_name(name)) as packed:
        while chunk := source.read(CHUNK):
            packed.write(take(chunk))
        packed.write(end())
    return Packed(file=name, size=packed.size, sha256=packed.sha256)
