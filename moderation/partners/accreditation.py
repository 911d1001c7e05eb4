"""Who may send many reports, and with which token. Sees digests only; a token is shown once, outside, and never kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from moderation import audit, policy
from moderation.errors import AlreadyExists, InvalidAnswer, NotFound
from moderation.models import Partner, PartnerToken
from moderation.vocabulary import Actor


class Right(StrEnum):
    """What a token is good for."""

    REPORTS = "reports"
    UPLOADS = "uploads"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerSeen:
    """Who holds a token, and what it is good for. `id` never leaves the house."""

    id: int
    reference: UUID
    name: str
    rights: frozenset[Right] = frozenset(Right)
    suspended_until: datetime | None = None

    def is_suspended(self, at: datetime) -> bool:
        """Whether misuse keeps this partner from sending anything but danger."""
        return self.suspended_until is not None and at < self.suspended_until


def add_partner(
    session: Session,
    name: str,
    *,
    token_digest: bytes,
    reference: UUID,
    rights: Sequence[Right],
    by: Actor,
    at: datetime,
    contact: str = "",
) -> PartnerSeen:
    """Accredit a partner, with a first token.

    Raises:
        AlreadyExists: a partner has this name. InvalidAnswer: no name, or a token that is good for nothing.
    """
    name = name.strip()
    if not name:
        raise InvalidAnswer({"name": "Give the partner a name, such as the organisation's own."})
    if session.scalar(select(Partner.id).where(Partner.name == name)):
        raise AlreadyExists(f"There is a partner called {name} already. Choose another name.")
    partner = Partner(reference=reference, name=name, contact=contact, created_at=at)
    session.add(partner)
    session.flush()
    _add_token(session, partner, token_digest, rights, at=at)
    audit.record(session, actor=by, action="partner added", subject=f"partner:{reference}", at=at, detail={"rights": sorted(rights)})
    return PartnerSeen(id=partner.id, reference=reference, name=name, rights=frozenset(rights))


def rotate_token(session: Session, name: str, *, token_digest: bytes, by: Actor, at: datetime) -> datetime:
    """Give a partner a new token with the rights of the newest one; returns until when the older ones stay good.

    Raises:
        NotFound: there is no such partner.
    """
    partner = _named(session, name)
    newest = select(PartnerToken.scopes).where(PartnerToken.partner_id == partner.id).order_by(PartnerToken.id.desc()).limit(1)
    rights = [Right(scope) for scope in session.scalars(newest).one()]
    until = at + policy.PARTNER_TOKEN_OVERLAP
    living = (PartnerToken.partner_id == partner.id) & PartnerToken.revoked_at.is_(None)
    session.execute(update(PartnerToken).where(living).values(expires_at=func.least(PartnerToken.expires_at, until)))
    _add_token(session, partner, token_digest, rights, at=at)
    audit.record(session, actor=by, action="partner token rotated", subject=f"partner:{partner.reference}", at=at)
    return until


def revoke_tokens(session: Session, name: str, *, by: Actor, at: datetime) -> int:
    """End every token of a partner, from the next request on; returns how many.

    Raises:
        NotFound: there is no such partner.
    """
    partner = _named(session, name)
    living = (PartnerToken.partner_id == partner.id) & PartnerToken.revoked_at.is_(None)
    ended = session.execute(update(PartnerToken).where(living).values(revoked_at=at).returning(PartnerToken.id)).all()
    subject = f"partner:{partner.reference}"
    audit.record(session, actor=by, action="partner tokens revoked", subject=subject, at=at, detail={"tokens": len(ended)})
    return len(ended)


def suspend(session: Session, name: str, because: str, *, by: Actor, at: datetime) -> datetime:
    """Take nothing but danger from a partner for a while, after a warning and for misuse alone; returns until when.

    Raises:
        NotFound: there is no such partner. InvalidAnswer: no reason.
    """
    partner = _named(session, name)
    if len(because.strip()) < policy.NOTE_LEAST:
        raise InvalidAnswer({"because": "Say in a sentence what the partner did after the warning: they may appeal."})
    until = at + policy.MISUSE_SUSPENSION
    partner.suspended_until = until
    session.flush()
    detail = {"because": because.strip(), "until": until.isoformat()}
    audit.record(session, actor=by, action="partner suspended", subject=f"partner:{partner.reference}", at=at, detail=detail)
    return until


def partner_for(session: Session, digest: bytes, *, at: datetime) -> PartnerSeen | None:
    """Whose token this is; None for one that is unknown, revoked or expired, or whose partner is disabled."""
    row = session.execute(
        select(Partner.id, Partner.reference, Partner.name, Partner.suspended_until, PartnerToken.scopes)
        .join(PartnerToken, PartnerToken.partner_id == Partner.id)
        .where(
            PartnerToken.digest == digest,
            PartnerToken.revoked_at.is_(None),
            PartnerToken.expires_at > at,
            Partner.disabled_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        return None
    rights = frozenset(Right(scope) for scope in row.scopes)
    return PartnerSeen(id=row.id, reference=row.reference, name=row.name, rights=rights, suspended_until=row.suspended_until)


def named_partner(session: Session, name: str) -> PartnerSeen:
    """The partner of this name, for who works at the machine itself.

    Raises:
        NotFound: there is no such partner.
    """
    partner = _named(session, name)
    return PartnerSeen(id=partner.id, reference=partner.reference, name=partner.name, suspended_until=partner.suspended_until)


def _named(session: Session, name: str) -> Partner:
    partner = session.scalar(select(Partner).where(Partner.name == name))
    if partner is None:
        raise NotFound(f"There is no partner called {name}.")
    return partner


def _add_token(session: Session, partner: Partner, digest: bytes, rights: Sequence[Right], *, at: datetime) -> None:
    if not rights:
        raise InvalidAnswer({"rights": "Say what the token is good for: reports, uploads, or both."})
    expires = at + policy.PARTNER_TOKEN_LIFETIME
    session.add(PartnerToken(partner_id=partner.id, digest=digest, scopes=sorted(rights), created_at=at, expires_at=expires))
    session.flush()
