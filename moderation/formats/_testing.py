"""The two names by which a network tries its own set-up: one that is always listed, one that never is."""

from datetime import UTC, datetime
from uuid import NAMESPACE_DNS, uuid5

from moderation.vocabulary import Entry, Header, Scope

LISTED_LABEL = "blocktest"
NEVER_LISTED_LABEL = "allowtest"


def always_listed(header: Header) -> Entry:
    """The entry of `blocktest.<list name>`.

    Nothing in it depends on the release: an unchanged entry must not look like a change to a client that compares states.
    """
    name = always_listed_name(header.list_name)
    return Entry(
        reference=uuid5(NAMESPACE_DNS, name),
        kind="domain",
        scope=Scope.HOST,
        target=name,
        host=name,
        territories=("ZZ",),
        category="test",
        listed_at=datetime(2026, 1, 1, tzinfo=UTC),
        expires_at=datetime(2126, 1, 1, tzinfo=UTC),
        is_test=True,
    )


def always_listed_name(list_name: str) -> str:
    """The name `blocktest.<list name>`."""
    return f"{LISTED_LABEL}.{list_name}"


def never_listed_name(list_name: str) -> str:
    """The name `allowtest.<list name>`."""
    return f"{NEVER_LISTED_LABEL}.{list_name}"


def never_listed(header: Header) -> str:
    """The same, of a release's own list."""
    return never_listed_name(header.list_name)
