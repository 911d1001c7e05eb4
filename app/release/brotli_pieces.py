"""Brotli in pieces that join into one stream: what the library calls a stream offset, which its wrappers for Python leave out.

A piece is packed as if much had come before it. It then leans on nothing before it, neither on octets nor on distances, and names words of
Brotli's own dictionary as they are named from a full window onwards. So pieces may be joined behind any WINDOW octets, and nowhere before.
"""

from importlib import metadata
from typing import Final

from brotlicffi._brotlicffi import ffi, lib

QUALITY: Final = 3
WINDOW_BITS: Final = 18
WINDOW: Final = 1 << WINDOW_BITS
"""Octets that the beginning of a stream must have, before pieces may follow. A larger one packs a hundredth smaller."""

STREAM_OFFSET: Final = 9
"""BROTLI_PARAM_STREAM_OFFSET of the library's encode.h."""

END: Final = b"\x03"
"""An empty last block."""

VERSION: Final = metadata.version("brotlicffi")


def begin(octets: bytes) -> bytes:
    """The beginning of a stream: WINDOW octets at least, or all there are."""
    return _packed(octets, offset=0)


def piece(octets: bytes) -> bytes:
    """What follows in a stream, behind its beginning and any other pieces."""
    return _packed(octets, offset=WINDOW)


def _packed(octets: bytes, *, offset: int) -> bytes:
    encoder = ffi.gc(lib.BrotliEncoderCreateInstance(ffi.NULL, ffi.NULL, ffi.NULL), lib.BrotliEncoderDestroyInstance)
    for parameter, value in ((lib.BROTLI_PARAM_QUALITY, QUALITY), (lib.BROTLI_PARAM_LGWIN, WINDOW_BITS), (STREAM_OFFSET, offset)):
        if not lib.BrotliEncoderSetParameter(encoder, parameter, value):
            raise RuntimeError("This version of Brotli's library knows no stream offset.")
    source = ffi.from_buffer(octets)
    left, at = ffi.new("size_t *", len(octets)), ffi.new("uint8_t **", ffi.cast("uint8_t *", source))
    parts: list[bytes] = []
    while left[0] or lib.BrotliEncoderHasMoreOutput(encoder) or not parts:
        parts.append(_step(encoder, left, at, room=len(octets) // 2 + 1024))
    return b"".join(parts)


def _step(encoder: object, left: object, at: object, *, room: int) -> bytes:
    """Let the encoder go on to the end of what it was given; at most `room` octets of what it made."""
    made = ffi.new("uint8_t[]", room)
    free, to = ffi.new("size_t *", room), ffi.new("uint8_t **", made)
    if not lib.BrotliEncoderCompressStream(encoder, lib.BROTLI_OPERATION_FLUSH, left, at, free, to, ffi.NULL):
        raise RuntimeError("Brotli's library refused to pack.")
    return bytes(ffi.buffer(made, room - free[0]))
