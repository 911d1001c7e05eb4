"""Partners who send many reports: their tokens, what they may not send twice, and the files they upload. Stores no report itself."""

from moderation.partners.accreditation import (
    PartnerSeen,
    Right,
    add_partner,
    named_partner,
    partner_for,
    revoke_tokens,
    rotate_token,
    suspend,
)
from moderation.partners.requests import forget_old, is_first, note
from moderation.partners.uploads import UploadSeen, advance, delete_old, finish, keep, left, sent, take_up

__all__ = [
    "PartnerSeen",
    "Right",
    "UploadSeen",
    "add_partner",
    "advance",
    "delete_old",
    "finish",
    "forget_old",
    "is_first",
    "keep",
    "left",
    "named_partner",
    "note",
    "partner_for",
    "revoke_tokens",
    "rotate_token",
    "sent",
    "suspend",
    "take_up",
]
