"""Which partner a token belongs to. Keeps no token and logs none."""

from app import clock, secrets_shown
from app.database import request_session
from moderation import partners
from moderation.partners import PartnerSeen


def partner_with(token: str) -> PartnerSeen | None:
    """The partner of a token, None where it is unknown, expired or revoked, or its partner is disabled."""
    if not token or len(token) > secrets_shown.LIMIT:
        return None
    return partners.partner_for(request_session(), secrets_shown.digest(token), at=clock.now())
