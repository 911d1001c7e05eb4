"""A file that knows its size and SHA-256 by the time it is written. Nothing else."""

import hashlib
import os
from pathlib import Path


class Measured:
    """A new file, measured as it is written. What is written goes to the system at once: hand it over in long parts."""

    def __init__(self, path: Path, mode: int) -> None:
        self._file = path.open("wb", buffering=0)
        os.fchmod(self._file.fileno(), mode)
        self._digest = hashlib.sha256()
        self.size = 0

    def __enter__(self) -> "Measured":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, octets: memoryview) -> None:
        """Write all of it."""
        self._digest.update(octets)
        self.size += len(octets)
        while octets:
            octets = octets[self._file.write(octets) :]

    @property
    def sha256(self) -> str:
        """The digest of what was written so far, in hexadecimal."""
        return self._digest.hexdigest()
