"""How a reader unpacks each coding, by the libraries' own readers."""

import gzip
import sys

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

UNPACK = {"gzip": gzip.decompress, "br": brotli.decompress, "zstd": zstd.decompress}
SUFFIX = {"gzip": ".gz", "br": ".br", "zstd": ".zst"}
