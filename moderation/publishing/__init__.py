"""Releases of the list, and the consumers that pull them. Renders and writes nothing: app/release does."""

from moderation.publishing.alarms import Alarm, alarms
from moderation.publishing.changes import changes, newest_before
from moderation.publishing.consumers import CHANGES, ConsumerSeen, add_consumer, consumer_for, revoke_tokens
from moderation.publishing.letting_go import HeldSeen, Turned, held, held_count, let_go
from moderation.publishing.releases import ReleaseSeen, entries, expire, from_number, mark_written, newest, newest_unwritten, release

__all__ = [
    "CHANGES",
    "Alarm",
    "ConsumerSeen",
    "HeldSeen",
    "ReleaseSeen",
    "Turned",
    "add_consumer",
    "alarms",
    "changes",
    "consumer_for",
    "entries",
    "expire",
    "from_number",
    "held",
    "held_count",
    "let_go",
    "mark_written",
    "newest",
    "newest_before",
    "newest_unwritten",
    "release",
    "revoke_tokens",
]
