"""An object store of any kind, in the few words that are needed here. Knows no release."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

SCHEMES: Final = ("s3", "gs", "az", "file")
JSON: Final = "application/json"
MOVING: Final = "no-cache"

PARTS_AT_ONCE: Final = 4
RETRIES: Final = {"max_retries": 3, "retry_timeout": timedelta(seconds=20)}


class StoreError(Exception):
    """Why the release did not get there; the message says what to do. What was put there stays, and the next run goes on with it."""


class ObjectStore:
    """One place in such a store, by its address."""

    def __init__(self, url: str) -> None:
        # The library is large, and only this needs it.
        import obstore  # noqa: PLC0415

        scheme = urlsplit(url).scheme
        if scheme not in SCHEMES:
            raise StoreError(f"{url!r} is no address of an object store; use s3://bucket/prefix, gs://..., az://... or file:///folder.")
        self._takes_headers = scheme != "file"
        how: dict[str, Any] = {"retry_config": RETRIES} if self._takes_headers else {"mkdir": True}
        self._library = obstore
        self._store = obstore.store.from_url(url, **how)

    def read(self, name: str) -> bytes | None:
        """A whole object, None where there is none."""
        try:
            return bytes(self._library.get(self._store, name).bytes())
        except FileNotFoundError:
            return None

    def put(self, name: str, what: Path | bytes, media_type: str, caching: str) -> None:
        """Put an object there, whole or not at all."""
        headers: dict[str, Any] = {"attributes": {"Content-Type": media_type, "Cache-Control": caching}} if self._takes_headers else {}
        self._library.put(self._store, name, what, max_concurrency=PARTS_AT_ONCE, **headers)

    def sizes(self, prefix: str) -> dict[str, int]:
        """Each object below a prefix, with its size in octets."""
        return {found["path"]: found["size"] for page in self._library.list(self._store, prefix) for found in page}

    def below(self, prefix: str) -> dict[str, datetime]:
        """Each object below a prefix, and when it came."""
        return {found["path"]: found["last_modified"] for page in self._library.list(self._store, prefix) for found in page}

    def remove(self, names: list[str]) -> int:
        """Remove objects, in this order; how many."""
        for name in names:
            self._library.delete(self._store, name)
        return len(names)


@contextmanager
def told(url: str) -> Iterator[None]:
    """Say in one line what a store answered."""
    from obstore.exceptions import BaseError  # noqa: PLC0415

    try:
        yield
    except (BaseError, OSError, ValueError) as fault:
        said = str(fault).split("\n", 1)[0]
        raise StoreError(f"{url} could not be written: {said}") from fault
