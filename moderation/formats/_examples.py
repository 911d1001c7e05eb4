"""What a format shows of itself: an entry, and the lines it makes of it. For EXAMPLES and the test that runs them; nothing else."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from moderation.vocabulary import Category, Entry, Header, Scope

HEADER = Header(
    title="Example list",
    list_name="list.example",
    homepage="https://flag.example.org",
    contact="contact@flag.example.org",
    licence="For licensed consumers only.",
    serial=7,
    published_at=datetime(2026, 11, 24, 12, tzinfo=UTC),
    valid_until=datetime(2026, 11, 25, 12, tzinfo=UTC),
)


@dataclass(frozen=True, slots=True)
class Example:
    """An entry and its lines under HEADER; no lines where the format leaves the entry out or has no room for its scope."""

    entry: Entry
    lines: tuple[str, ...]


def entry(scope: Scope, target: str, *, host: str = "", kind: str = "web_page") -> Entry:
    """An entry that differs from every other example only in what is given."""
    return Entry(
        reference=UUID("7f0f4a52-6c1d-4b7a-9a62-0d9f2f1b8c11"),
        kind=kind,
        scope=scope,
        target=target,
        host=host or target,
        territories=("FR",),
        category=Category.LABOUR,
        listed_at=datetime(2026, 11, 20, 9, tzinfo=UTC),
        expires_at=datetime(2027, 2, 18, 9, tzinfo=UTC),
    )


def wide(name: str) -> Entry:
    """A host listing of a name."""
    return entry(Scope.HOST, name, kind="domain")
