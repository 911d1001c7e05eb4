"""Reads and writes in the folder that we share with the name server, whose group may write there too: a name there may be anything."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


def read(file: Path, *, most: int) -> bytes | None:
    """What the file holds, `most` octets of it; None where there is none. No pipe keeps us waiting, and no link leads elsewhere.

    Raises:
        OSError: it is no plain file.
    """
    try:
        opened = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    with os.fdopen(opened, "rb") as found:
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            raise OSError(f"{file} is not a plain file. Remove it; it is made anew then.")
        return found.read(most)


@contextmanager
def made_anew(file: Path, *, mode: int) -> Iterator[TextIO]:
    """A file of our own for ASCII text, in the place of whatever had its name: a link that lay there is removed and not followed."""
    file.unlink(missing_ok=True)
    opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(opened, "w", encoding="ascii", newline="\n") as written:
        os.fchmod(opened, mode)
        yield written
