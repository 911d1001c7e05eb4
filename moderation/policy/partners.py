"""What accredited partners may send, and how long their tokens are good."""

from datetime import timedelta
from typing import Final

BATCH_REPORTS: Final = 1_000
"""Reports that a partner may send in one request †."""

BATCH_BYTES: Final = 5_000_000
"""Octets of a request with many reports †: a thousand of five kilobytes."""

PARTNER_TOKEN_LIFETIME: Final = timedelta(days=365)
"""How long a partner's token is good †. It is changed before that, with `flask partners rotate`."""

PARTNER_TOKEN_OVERLAP: Final = timedelta(days=14)
"""How long the older tokens of a partner stay good after a new one was made †, so that no report is lost in between."""

REQUEST_KEY_KEPT: Final = timedelta(hours=24)
"""How long a request sent again under the same Idempotency-Key is known †; kept to the hour."""

REQUEST_KEY_LEAST: Final = 16
REQUEST_KEY_MOST: Final = 128
"""Characters of an Idempotency-Key †: long enough that two senders who draw one at random never draw the same."""

UPLOAD_ROWS: Final = 5_000
"""Rows of a partner's file †."""

UPLOAD_BYTES: Final = 4_000_000
"""Octets of a partner's file †."""

UPLOAD_PREVIEW: Final = timedelta(hours=1)
"""How long a previewed file can be confirmed †; it lies nowhere in the meantime but in the partner's own browser."""

UPLOAD_KEPT: Final = timedelta(hours=24)
"""How long the results of an upload can be fetched †; then they, and anything left of the file, are deleted."""

MISUSE_SUSPENSION: Final = timedelta(days=30)
"""How long a partner who misuses reporting may send nothing but danger (DSA article 23) †."""
