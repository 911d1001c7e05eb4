"""How a reader unpacks each coding, by the libraries' own readers; of gzip one member alone, as curl and browsers do."""

import sys
import zlib

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


def of_one_member(octets):
    """The text of a gzip file that has one member and nothing behind it."""
    reader = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    text = reader.decompress(octets)
    assert (reader.eof, reader.unused_data) == (True, b"")
    return text


UNPACK = {"gzip": of_one_member, "br": brotli.decompress, "zstd": zstd.decompress}
SUFFIX = {"gzip": ".gz", "br": ".br", "zstd": ".zst"}
