"""Messages that wait for their time: made, asked for, given up. Tells nobody anything."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from moderation import audit, due
from moderation.models import Consumer, Webhook, WebhookDelivery
from moderation.vocabulary import Actor, Due

DELIVER = "deliver"


def make(session: Session, hook: Webhook, *, since: int | None, serial: int | None, reference: UUID, at: datetime) -> None:
    """Make a message that is sent at once: of what left since then, or a test."""
    row = WebhookDelivery(reference=reference, webhook_id=hook.id, since=since, serial=serial, made_at=at, next_at=at)
    session.add(row)
    session.flush()
    require(session, row, now=True)


def require(session: Session, row: WebhookDelivery, *, now: bool = False) -> None:
    """Have it sent when its time comes, or now."""
    due.require(session, Due(DELIVER, str(row.reference), None if now else row.next_at))


def give_up(session: Session, hook: Webhook, fault: str, *, at: datetime) -> int:
    """Give up what waits for this address; returns the serial after which nothing was told then."""
    theirs = update(WebhookDelivery).where(WebhookDelivery.webhook_id == hook.id, WebhookDelivery.next_at.is_not(None))
    ended = theirs.values(given_up_at=at, next_at=None, fault=fault, status=None).returning(WebhookDelivery.since)
    found = [since for since in session.scalars(ended.execution_options(synchronize_session=False)) if since is not None]
    return min(found, default=hook.told_up_to)


def record(session: Session, action: str, hook: Webhook, owner: Consumer, *, by: Actor | None = None, at: datetime) -> None:
    """Write down what was done to an address, by its network where nobody else is named."""
    by = by or Actor(person_id=None, role=None, name=owner.name, consumer=owner.reference)
    audit.record(session, actor=by, action=action, subject=f"consumer:{owner.reference}", at=at, detail={"webhook": str(hook.reference)})
