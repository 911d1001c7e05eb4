"""Makes transfer keys for consumers: the secret is shown once, and kept sealed for the name server."""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app import sealing
from app.keys import Keys
from moderation import publishing
from moderation.vocabulary import Actor, TransferAlgorithm

SECRET_OCTETS = {TransferAlgorithm.HMAC_SHA256: 32, TransferAlgorithm.HMAC_SHA384: 48, TransferAlgorithm.HMAC_SHA512: 64}
"""As long as the digest: a shorter one weakens it, a longer one adds nothing (RFC 2104)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A new key, to be shown once. `secret` is base64, as every name server wants it."""

    name: str
    algorithm: TransferAlgorithm
    secret: str = field(repr=False)
    notify: tuple[str, ...]


def give_key(
    session: Session,
    consumer: UUID,
    keys: Keys,
    *,
    algorithm: TransferAlgorithm = TransferAlgorithm.HMAC_SHA256,
    notify: Sequence[str] = (),
    by: Actor,
    at: datetime,
) -> Given:
    """Give a consumer a new key; its name is random too, so that nobody's words stand in the name server's configuration.

    Raises:
        moderation.errors.NotFound, moderation.errors.InvalidAnswer: as `publishing.add_transfer_key`.
    """
    name = f"flagstone-{secrets.token_hex(8)}"
    secret = new_secret(algorithm)
    publishing.add_transfer_key(
        session,
        consumer,
        name=name,
        algorithm=algorithm,
        wrapped=sealing.seal_to_desk(secret.encode(), keys),
        desk_key=keys.desk_key,
        notify=notify,
        by=by,
        at=at,
    )
    return Given(name=name, algorithm=algorithm, secret=secret, notify=tuple(notify))


def new_secret(algorithm: TransferAlgorithm) -> str:
    """A fresh secret for this algorithm, in base64."""
    return base64.b64encode(secrets.token_bytes(SECRET_OCTETS[algorithm])).decode()
