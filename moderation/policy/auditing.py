"""How the record is sealed."""

from typing import Final

SEAL_LOOKBACK: Final = 10_000
"""Identifiers behind the newest sealed row in which a late commit is looked for †; `flask audit verify` looks at all."""
