"""How a consumer's engineers reach their own pages: an invitation once, then a key. Sees digests only."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from moderation import audit, policy
from moderation.errors import NotAllowed, NotFound
from moderation.models import Consumer, ConsumerKey, ConsumerSignIn
from moderation.vocabulary import N_, Actor, KeyKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Engineer:
    """Somebody of a consumer who is signed in: they see and change what is their consumer's alone. `id` never leaves the house."""

    id: int
    reference: UUID
    name: str

    @property
    def actor(self) -> Actor:
        """As the record calls them."""
        return Actor(person_id=None, role=None, name=self.name, consumer=self.reference)

    @property
    def subject(self) -> str:
        """As the record calls what they act on."""
        return f"consumer:{self.reference}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """Who came in; by an invitation, the key that was brought along is theirs from now on."""

    engineer: Engineer
    has_new_key: bool


def invite(session: Session, reference: UUID, *, digest: bytes, by: Actor, at: datetime) -> datetime:
    """Let somebody of a consumer in, once, with what has this digest; returns until when. An earlier invitation ends.

    Raises:
        NotFound: there is no such consumer. NotAllowed: it is disabled.
    """
    consumer = session.scalar(select(Consumer).where(Consumer.reference == reference).with_for_update(key_share=True))
    if consumer is None:
        raise NotFound(N_("There is no such network."))
    if consumer.disabled_at is not None:
        raise NotAllowed(N_("This network is closed. Open it again before you invite somebody."))
    _end_keys(session, (ConsumerKey.consumer_id == consumer.id) & (ConsumerKey.kind == KeyKind.INVITATION), at=at)
    until = at + policy.INVITATION_LIFETIME
    session.add(ConsumerKey(consumer_id=consumer.id, digest=digest, kind=KeyKind.INVITATION, created_at=at, expires_at=until))
    session.flush()
    audit.record(session, actor=by, action="consumer invited", subject=f"consumer:{reference}", at=at)
    return until


def enter(session: Session, digest: bytes, *, new_key_digest: bytes, sign_in_digest: bytes, at: datetime) -> Entered | None:
    """Sign in whoever brings a key, or an invitation, which is used up and changed for a new key; None where it opens nothing."""
    # The consumer's row first, as whoever invites or changes a key takes it: of two who bring one invitation, the second finds it used.
    _lock(session, session.scalar(select(ConsumerKey.consumer_id).where(ConsumerKey.digest == digest)))
    row = session.execute(
        select(ConsumerKey.id, ConsumerKey.kind, Consumer.id.label("consumer_id"), Consumer.reference, Consumer.name)
        .join(Consumer, Consumer.id == ConsumerKey.consumer_id)
        .where(
            ConsumerKey.digest == digest,
            ConsumerKey.ended_at.is_(None),
            ConsumerKey.expires_at.is_(None) | (ConsumerKey.expires_at > at),
            Consumer.disabled_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        return None
    engineer = Engineer(id=row.consumer_id, reference=row.reference, name=row.name)
    is_invited = row.kind == KeyKind.INVITATION
    if is_invited:
        _end_keys(session, ConsumerKey.id == row.id, at=at)
        change_key(session, engineer, digest=new_key_digest, at=at)
    ends_at = at + policy.SESSION_ABSOLUTE
    session.add(ConsumerSignIn(consumer_id=engineer.id, token_digest=sign_in_digest, created_at=at, seen_at=at, ends_at=ends_at))
    session.flush()
    audit.record(session, actor=engineer.actor, action="consumer signed in", subject=engineer.subject, at=at)
    return Entered(engineer=engineer, has_new_key=is_invited)


def change_key(session: Session, engineer: Engineer, *, digest: bytes, at: datetime, staying: bytes | None = None) -> None:
    """Put a new key in the place of the one there was. Who came in by that one is signed out, but for the sign-in `staying`."""
    _lock(session, engineer.id)
    _end_keys(session, (ConsumerKey.consumer_id == engineer.id) & (ConsumerKey.kind == KeyKind.KEY), at=at)
    session.add(ConsumerKey(consumer_id=engineer.id, digest=digest, kind=KeyKind.KEY, created_at=at))
    others = (ConsumerSignIn.consumer_id == engineer.id) & (ConsumerSignIn.token_digest != (staying or b""))
    _end_sign_ins(session, others, at=at)
    session.flush()
    audit.record(session, actor=engineer.actor, action="consumer key changed", subject=engineer.subject, at=at)


def seen(session: Session, token_digest: bytes, *, at: datetime) -> Engineer | None:
    """Who holds this sign-in, if it lives: not ended, not idle too long, not over its absolute limit, the consumer not disabled."""
    row = session.execute(
        select(Consumer.id, Consumer.reference, Consumer.name)
        .join(ConsumerSignIn, ConsumerSignIn.consumer_id == Consumer.id)
        .where(
            ConsumerSignIn.token_digest == token_digest,
            ConsumerSignIn.ended_at.is_(None),
            ConsumerSignIn.ends_at > at,
            ConsumerSignIn.seen_at > at - policy.SESSION_IDLE,
            Consumer.disabled_at.is_(None),
        )
    ).one_or_none()
    return Engineer(id=row.id, reference=row.reference, name=row.name) if row else None


def touch(session: Session, token_digest: bytes, *, at: datetime) -> None:
    """Note that a sign-in was used, at most once a minute."""
    stale = (ConsumerSignIn.token_digest == token_digest) & ConsumerSignIn.ended_at.is_(None)
    session.execute(update(ConsumerSignIn).where(stale, ConsumerSignIn.seen_at < at - policy.SESSION_TOUCH).values(seen_at=at))


def leave(session: Session, token_digest: bytes, *, at: datetime) -> None:
    """End one sign-in."""
    _end_sign_ins(session, ConsumerSignIn.token_digest == token_digest, at=at)


def forget_old(session: Session, *, at: datetime) -> int:
    """Delete sign-ins whose time is over; returns how many."""
    return len(session.scalars(delete(ConsumerSignIn).where(ConsumerSignIn.ends_at < at).returning(ConsumerSignIn.id)).all())


def _lock(session: Session, consumer: int | None) -> None:
    """One change of a consumer's keys at a time: two new keys at once would break the rule that one lives."""
    session.execute(select(Consumer.id).where(Consumer.id == consumer).with_for_update(key_share=True))


def _end_keys(session: Session, which: ColumnElement[bool], *, at: datetime) -> None:
    session.execute(update(ConsumerKey).where(which, ConsumerKey.ended_at.is_(None)).values(ended_at=at))


def _end_sign_ins(session: Session, which: ColumnElement[bool], *, at: datetime) -> None:
    session.execute(update(ConsumerSignIn).where(which, ConsumerSignIn.ended_at.is_(None)).values(ended_at=at))
