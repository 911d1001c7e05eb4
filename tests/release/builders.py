"""Entries and headers for the tests of releases, as short as can be said."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from moderation.vocabulary import Category, Entry, Header, Scope

PUBLISHED = datetime(2026, 11, 24, 12, tzinfo=UTC)


def header(serial=1, **changes):
    return replace(
        Header(
            title="Test list",
            list_name="list.example",
            homepage="https://flag.example.org",
            contact="contact@flag.example.org",
            licence="For licensed consumers only.",
            serial=serial,
            published_at=PUBLISHED,
            valid_until=PUBLISHED + timedelta(hours=24),
        ),
        **changes,
    )


def listed(scope, target, host=None, number=1):
    return Entry(
        reference=UUID(int=number, version=4),
        kind="web_page",
        scope=Scope(scope),
        target=target,
        host=host or target,
        territories=("FR",),
        category=Category.LABOUR,
        listed_at=PUBLISHED,
        expires_at=PUBLISHED + timedelta(days=60),
    )


def host(name):
    return listed("host", name)


def page(address):
    return listed("page", address, address.split("/")[2])


def path(address):
    return listed("path", address, address.split("/")[2])
