"""Which addresses of a network are told what left the list, and how its last messages fared. Never sees a secret in clear."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from moderation import policy
from moderation.errors import InvalidAnswer, NotFound, TooManyOpen
from moderation.models import Consumer, Release, Webhook, WebhookDelivery
from moderation.vocabulary import N_, Actor
from moderation.webhooks.waiting import give_up, make, record

UNREADABLE = "secret"
"""The fault of a message that nobody can sign any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverySeen:
    """A message as its network sees it."""

    reference: UUID
    since: int | None
    serial: int | None
    made_at: datetime
    attempts: int
    tried_at: datetime | None
    next_at: datetime | None
    delivered_at: datetime | None
    given_up_at: datetime | None
    status: int | None
    fault: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSeen:
    """An address as its network sees it, with its last messages, newest first."""

    reference: UUID
    url: str
    created_at: datetime
    disabled_at: datetime | None
    disabled_because: str | None
    deliveries: tuple[DeliverySeen, ...]

    @property
    def is_unreadable(self) -> bool:
        """Whether it was given up because its secret opens no more, so that nothing can be signed."""
        return any(one.fault == UNREADABLE and one.given_up_at == self.disabled_at for one in self.deliveries)


def add(session: Session, consumer: UUID, url: str, *, sealed_secret: bytes, reference: UUID, at: datetime) -> None:
    """Tell this address from now on. Whether it may be told is for who can look at it to say.

    Raises:
        InvalidAnswer: it is told already. TooManyOpen: the network has as many as one may have. NotFound.
    """
    owner = session.scalar(select(Consumer).where(Consumer.reference == consumer).with_for_update(key_share=True))
    if owner is None:
        raise NotFound(N_("There is no network with this reference."))
    living = session.scalars(select(Webhook.url).where(Webhook.consumer_id == owner.id, Webhook.ended_at.is_(None))).all()
    if url in living:
        raise InvalidAnswer({"url": N_("This address is told already.")})
    if len(living) >= policy.WEBHOOKS_EACH:
        raise TooManyOpen(N_("You have as many addresses as one network may have. Remove one first."))
    newest = session.scalar(select(func.max(Release.number)).where(Release.written_at.is_not(None))) or 0
    row = Webhook(reference=reference, consumer_id=owner.id, url=url, sealed_secret=sealed_secret, told_up_to=newest, created_at=at)
    session.add(row)
    session.flush()
    record(session, "webhook added", row, owner, at=at)


def end(session: Session, consumer: UUID, reference: UUID, *, at: datetime) -> None:
    """Tell this address no more; what waits for it is given up.

    Raises:
        NotFound: it is none of theirs, or ended before.
    """
    _end(session, consumer, reference, at=at)


def end_all(session: Session, consumer: UUID, *, by: Actor, at: datetime) -> int:
    """Tell none of this network's addresses any more; returns how many there were."""
    found = [hook.reference for hook in all_of(session, consumer)]
    for reference in found:
        _end(session, consumer, reference, by=by, at=at)
    return len(found)


def resume(session: Session, consumer: UUID, reference: UUID, *, at: datetime) -> None:
    """Tell an address again that was given up; the next message tells of what left since, for as long back as changes are kept.

    Raises:
        NotFound
    """
    row, owner = _mine(session, consumer, reference)
    row.disabled_at = row.disabled_because = None
    session.flush()
    record(session, "webhook resumed", row, owner, at=at)


def test(session: Session, consumer: UUID, reference: UUID, *, new_reference: UUID, at: datetime) -> None:
    """Have a test sent.

    Raises:
        NotFound
    """
    row, _ = _mine(session, consumer, reference)
    make(session, row, since=None, serial=None, reference=new_reference, at=at)


def all_of(session: Session, consumer: UUID) -> tuple[WebhookSeen, ...]:
    """The addresses of this network that are told, or were until they failed too long; oldest first."""
    query = select(Webhook).join(Consumer, Consumer.id == Webhook.consumer_id)
    rows = session.scalars(query.where(Consumer.reference == consumer, Webhook.ended_at.is_(None)).order_by(Webhook.id))
    return tuple(_seen(session, row) for row in rows)


def _end(session: Session, consumer: UUID, reference: UUID, *, by: Actor | None = None, at: datetime) -> None:
    row, owner = _mine(session, consumer, reference)
    row.ended_at, row.sealed_secret = at, b""
    give_up(session, row, "ended", at=at)
    session.flush()
    record(session, "webhook ended", row, owner, by=by, at=at)


def _mine(session: Session, consumer: UUID, reference: UUID) -> tuple[Webhook, Consumer]:
    query = select(Webhook, Consumer).join(Consumer, Consumer.id == Webhook.consumer_id)
    theirs = query.where(Consumer.reference == consumer, Webhook.reference == reference, Webhook.ended_at.is_(None))
    row = session.execute(theirs.with_for_update(of=Webhook).execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFound(N_("There is no such address of yours (any more)."))
    return row.Webhook, row.Consumer


def _seen(session: Session, hook: Webhook) -> WebhookSeen:
    query = select(WebhookDelivery).where(WebhookDelivery.webhook_id == hook.id).order_by(WebhookDelivery.id.desc())
    names = DeliverySeen.__dataclass_fields__
    rows = session.scalars(query.limit(policy.WEBHOOK_SHOWN))
    return WebhookSeen(
        reference=hook.reference,
        url=hook.url,
        created_at=hook.created_at,
        disabled_at=hook.disabled_at,
        disabled_because=hook.disabled_because,
        deliveries=tuple(DeliverySeen(**{name: getattr(row, name) for name in names}) for row in rows),
    )
