"""Counts in memory that all processes of one server share, under a key that lasts an hour. Writes no count to any disk; knows no limit.

The memory is made before the server forks (`gunicorn --preload`), so every worker counts in the same place. A name is kept as a keyed
digest alone; when the clock's hour ends, the key and all that was counted under it are wiped.
"""

import ctypes
import mmap
import os
import secrets
import struct
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from errno import EINTR, EWOULDBLOCK
from fcntl import LOCK_EX, LOCK_NB, LOCK_UN
from hashlib import blake2b
from pathlib import Path
from typing import Protocol

HOUR_SECONDS = 3600
KEY_OCTETS = 32


@dataclass(frozen=True, slots=True)
class Tally:
    """What to count: `amount` more under `name` (fewer where it is below nought), forgotten at `until` (seconds since 1970)."""

    name: bytes
    until: int
    amount: int = 1


class Counters(Protocol):
    """Where counts live. `at` is in seconds since 1970."""

    def add(self, tallies: Sequence[Tally], *, at: int) -> list[int]:
        """Count, in one step; the new counts, in the same order."""
        ...

    def counts(self, names: Sequence[bytes], *, at: int) -> list[int]:
        """What was counted so far, counting nothing."""
        ...

    def spend(self, name: bytes, *, until: int, at: int) -> bool:
        """True for the first who asks, false for everybody else, until `until`; false also where there is no room to be sure."""
        ...

    def is_spent(self, name: bytes, *, at: int) -> bool:
        """Whether somebody has spent it."""
        ...

    def signing_key(self) -> bytes:
        """A key that lives as long as what is spent is remembered: who forgets the one loses the other."""
        ...


class SharedCounters:
    """Counters in anonymous memory, for one machine."""

    def __init__(self, lock_file: Path, *, places: int = 1 << 17) -> None:
        self._lock = ProcessLock(lock_file)
        self._counted, self._spent = _Table(places), _Table(places // 4)
        self._hour = mmap.mmap(-1, _HOUR.size)
        # Not under the hour's key: what is spent at 12:59 is still spent at 13:00, and its names tell of nobody.
        self._standing_key = secrets.token_bytes(KEY_OCTETS)

    def add(self, tallies: Sequence[Tally], *, at: int) -> list[int]:
        """Count, in one step."""
        with self._lock.held():
            key = self._key_of_the_hour(at)
            return [self._counted.add(_digest(each.name, key), each.amount, until=each.until, at=at) for each in tallies]

    def counts(self, names: Sequence[bytes], *, at: int) -> list[int]:
        """What was counted so far."""
        with self._lock.held():
            key = self._key_of_the_hour(at)
            return [self._counted.count(_digest(name, key), at=at) for name in names]

    def spend(self, name: bytes, *, until: int, at: int) -> bool:
        """True for the first who asks."""
        with self._lock.held():
            return self._spent.put_first(_digest(name, self._standing_key), until=until, at=at)

    def is_spent(self, name: bytes, *, at: int) -> bool:
        """Whether somebody has spent it."""
        with self._lock.held():
            return self._spent.count(_digest(name, self._standing_key), at=at) > 0

    def signing_key(self) -> bytes:
        """Drawn at the start, never written down."""
        return blake2b(b"signing", key=self._standing_key, digest_size=KEY_OCTETS).digest()

    def _key_of_the_hour(self, at: int) -> bytes:
        hour, key = _HOUR.unpack_from(self._hour, 0)
        if hour != at // HOUR_SECONDS:
            key = secrets.token_bytes(KEY_OCTETS)
            self._counted.wipe()
            # Last, so that whoever follows a process that was killed half way does it again.
            _HOUR.pack_into(self._hour, 0, at // HOUR_SECONDS, key)
        return bytes(key)


_HOUR = struct.Struct(f"<Q{KEY_OCTETS}s")


class _Table:
    """A hash table of fixed size: digest, end and count in each place. Who calls holds the lock."""

    _PLACE = struct.Struct("<8sII")
    LOOKED_AT = 16
    """Places that a digest may lie in: bounds what one count costs, however full the table is."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._memory = mmap.mmap(-1, places * self._PLACE.size)

    def wipe(self) -> None:
        self._memory[:] = bytes(len(self._memory))

    def count(self, digest: bytes, *, at: int) -> int:
        return next((count for _, found, until, count in self._around(digest) if found == digest and until > at), 0)

    def add(self, digest: bytes, amount: int, *, until: int, at: int) -> int:
        place, before = self._place_for(digest, at)
        # What is given back may have been forgotten with its hour meanwhile.
        count = max(0, min(before + amount, 0xFFFFFFFF))
        self._PLACE.pack_into(self._memory, place, digest, until, count)
        return count

    def put_first(self, digest: bytes, *, until: int, at: int) -> bool:
        """Put it down where it is not there yet. What others put down is never pushed out before its end."""
        if self.count(digest, at=at):
            return False
        free = next((place for place, _, ends, _ in self._around(digest) if ends <= at), None)
        if free is None:
            return False
        self._PLACE.pack_into(self._memory, free, digest, until, 1)
        return True

    def _place_for(self, digest: bytes, at: int) -> tuple[int, int]:
        """Where it lies, or else a free place, or else that of the smallest count: what a flood from many names counts least."""
        best, fewest = 0, 1 << 33
        for place, found, until, count in self._around(digest):
            if found == digest and until > at:
                return place, count
            worth = count if until > at else -1
            if worth < fewest:
                best, fewest = place, worth
        return best, 0

    def _around(self, digest: bytes) -> Iterator[tuple[int, bytes, int, int]]:
        first = int.from_bytes(digest, "little")
        for step in range(self.LOOKED_AT):
            place = (first + step) % self._places * self._PLACE.size
            yield place, *self._PLACE.unpack_from(self._memory, place)


class ProcessLock:
    """One holder at a time among the threads of all processes; a holder that is killed lets go of it."""

    WAIT_SECONDS = 0.00005

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file, self._process, self._handle = file, 0, -1
        self._among_threads = threading.Lock()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold it for some microseconds: no waiting, no reading of files inside."""
        with self._among_threads:
            handle = self._own_handle()
            while _FLOCK(handle, LOCK_EX | LOCK_NB) != 0:
                if ctypes.get_errno() not in (EWOULDBLOCK, EINTR):
                    raise OSError(ctypes.get_errno(), "The lock of the counters cannot be taken")
                time.sleep(self.WAIT_SECONDS)
            try:
                yield
            finally:
                _FLOCK(handle, LOCK_UN)

    def _own_handle(self) -> int:
        """The file, opened by this process: one that is inherited would share its lock with the parent."""
        if self._process != os.getpid():
            self._handle = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self._process = os.getpid()
        return self._handle


# Called without giving up the interpreter's own lock, as fcntl.flock does: a thread that holds our lock and waits for the interpreter
# would hold up all other processes for some milliseconds.
_FLOCK = ctypes.PyDLL(None, use_errno=True).flock


def _digest(name: bytes, key: bytes) -> bytes:
    return blake2b(name, key=key, digest_size=8).digest()
