"""How long things are kept."""

from datetime import timedelta
from typing import Final

REPORT_TEXT_KEPT: Final = timedelta(days=365)
"""A report's sealed text, and what was said about it since, is shredded after twelve months †."""

CONTACT_KEPT: Final = timedelta(days=30)
"""A reporter's contact is shredded this long after the last of its cases closed †."""

RESOURCE_KEPT: Final = timedelta(days=365)
"""A resource's address is erased this long after its listing ended, or after its last case closed where it was never listed †."""

DECISIONS_KEPT: Final = timedelta(days=5 * 365)
"""Decisions and the record are kept for five years †."""
