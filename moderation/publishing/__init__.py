"""Releases of the list, and the consumers that pull them. Renders and writes nothing: app/release does."""

from moderation.publishing.alarms import Alarm, alarms
from moderation.publishing.changes import changes, newest_before, places_changed
from moderation.publishing.consumers import CHANGES, ConsumerSeen, add_consumer, consumer_called, consumer_for
from moderation.publishing.covering import names_above
from moderation.publishing.letting_go import HeldSeen, Turned, held, held_count, let_go
from moderation.publishing.order import BEHIND, Place, place
from moderation.publishing.releases import (
    ReleaseSeen,
    entries,
    entries_between,
    expire,
    from_number,
    mark_written,
    newest,
    newest_unwritten,
    release,
)
from moderation.publishing.transfer_keys import (
    add_transfer_key,
    living_transfer_keys,
    notify_addresses,
    revoke_transfer_keys,
    transfer_keys_of,
)

__all__ = [
    "BEHIND",
    "CHANGES",
    "Alarm",
    "ConsumerSeen",
    "HeldSeen",
    "Place",
    "ReleaseSeen",
    "Turned",
    "add_consumer",
    "add_transfer_key",
    "alarms",
    "changes",
    "consumer_called",
    "consumer_for",
    "entries",
    "entries_between",
    "expire",
    "from_number",
    "held",
    "held_count",
    "let_go",
    "living_transfer_keys",
    "mark_written",
    "names_above",
    "newest",
    "newest_before",
    "newest_unwritten",
    "notify_addresses",
    "place",
    "places_changed",
    "release",
    "revoke_transfer_keys",
    "transfer_keys_of",
]
