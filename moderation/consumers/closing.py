"""Closing a network and opening it again, and the list of all of them. Its tokens stay as they are: closed, none of them opens anything."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from moderation import audit, due
from moderation.errors import NotFound
from moderation.models import Consumer, ConsumerKey, ConsumerSignIn, ConsumerToken
from moderation.vocabulary import N_, Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsumerListed:
    """A network, as administrators see it. `id` never leaves the house."""

    id: int
    reference: UUID
    name: str
    contact: str
    contact_name: str
    territory: str
    software: str
    formats: tuple[str, ...]
    address_formats: tuple[str, ...]
    allowed_networks: tuple[str, ...]
    created_at: datetime
    disabled_at: datetime | None
    tokens: int
    """Tokens that open something now, were the network open."""


def everyone(session: Session, *, at: datetime) -> tuple[ConsumerListed, ...]:
    """All networks, by name."""
    return _listed(session, at=at)


def one(session: Session, reference: UUID, *, at: datetime) -> ConsumerListed:
    """One network.

    Raises:
        NotFound: there is no such network.
    """
    found = _listed(session, Consumer.reference == reference, at=at)
    if not found:
        raise NotFound(N_("There is no such network."))
    return found[0]


def close(session: Session, reference: UUID, *, by: Actor, at: datetime) -> None:
    """End all that a network may do, from its next request on.

    Raises:
        NotFound: there is no such network.
    """
    consumer = _locked(session, reference)
    if consumer.disabled_at is not None:
        return
    consumer.disabled_at = at
    for table in (ConsumerSignIn, ConsumerKey):
        living = (table.consumer_id == consumer.id) & table.ended_at.is_(None)
        session.execute(update(table).where(living).values(ended_at=at))
    session.flush()
    due.require(session, due.TRANSFER_KEYS)
    audit.record(session, actor=by, action="consumer closed", subject=f"consumer:{reference}", at=at)


def reopen(session: Session, reference: UUID, *, by: Actor, at: datetime) -> None:
    """Let a network go on with the tokens it had. Its engineers need an invitation.

    Raises:
        NotFound: there is no such network.
    """
    consumer = _locked(session, reference)
    if consumer.disabled_at is None:
        return
    consumer.disabled_at = None
    session.flush()
    due.require(session, due.TRANSFER_KEYS)
    audit.record(session, actor=by, action="consumer opened", subject=f"consumer:{reference}", at=at)


def _locked(session: Session, reference: UUID) -> Consumer:
    consumer = session.scalar(select(Consumer).where(Consumer.reference == reference).with_for_update(key_share=True))
    if consumer is None:
        raise NotFound(N_("There is no such network."))
    return consumer


def _listed(session: Session, *which: ColumnElement[bool], at: datetime) -> tuple[ConsumerListed, ...]:
    good = ConsumerToken.revoked_at.is_(None) & (ConsumerToken.expires_at.is_(None) | (ConsumerToken.expires_at > at))
    tokens = select(func.count()).where(ConsumerToken.consumer_id == Consumer.id, good).correlate(Consumer).scalar_subquery()
    rows = session.execute(select(Consumer, tokens.label("tokens")).where(*which).order_by(Consumer.name))
    plain = [name for name in ConsumerListed.__dataclass_fields__ if name != "tokens"]
    return tuple(ConsumerListed(**{name: _frozen(getattr(row.Consumer, name)) for name in plain}, tokens=row.tokens) for row in rows)


def _frozen(value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    return tuple(value) if isinstance(value, list) else value
