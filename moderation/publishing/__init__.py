"""Releases of the list, what is held back from them, and the keys of its zone. Renders and writes nothing: app/release does."""

from moderation.publishing.alarms import Alarm, alarms
from moderation.publishing.changes import changes, newest_before, places_changed
from moderation.publishing.covering import names_above
from moderation.publishing.letting_go import HeldSeen, Turned, held, held_count, let_go
from moderation.publishing.order import BEHIND, Place, place
from moderation.publishing.releases import (
    ReleaseSeen,
    entries,
    expire,
    from_number,
    mark_written,
    newest,
    newest_unwritten,
    numbered,
    release,
    stored_between,
)
from moderation.publishing.stored import Stored
from moderation.publishing.transfer_keys import (
    add_transfer_key,
    living_transfer_keys,
    notify_addresses,
    revoke_transfer_keys,
    transfer_keys_of,
)

__all__ = [
    "BEHIND",
    "Alarm",
    "HeldSeen",
    "Place",
    "ReleaseSeen",
    "Stored",
    "Turned",
    "add_transfer_key",
    "alarms",
    "changes",
    "entries",
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
    "numbered",
    "place",
    "places_changed",
    "release",
    "revoke_transfer_keys",
    "stored_between",
    "transfer_keys_of",
]
