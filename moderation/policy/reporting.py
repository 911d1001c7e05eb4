"""What one report may hold, and how its form and receipt behave."""

from datetime import timedelta
from typing import Final

RESOURCES_PER_REPORT: Final = 100
"""Resources one report may name †: more is a file for a partner's upload, and a burden to undo if it is abuse."""

REPORT_TEXT_LIMIT: Final = 20_000
"""Characters of free text in one field of a report †."""

ADDRESS_LIMIT: Final = 2_000
"""Octets of a canonical address †. The sitemaps protocol draws the line at 2,048; a longer one is kept as free text."""

FOLDER_LEVELS: Final = 16
"""Folders of a path, counted from the root, that a listing can name †: bounds what one address costs to look up."""

REPORT_BYTES: Final = 1_000_000
"""Octets of one form, one request or one offline file with a report †: its longest answers in any script, several times over."""

RECEIPT_BITS: Final = 128
"""Entropy of a receipt code; the least allowed is 112 (NIST SP 800-131A's floor for security strength)."""

FORM_TOKEN_LIFETIME: Final = timedelta(hours=24)
"""How long the form's signed time token is fresh †. A stale one costs a slower lane, never the report."""

FORM_TOKEN_SOONEST: Final = timedelta(seconds=3)
"""Faster than this nobody fills in the form †; such reports go to the slower lane."""
