"""A file that knows its size and SHA-256 by the time it is written, and its CRC-32 where that is wanted. Nothing else."""

import hashlib
import os
from pathlib import Path

from zlib_ng.zlib_ng import crc32

BUFFER = 1 << 20


class Measured:
    """A new file, measured as it is written."""

    def __init__(self, path: Path, *, with_crc: bool = False) -> None:
        self._file = path.open("wb", buffering=BUFFER)
        self._digest = hashlib.sha256()
        self._with_crc = with_crc
        self.size = 0
        self.crc = 0

    def __enter__(self) -> "Measured":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, octets: bytes | memoryview) -> None:
        """Write all of it."""
        self._digest.update(octets)
        if self._with_crc:
            self.crc = crc32(octets, self.crc)
        self.size += len(octets)
        self._file.write(octets)

    def settle(self, mode: int) -> None:
        """Wait until all of it is on the disk."""
        self._file.flush()
        os.fchmod(self._file.fileno(), mode)
        os.fsync(self._file.fileno())

    @property
    def sha256(self) -> str:
        """The digest of what was written so far, in hexadecimal."""
        return self._digest.hexdigest()
