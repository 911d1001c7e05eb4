"""Messages to networks of what left the list: made after a release, tried, tried again, and at last given up. Sends nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from moderation import policy
from moderation.models import Consumer, Release, Webhook, WebhookDelivery
from moderation.webhooks.addresses import UNREADABLE
from moderation.webhooks.removals import Gone, gone, removals
from moderation.webhooks.waiting import give_up, make, record, require

AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is to be sent now. `since` is None for a test."""

    reference: UUID
    url: str
    sealed_secret: bytes
    made_at: datetime
    since: int | None
    serial: int | None
    total: int
    entries: tuple[Gone, ...]


def spread(session: Session, *, new_reference: Callable[[], UUID], at: datetime) -> int:
    """Make a message for each address that was not told of the newest written release, where anything left the list; returns how many.

    Runs after each release and each minute; twice does no harm. A network whose messages pile up gets one that tells all of it.
    """
    newest = session.scalar(select(func.max(Release.number)).where(Release.written_at.is_not(None))) or 0
    behind = select(Webhook).join(Consumer, Consumer.id == Webhook.consumer_id).where(Webhook.told_up_to < newest)
    living = behind.where(Webhook.ended_at.is_(None), Webhook.disabled_at.is_(None), Consumer.disabled_at.is_(None))
    # Whoever was away longer takes the full state: what left before is no news, and no page of changes tells it any more.
    long_ago = select(func.max(Release.number)).where(Release.published_at <= at - policy.CHANGES_KEPT)
    oldest, made = session.scalar(long_ago) or 0, 0
    for row in session.scalars(living.order_by(Webhook.id).with_for_update(skip_locked=True, of=Webhook)).all():
        since = max(row.told_up_to, oldest)
        row.told_up_to = newest
        if not session.scalar(removals(since, newest).limit(1)):
            continue
        if (session.scalar(select(func.count()).where(*_waits_for(row))) or 0) >= policy.WEBHOOK_WAITING:
            since = min(since, give_up(session, row, "joined", at=at))
        make(session, row, since=since, serial=newest, reference=new_reference(), at=at)
        made += 1
    return made


def take(session: Session, reference: UUID, *, at: datetime) -> Message | None:
    """Take a message to send it, for a while; None where it is sent, given up or not due, another sends it, or its network is closed."""
    if _is_closed(session, reference, at=at):
        return None
    theirs = update(WebhookDelivery).where(WebhookDelivery.reference == reference, WebhookDelivery.next_at <= at)
    taken = theirs.values(attempts=WebhookDelivery.attempts + 1, tried_at=at, next_at=at + policy.WEBHOOK_LEASE)
    key = session.scalar(taken.returning(WebhookDelivery.id).execution_options(synchronize_session=False))
    if key is None:
        return None
    session.expire_all()
    query = select(WebhookDelivery, Webhook).join(Webhook, Webhook.id == WebhookDelivery.webhook_id).where(WebhookDelivery.id == key)
    row, hook = session.execute(query).one()
    total, entries = (0, ()) if row.since is None or row.serial is None else gone(session, row.since, row.serial)
    return Message(
        reference=row.reference,
        url=hook.url,
        sealed_secret=hook.sealed_secret,
        made_at=row.made_at,
        since=row.since,
        serial=row.serial,
        total=total,
        entries=entries,
    )


def came(session: Session, reference: UUID, *, status: int | None, fault: str | None, is_gone: bool = False, at: datetime) -> None:
    """Write down how an attempt ended: taken (no fault), or to be tried again later, until it is given up and its address with it.

    `is_gone`: the other side says that the address is no more.
    """
    query = select(WebhookDelivery, Webhook).join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
    # The address first, as whoever ends it does.
    row, hook = session.execute(query.where(WebhookDelivery.reference == reference).with_for_update()).one()
    if row.next_at is None:
        return
    row.status, row.fault = status, fault
    if fault is None:
        row.delivered_at, row.next_at = at, None
    elif is_gone or fault == UNREADABLE or row.attempts > len(policy.WEBHOOK_WAITS):
        row.given_up_at, row.next_at = at, None
        _disable(session, hook, "gone" if is_gone else "failing", at=at)
    else:
        row.next_at = at + policy.WEBHOOK_WAITS[row.attempts - 1]
        require(session, row)
    session.flush()


def tend(session: Session, *, at: datetime) -> None:
    """Have what waits too long sent, whatever became of its job; forget what ended long ago."""
    late = select(WebhookDelivery).where(WebhookDelivery.next_at < at - policy.WEBHOOK_LEASE)
    for row in session.scalars(late.order_by(WebhookDelivery.next_at).limit(AT_ONCE)):
        require(session, row, now=True)
    old = func.coalesce(WebhookDelivery.delivered_at, WebhookDelivery.given_up_at) < at - policy.WEBHOOK_KEPT
    session.execute(delete(WebhookDelivery).where(old).execution_options(synchronize_session=False))


def _is_closed(session: Session, reference: UUID, *, at: datetime) -> bool:
    """Whether the message's network is closed; then all that waits for its address is given up, and told anew should it be opened again."""
    query = (
        select(Webhook).join(WebhookDelivery, WebhookDelivery.webhook_id == Webhook.id).join(Consumer, Consumer.id == Webhook.consumer_id)
    )
    closed = query.where(WebhookDelivery.reference == reference, Consumer.disabled_at.is_not(None))
    hook = session.scalar(closed.with_for_update(of=Webhook).execution_options(populate_existing=True))
    if hook is None:
        return False
    hook.told_up_to = min(hook.told_up_to, give_up(session, hook, "closed", at=at))
    session.flush()
    return True


def _waits_for(hook: Webhook) -> tuple[Any, ...]:
    return WebhookDelivery.webhook_id == hook.id, WebhookDelivery.next_at.is_not(None), WebhookDelivery.since.is_not(None)


def _disable(session: Session, hook: Webhook, because: str, *, at: datetime) -> None:
    if hook.disabled_at is not None or hook.ended_at is not None:
        return
    told = select(func.min(WebhookDelivery.since)).where(WebhookDelivery.webhook_id == hook.id, WebhookDelivery.delivered_at.is_(None))
    unheard = session.scalar(told.where(WebhookDelivery.given_up_at >= at))
    first = give_up(session, hook, "disabled", at=at)
    hook.told_up_to = min(first, hook.told_up_to if unheard is None else unheard)
    hook.disabled_at, hook.disabled_because = at, because
    session.flush()
    record(session, "webhook given up", hook, session.get_one(Consumer, hook.consumer_id), at=at)
