"""Ends all that opens the list to a network or tells it of it, in one step. What a token, a key or a webhook is, its own room knows."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from moderation import consumers, publishing, webhooks
from moderation.vocabulary import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoked:
    """How many of each ended."""

    tokens: int
    transfer_keys: int
    webhooks: int


def revoke_all(session: Session, consumer: UUID, *, by: Actor, at: datetime) -> Revoked:
    """End a network's tokens, transfer keys and webhooks, each with its own line in the record. Its engineers can make new ones.

    Raises:
        NotFound: there is no such network.
    """
    return Revoked(
        tokens=consumers.revoke_tokens(session, consumer, by=by, at=at),
        transfer_keys=publishing.revoke_transfer_keys(session, consumer, by=by, at=at),
        webhooks=webhooks.end_all(session, consumer, by=by, at=at),
    )
