"""An entry and a header as JSON objects: the same fields wherever they are written as JSON."""

from typing import Any

from moderation.formats import _heading
from moderation.vocabulary import Entry, Header


def header_fields(header: Header, description: str) -> dict[str, Any]:
    """The header's fields, but for how many lines follow it."""
    return {
        "type": "header",
        "title": _heading.one_line(header.title),
        "description": description,
        "homepage": _heading.one_line(header.homepage),
        "licence": _heading.one_line(header.licence),
        "contact": _heading.one_line(header.contact),
        "list_name": header.list_name,
        "published_at": _heading.moment(header.published_at),
        "valid_until": _heading.moment(header.valid_until),
        "serial": header.serial,
    }


def entry_fields(entry: Entry) -> dict[str, Any]:
    """Every field of the entry; times are RFC 3339 in UTC."""
    return {
        "reference": _heading.number(entry.reference),
        "kind": entry.kind,
        "scope": entry.scope,
        "target": entry.target,
        "host": entry.host,
        "territories": entry.territories,
        "category": entry.category,
        "listed_at": _heading.moment(entry.listed_at),
        "expires_at": _heading.moment(entry.expires_at),
        "is_test": entry.is_test,
    }
