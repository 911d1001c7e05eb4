"""The list as a zone that networks transfer: what feeds the hidden primary, and what tells it who may. Speaks no AXFR to consumers."""

from app.zone.checking import content, glance, keys_untaken, unknown_keys
from app.zone.feeding import Fed, Step, feed
from app.zone.giving import Given, give_key
from app.zone.letters import zone_lines
from app.zone.naming import zone_name
from app.zone.telling import digest, note_taken, put, take_keys, taken, wanted_text
from app.zone.trouble import Trouble

__all__ = [
    "Fed",
    "Given",
    "Step",
    "Trouble",
    "content",
    "digest",
    "feed",
    "give_key",
    "glance",
    "keys_untaken",
    "note_taken",
    "put",
    "take_keys",
    "taken",
    "unknown_keys",
    "wanted_text",
    "zone_lines",
    "zone_name",
]
