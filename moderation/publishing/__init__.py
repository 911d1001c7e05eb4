"""Releases of the list, and the consumers that pull them. Renders and writes nothing: app/release does."""

from moderation.publishing.consumers import ConsumerSeen, add_consumer, consumer_for, revoke_tokens
from moderation.publishing.releases import ReleaseSeen, entries, expire, mark_written, newest, newest_unwritten, release

__all__ = [
    "ConsumerSeen",
    "ReleaseSeen",
    "add_consumer",
    "consumer_for",
    "entries",
    "expire",
    "mark_written",
    "newest",
    "newest_unwritten",
    "release",
    "revoke_tokens",
]
