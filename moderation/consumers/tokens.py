"""A network's tokens, as its engineers hold them. Sees digests only; a token is shown once, outside, and never kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from moderation import audit, policy
from moderation.consumers.adding import choices
from moderation.consumers.entering import Engineer
from moderation.errors import InvalidAnswer, NotFound
from moderation.models import Consumer, ConsumerToken
from moderation.vocabulary import N_, Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenSeen:
    """A token as its owner sees it. `scopes` is empty where it opens everything; `id` never leaves the house."""

    id: int
    reference: UUID
    label: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None

    def is_good(self, at: datetime) -> bool:
        """Whether it opens anything now."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > at)

    def ends_soon(self, at: datetime) -> bool:
        """Whether somebody should make another."""
        return self.is_good(at) and self.expires_at is not None and self.expires_at <= at + policy.CONSUMER_TOKEN_ENDS_SOON


def add_token(
    session: Session,
    engineer: Engineer,
    *,
    digest: bytes,
    label: str,
    scopes: Sequence[str],
    lifetime: timedelta,
    reference: UUID,
    at: datetime,
) -> TokenSeen:
    """Give a network one more token; no scopes for one that opens everything.

    Raises:
        InvalidAnswer: a scope or a lifetime that there is not, a label that is too long, or too many tokens.
    """
    faults = {}
    label = label.replace("\x00", "").strip()
    if len(label) > policy.APPLICATION_LINE:
        faults["label"] = N_("Give it a name of at most 200 characters.")
    if set(scopes) - set(choices()):
        faults["scopes"] = N_("Choose from the formats shown.")
    if lifetime not in policy.CONSUMER_TOKEN_LIFETIMES:
        faults["lifetime"] = N_("Choose one of the times shown.")
    if faults:
        raise InvalidAnswer(faults)
    return _added(session, engineer, digest, label=label, scopes=tuple(scopes), lifetime=lifetime, reference=reference, at=at)


def rotate_token(
    session: Session, engineer: Engineer, old: UUID, *, digest: bytes, reference: UUID, at: datetime
) -> tuple[TokenSeen, datetime]:
    """Give a network a token in the place of another, that is good for the same; also until when the older one still is.

    Raises:
        NotFound: this network has no such token that is good. InvalidAnswer: too many tokens.
    """
    row = session.scalar(select(ConsumerToken).where(_theirs(engineer, old)).with_for_update())
    if row is None or not _seen(row).is_good(at):
        raise NotFound(N_("There is no such token, or it is over already."))
    lifetime = row.expires_at - row.created_at if row.expires_at else policy.CONSUMER_TOKEN_LIFETIMES[0]
    lifetime = min(policy.CONSUMER_TOKEN_LIFETIMES, key=lambda known: abs(known - lifetime))
    given = {"label": row.label, "scopes": tuple(row.scopes or ()), "lifetime": lifetime, "reference": reference}
    made = _added(session, engineer, digest, **given, at=at)  # type: ignore[arg-type]
    until = at + policy.CONSUMER_TOKEN_OVERLAP
    row.expires_at = min(row.expires_at, until) if row.expires_at else until
    session.flush()
    detail = {"token": str(old)}
    audit.record(session, actor=engineer.actor, action="consumer token rotated", subject=engineer.subject, at=at, detail=detail)
    return made, row.expires_at


def revoke_token(session: Session, engineer: Engineer, reference: UUID, *, at: datetime) -> None:
    """End one token, from the next request on.

    Raises:
        NotFound: this network has no such token.
    """
    row = session.scalar(select(ConsumerToken).where(_theirs(engineer, reference)).with_for_update())
    if row is None:
        raise NotFound(N_("There is no such token, or it is over already."))
    if row.revoked_at is None:
        row.revoked_at = at
        session.flush()
        detail = {"token": str(reference)}
        audit.record(session, actor=engineer.actor, action="consumer token revoked", subject=engineer.subject, at=at, detail=detail)


def revoke_tokens(session: Session, reference: UUID, *, by: Actor, at: datetime) -> int:
    """End every token of a network; returns how many.

    Raises:
        NotFound: there is no such network.
    """
    consumer = session.scalar(select(Consumer.id).where(Consumer.reference == reference))
    if consumer is None:
        raise NotFound(N_("There is no such network."))
    living = (ConsumerToken.consumer_id == consumer) & ConsumerToken.revoked_at.is_(None)
    ended = session.scalars(update(ConsumerToken).where(living).values(revoked_at=at).returning(ConsumerToken.id)).all()
    detail = {"tokens": len(ended)}
    audit.record(session, actor=by, action="tokens revoked", subject=f"consumer:{reference}", at=at, detail=detail)
    return len(ended)


def tokens_of(session: Session, consumer: int, *, at: datetime) -> tuple[TokenSeen, ...]:
    """A network's tokens that are good, newest first, and those that ended lately."""
    lately = at - policy.CONSUMER_TOKEN_ENDS_SOON
    recent = (ConsumerToken.revoked_at.is_(None) | (ConsumerToken.revoked_at > lately)) & (
        ConsumerToken.expires_at.is_(None) | (ConsumerToken.expires_at > lately)
    )
    rows = session.scalars(select(ConsumerToken).where(ConsumerToken.consumer_id == consumer, recent).order_by(ConsumerToken.id.desc()))
    return tuple(sorted(map(_seen, rows), key=lambda token: not token.is_good(at)))


def _theirs(engineer: Engineer, reference: UUID) -> ColumnElement[bool]:
    return (ConsumerToken.consumer_id == engineer.id) & (ConsumerToken.reference == reference)


def _added(
    session: Session,
    engineer: Engineer,
    digest: bytes,
    *,
    label: str,
    scopes: tuple[str, ...],
    lifetime: timedelta,
    reference: UUID,
    at: datetime,
) -> TokenSeen:
    # One at a time counts a network's tokens.
    session.execute(select(Consumer.id).where(Consumer.id == engineer.id).with_for_update(key_share=True))
    good = ConsumerToken.revoked_at.is_(None) & (ConsumerToken.expires_at.is_(None) | (ConsumerToken.expires_at > at))
    if (session.scalar(select(func.count()).where(ConsumerToken.consumer_id == engineer.id, good)) or 0) >= policy.CONSUMER_TOKENS:
        raise InvalidAnswer({"label": N_("There are as many tokens as one network may have. Revoke one that is used no more.")})
    row = ConsumerToken(
        consumer_id=engineer.id,
        reference=reference,
        digest=digest,
        label=label,
        scopes=list(scopes) or None,
        created_at=at,
        expires_at=at + lifetime,
    )
    session.add(row)
    session.flush()
    detail = {"token": str(reference), "scopes": list(scopes) or ["everything"]}
    audit.record(session, actor=engineer.actor, action="consumer token added", subject=engineer.subject, at=at, detail=detail)
    return _seen(row)


def _seen(row: ConsumerToken) -> TokenSeen:
    return TokenSeen(
        id=row.id,
        reference=row.reference,
        label=row.label,
        scopes=tuple(row.scopes or ()),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
    )
