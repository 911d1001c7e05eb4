"""The same counts in a Redis, for machines that take reports together. Knows no limit; where Redis does not answer, counts here alone."""

import secrets
import time
from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Any, TypeVar

import structlog
from redis import Redis, RedisError

from app.counters import HOUR_SECONDS, KEY_OCTETS, Counters, Tally

log = structlog.get_logger(__name__)

PATIENCE_SECONDS = 0.25
"""A report does not wait longer than this for a count."""

AWAY_SECONDS = 10.0
"""How long a Redis that did not answer is left alone."""

Answer = TypeVar("Answer")


class RedisCounters:
    """Counters in Redis. `alone` counts while it is away: what it then lets through, a moment later may be too much."""

    def __init__(self, url: str, alone: Counters) -> None:
        # No connection is made before the first count, so each process that was forked makes its own.
        self._redis: Redis = Redis.from_url(url, socket_timeout=PATIENCE_SECONDS, socket_connect_timeout=PATIENCE_SECONDS)
        self._alone, self._away_until = alone, 0.0
        self._keys: dict[str, bytes] = {}

    def add(self, tallies: Sequence[Tally], *, at: int) -> list[int]:
        """Count, in one step."""
        return self._asked(lambda: self._add(tallies, at), lambda: self._alone.add(tallies, at=at))

    def counts(self, names: Sequence[bytes], *, at: int) -> list[int]:
        """What was counted so far."""
        return self._asked(lambda: self._counts(names, at), lambda: self._alone.counts(names, at=at))

    def spend(self, name: bytes, *, until: int, at: int) -> bool:
        """True for the first who asks; while Redis is away nobody can know, so nobody is the first."""
        place = b"flagstone:spent:" + _digest(name, b"")
        return self._asked(lambda: bool(self._redis.set(place, b"1", nx=True, ex=max(1, until - at))), lambda: False)

    def is_spent(self, name: bytes, *, at: int) -> bool:
        """Whether somebody has spent it."""
        return self._asked(lambda: bool(self._redis.exists(b"flagstone:spent:" + _digest(name, b""))), lambda: True)

    def signing_key(self) -> bytes:
        """Drawn by the first who needs it, and gone with what Redis remembers."""
        return self._asked(lambda: self._key("signing", None), self._alone.signing_key)

    def _add(self, tallies: Sequence[Tally], at: int) -> list[int]:
        key = self._key_of_the_hour(at)
        with self._redis.pipeline(transaction=True) as steps:
            for each in tallies:
                place = b"flagstone:count:" + _digest(each.name, key)
                steps.incrby(place, each.amount)
                steps.expire(place, max(1, each.until - at))
            return [int(count) for count in steps.execute()[::2]]

    def _counts(self, names: Sequence[bytes], at: int) -> list[int]:
        key = self._key_of_the_hour(at)
        found: Any = self._redis.mget([b"flagstone:count:" + _digest(name, key) for name in names])
        return [int(count or 0) for count in found]

    def _key_of_the_hour(self, at: int) -> bytes:
        return self._key(f"hour:{at // HOUR_SECONDS}", HOUR_SECONDS - at % HOUR_SECONDS)

    def _key(self, name: str, seconds: int | None) -> bytes:
        if seconds is not None and name in self._keys:
            return self._keys[name]
        drawn = secrets.token_bytes(KEY_OCTETS)
        self._redis.set(f"flagstone:key:{name}", drawn, nx=True, ex=seconds)
        found: Any = self._redis.get(f"flagstone:key:{name}")
        # It may have ended between the two, with its hour.
        self._keys = {name: bytes(found or drawn)}
        return self._keys[name]

    def _asked(self, ask: Callable[[], Answer], alone: Callable[[], Answer]) -> Answer:
        if time.monotonic() < self._away_until:
            return alone()
        try:
            return ask()
        except RedisError as fault:
            # Its own text may hold what was sent, so only its kind is logged.
            log.error("redis does not answer, so this machine counts alone", fault=type(fault).__name__)
            self._away_until = time.monotonic() + AWAY_SECONDS
            return alone()


def _digest(name: bytes, key: bytes) -> bytes:
    return blake2b(name, key=key, digest_size=16).hexdigest().encode()
