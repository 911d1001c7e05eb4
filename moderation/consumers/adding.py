"""Networks that may pull the list: added past any application, found by name or by token. Sees digests only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from moderation import audit, formats
from moderation.errors import AlreadyExists, InvalidAnswer, NotFound
from moderation.models import Consumer, ConsumerToken
from moderation.vocabulary import Actor, likeness, tidied

CHANGES = "changes"
"""What stands among formats for the changes since a serial."""

NAMES_LOCK = 0x466C6167_4E616D65
"""Advisory lock of the one who names a network at a time ("FlagName"); it ends with the transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsumerSeen:
    """Who holds a token, and which formats may be fetched with the token in the address."""

    reference: UUID
    name: str
    address_formats: tuple[str, ...]
    token: int = 0
    """Which of its tokens this is; never leaves the house."""
    scopes: frozenset[str] | None = None
    """What the token opens; None for everything."""
    allowed_networks: tuple[str, ...] = ()
    """Where it may come from; empty for everywhere."""

    def may_have(self, file: str) -> bool:
        """Whether the token opens a format file, the changes, or the index (""), which every token opens."""
        return not file or self.scopes is None or file in self.scopes


def add_consumer(
    session: Session,
    name: str,
    *,
    token_digest: bytes,
    reference: UUID,
    address_formats: Sequence[str],
    by: Actor,
    at: datetime,
    contact: str = "",
) -> ConsumerSeen:
    """Let a network pull the list.

    Raises:
        AlreadyExists: a consumer has this name, or one that looks the same. InvalidAnswer: no name, or a format that is not made here.
    """
    name = tidied(name)
    unknown = sorted(set(address_formats) - set(choices()))
    if not likeness(name):
        raise InvalidAnswer({"name": "Give the consumer a name, such as the network's own."})
    if unknown:
        raise InvalidAnswer({"address_formats": f"There is no format {', '.join(unknown)}; there are {', '.join(sorted(choices()))}."})
    if is_taken(session, name):
        raise AlreadyExists(f"There is a consumer called {name} already. Choose another name.")
    consumer = Consumer(reference=reference, name=name, contact=contact, address_formats=list(address_formats), created_at=at)
    session.add(consumer)
    session.flush()
    session.add(ConsumerToken(consumer_id=consumer.id, digest=token_digest, created_at=at))
    session.flush()
    audit.record(session, actor=by, action="consumer added", subject=f"consumer:{reference}", at=at)
    return ConsumerSeen(reference=reference, name=name, address_formats=tuple(address_formats))


def choices() -> tuple[str, ...]:
    """What a network may choose from: every format file, and the changes."""
    return (*(form.FILE_NAME for form in formats.installed()), CHANGES)


def is_taken(session: Session, name: str) -> bool:
    """Whether a network has a name that looks like this one. Nobody else names a network until the transaction ends.

    A constraint could compare what is written alone, and not what is seen.
    """
    session.execute(select(func.pg_advisory_xact_lock(NAMES_LOCK)))
    return likeness(name) in map(likeness, session.scalars(select(Consumer.name)))


def consumer_called(session: Session, name: str) -> UUID:
    """The reference of the consumer of this name.

    Raises:
        NotFound: there is none.
    """
    reference = session.scalar(select(Consumer.reference).where(Consumer.name == name))
    if reference is None:
        raise NotFound(f"There is no consumer called {name}.")
    return reference


def consumer_for(session: Session, digest: bytes, *, at: datetime) -> ConsumerSeen | None:
    """Whose token this is; None for one that is unknown, revoked or expired, or whose consumer is disabled."""
    row = session.execute(
        select(
            Consumer.reference, Consumer.name, Consumer.address_formats, Consumer.allowed_networks, ConsumerToken.id, ConsumerToken.scopes
        )
        .join(ConsumerToken, ConsumerToken.consumer_id == Consumer.id)
        .where(
            ConsumerToken.digest == digest,
            ConsumerToken.revoked_at.is_(None),
            ConsumerToken.expires_at.is_(None) | (ConsumerToken.expires_at > at),
            Consumer.disabled_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        return None
    return ConsumerSeen(
        reference=row.reference,
        name=row.name,
        address_formats=tuple(row.address_formats),
        token=row.id,
        scopes=None if row.scopes is None else frozenset(row.scopes),
        allowed_networks=tuple(row.allowed_networks),
    )
