"""Addresses and names in canonical form (docs/resources.md). Pure: no database, no network; must not know kinds of resource."""

from moderation.addresses.address import Address, host_of, read, whatwg_href
from moderation.addresses.coverage import expressions, ladder, name_coverage, name_steps
from moderation.addresses.lookalikes import imitated_names
from moderation.addresses.names import display_host, has_known_suffix, is_ip, is_public_suffix, registrable_domain, with_parents

__all__ = [
    "Address",
    "display_host",
    "expressions",
    "has_known_suffix",
    "host_of",
    "imitated_names",
    "is_ip",
    "is_public_suffix",
    "ladder",
    "name_coverage",
    "name_steps",
    "read",
    "registrable_domain",
    "whatwg_href",
    "with_parents",
]
