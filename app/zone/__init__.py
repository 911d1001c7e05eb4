"""The list as a zone that networks transfer: what feeds the hidden primary, and what tells it who may. Speaks no AXFR to consumers."""

from app.zone.giving import Given, give_key
from app.zone.naming import zone_name
from app.zone.telling import take_keys

__all__ = ["Given", "give_key", "take_keys", "zone_name"]
