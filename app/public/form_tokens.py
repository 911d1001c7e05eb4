"""The report form's signed time token: tells when the form was shown, and makes one form one report. Refuses nobody."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from itsdangerous import BadData, URLSafeSerializer

from app.keys import Keys
from moderation import policy

SECRET_OCTETS = policy.RECEIPT_BITS // 8


@dataclass(frozen=True, slots=True)
class FormToken:
    """`nonce` is this form's own secret, None where the token is missing or not ours; `shown_at` (UTC) likewise."""

    nonce: bytes | None
    shown_at: datetime | None

    def is_timely(self, at: datetime) -> bool:
        """Shown long enough ago for a person to have filled it in, and not too long ago."""
        if self.shown_at is None:
            return False
        return policy.FORM_TOKEN_SOONEST <= at - self.shown_at <= policy.FORM_TOKEN_LIFETIME

    def receipt_secret(self, typed: bytes, keys: Keys) -> bytes:
        """The receipt's secret: the same for the same form with the same answers, so that sending it twice makes one report.

        Other answers on the same form are another report: nothing that someone writes is taken for a repeat of something else.
        """
        if self.nonce is None:
            return secrets.token_bytes(SECRET_OCTETS)
        return hmac.new(keys.derive("receipt"), self.nonce + typed, hashlib.sha256).digest()[:SECRET_OCTETS]


def issue(keys: Keys, *, at: datetime) -> str:
    """A token for a form shown now."""
    nonce = base64.b64encode(secrets.token_bytes(SECRET_OCTETS)).decode()
    return str(_signer(keys.derive("form token")).dumps([nonce, int(at.timestamp())]))


def read(token: str, keys: Keys) -> FormToken:
    """What a token says, however old it is."""
    try:
        nonce, shown_at = _signer(keys.derive("form token")).loads(token)
    except BadData:
        return FormToken(None, None)
    return FormToken(base64.b64decode(nonce), datetime.fromtimestamp(shown_at, UTC))


@lru_cache(maxsize=1)
def _signer(key: bytes) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt="report")
