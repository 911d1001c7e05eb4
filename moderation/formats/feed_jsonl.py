"""feed.jsonl: a header object, then one JSON object an entry with every field of it. Carries onion services, as feed.csv does."""

from typing import Any

import orjson

from moderation.formats import _guards, _objects
from moderation.formats._examples import Example, entry, wide
from moderation.vocabulary import N_, Entry, Header, Scope

FILE_NAME = "feed.jsonl"
MEDIA_TYPE = "application/x-ndjson"
LABEL = N_("JSON lines, every field")
SCOPES = frozenset(Scope)
LEAVES_OUT_COVERED = False
DESCRIPTION = "JSON lines; the first line is this header, every other line is one entry."


def header_lines(header: Header) -> tuple[str, ...]:
    """One object with `type` header."""
    return (_text({**_objects.header_fields(header, DESCRIPTION), "entries": header.entries}),)


def left_out(entry: Entry, header: Header) -> str | None:
    """Refuse what is not canonical: a target is printable ASCII, and anything else may be read as two lines by careless programs."""
    return _guards.unfit_text(entry)


def lines(entry: Entry, header: Header) -> tuple[str, ...]:
    """One object with `type` entry and every field of the entry."""
    return (_text({"type": "entry", **_objects.entry_fields(entry)}),)


def footer_lines(header: Header) -> tuple[str, ...]:
    """Nothing."""
    return ()


def _text(fields: dict[str, Any]) -> str:
    return orjson.dumps(fields).decode()


EXAMPLES = (
    Example(
        wide("shop.example.net"),
        (
            '{"type":"entry","reference":"7f0f4a52-6c1d-4b7a-9a62-0d9f2f1b8c11","kind":"domain","scope":"host","target":"shop.example.net",'
            '"host":"shop.example.net","territories":["FR"],"category":"labour","listed_at":"2026-11-20T09:00:00Z",'
            '"expires_at":"2027-02-18T09:00:00Z","is_test":false}',
        ),
    ),
    Example(entry(Scope.PAGE, "https://example.net/\u2028", host="example.net"), ()),
)
