"""The codings of a release's files, in pieces: each shard is packed once, and pieces are joined into one file. Writes nothing.

Every client may unpack the result as if it had been packed in one go: one member of gzip, one stream of Brotli, frames of Zstandard.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from zlib_ng import zlib_ng

from app.release import brotli_pieces

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

GZIP_LEVEL = 4
ZSTD_LEVEL = 2
"""From here on, and from Brotli's quality 3, time doubles for some hundredths of the size, or for none (docs/performance.md)."""

GZIP_HEADER: Final = b"\x1f\x8b\x08\x00" + bytes(4) + b"\x00\xff"
"""No time and no name in it: the same octets pack to the same."""

DEFLATE_END: Final = b"\x03\x00"
"""An empty last block."""

VERSIONS: Final = (zlib_ng.ZLIBNG_VERSION, brotli_pieces.VERSION, zstd.zstd_version)
"""Another version may pack the same octets otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """A way to pack. `name` is HTTP's content coding; a file is `opening(head)`, a `piece` of each part behind it, `end(size, crc)`."""

    name: str
    suffix: str
    media_type: str
    opening: Callable[[bytes], bytes]
    piece: Callable[[bytes], bytes]
    end: Callable[[int, int], bytes]
    """Of the octets and the CRC-32 of the whole plain file."""
    least_head: int = 0
    """Octets that the head must have before a piece may follow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A packed copy of a format's file."""

    file: str
    size: int
    sha256: str


def _deflated(octets: bytes) -> bytes:
    # Flushed, a piece ends at a full octet; by a packer of its own, it leans on nothing before it. So pieces make one member: curl and
    # browsers read only the first of several.
    packer = zlib_ng.compressobj(GZIP_LEVEL, zlib_ng.DEFLATED, wbits=-zlib_ng.MAX_WBITS)
    return packer.compress(octets) + packer.flush(zlib_ng.Z_SYNC_FLUSH)


def _gzip_end(size: int, crc: int) -> bytes:
    return DEFLATE_END + crc.to_bytes(4, "little") + (size & 0xFFFFFFFF).to_bytes(4, "little")


def _zstd_frame(octets: bytes) -> bytes:
    return zstd.compress(octets, level=ZSTD_LEVEL)


CODINGS: Final = {
    coding.name: coding
    for coding in (
        Coding(
            name="gzip",
            suffix=".gz",
            media_type="application/gzip",
            opening=lambda head: GZIP_HEADER + _deflated(head),
            piece=_deflated,
            end=_gzip_end,
        ),
        Coding(
            name="br",
            suffix=".br",
            # Brotli has no media type of its own: it was made for content coding alone (RFC 7932).
            media_type="application/octet-stream",
            opening=brotli_pieces.begin,
            piece=brotli_pieces.piece,
            end=lambda _size, _crc: brotli_pieces.END,
            least_head=brotli_pieces.WINDOW,
        ),
        Coding(
            name="zstd",
            suffix=".zst",
            media_type="application/zstd",
            opening=_zstd_frame,
            piece=_zstd_frame,
            end=lambda _size, _crc: b"",
        ),
    )
}


def plain_name(file_name: str) -> str:
    """The name of what a packed copy was made of; any other name as it is."""
    suffix = next((coding.suffix for coding in CODINGS.values() if file_name.endswith(coding.suffix)), "")
    return file_name.removesuffix(suffix)
