"""The header that people and programs look for, as name and value; each format writes it in its own comment syntax."""

from datetime import UTC, datetime
from functools import lru_cache
from uuid import UUID

from moderation.formats._remembered import ASKED_AGAIN
from moderation.vocabulary import Header


def fields(header: Header, description: str) -> tuple[tuple[str, str], ...]:
    """Every field of the header in its fixed order, each value on one line."""
    named = (
        ("Title", header.title),
        ("Description", description),
        ("Homepage", header.homepage),
        ("Licence", header.licence),
        ("Contact for wrong entries", header.contact),
        ("Published", moment(header.published_at)),
        ("Valid until", moment(header.valid_until)),
        ("Serial", str(header.serial)),
        ("Number of entries", str(header.entries)),
    )
    return tuple((name, one_line(value)) for name, value in named)


def comments(mark: str, header: Header, description: str) -> tuple[str, ...]:
    """The header as comment lines that begin with `mark`."""
    return tuple(f"{mark} {name}: {value}" for name, value in fields(header, description))


@lru_cache(maxsize=ASKED_AGAIN)
def number(reference: UUID) -> str:
    """A reference as it is written."""
    return str(reference)


@lru_cache(maxsize=ASKED_AGAIN)
def moment(at: datetime) -> str:
    """A time in UTC to the second, as RFC 3339 writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def one_line(text: str) -> str:
    """The text without anything that could end its line or hide in it: an operator's setting must not become an entry."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
