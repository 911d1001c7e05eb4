"""How many answers are remembered: many formats ask the same of one shard's entries, format after format."""

ASKED_AGAIN = 1 << 13
"""More than a shard has entries (app/release/cutting.py)."""
