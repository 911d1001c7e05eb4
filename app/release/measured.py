"""A file that knows its size and SHA-256 by the time it is written. Nothing else."""

import hashlib
from pathlib import Path
from types import TracebackType


class Measured:
    """A new file, measured as it is written."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._digest = hashlib.sha256()
        self.size = 0

    def __enter__(self) -> "Measured":
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()

    def write(self, octets: bytes) -> int:
        """Write all of it."""
        self._digest.update(octets)
        self.size += len(octets)
        return self._file.write(octets)

    @property
    def sha256(self) -> str:
        """The digest of what was written so far, in hexadecimal."""
        return self._digest.hexdigest()
