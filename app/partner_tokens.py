"""Which partner a token belongs to. Keeps no token and logs none."""

import hashlib

from app import clock
from app.database import request_session
from moderation import partners
from moderation.partners import PartnerSeen

TOKEN_LIMIT = 512
"""Characters of anything that could be a token; longer ones are not looked up."""


def digest(token: str) -> bytes:
    """What is stored of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def partner_with(token: str) -> PartnerSeen | None:
    """The partner of a token, None where it is unknown, expired or revoked, or its partner is disabled."""
    if not token or len(token) > TOKEN_LIMIT:
        return None
    return partners.partner_for(request_session(), digest(token), at=clock.now())
