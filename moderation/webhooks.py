"""Which addresses of networks are told what left the list, and how each message fares. Sends nothing, and never sees a secret in clear."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text, cast, delete, func, select, update
from sqlalchemy.orm import Session, aliased

from moderation import audit, due, policy
from moderation.errors import InvalidAnswer, NotFound, TooManyOpen
from moderation.models import ChangeLog, Consumer, Release, Webhook, WebhookDelivery
from moderation.vocabulary import N_, Actor, Due

DELIVER = "deliver"
UNREADABLE = "secret"
"""The fault of a message that nobody can sign any more."""

AT_ONCE = 100
ENTRY_ROOM = 200
"""Octets that the fields of an entry take beside its target, at most."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """An entry that left the list."""

    reference: str
    scope: str
    target: str
    because: str


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
    _record(session, "webhook added", row, owner, at=at)


def end(session: Session, consumer: UUID, reference: UUID, *, at: datetime) -> None:
    """Tell this address no more; what waits for it is given up.

    Raises:
        NotFound: it is none of theirs, or ended before.
    """
    row, owner = _mine(session, consumer, reference)
    session.execute(update(Webhook).where(Webhook.id == row.id).values(ended_at=at, sealed_secret=b""))
    _give_up(session, row, "ended", at=at)
    session.flush()
    _record(session, "webhook ended", row, owner, at=at)


def end_all(session: Session, consumer: UUID, *, by: Actor, at: datetime) -> int:
    """Tell none of this network's addresses any more; returns how many there were."""
    found = [hook.reference for hook in all_of(session, consumer)]
    for reference in found:
        row, owner = _mine(session, consumer, reference)
        row.ended_at, row.sealed_secret = at, b""
        _give_up(session, row, "ended", at=at)
        session.flush()
        _record(session, "webhook ended", row, owner, by=by, at=at)
    return len(found)


def resume(session: Session, consumer: UUID, reference: UUID, *, at: datetime) -> None:
    """Tell an address again that was given up; the next message tells of what left since, for as long back as changes are kept.

    Raises:
        NotFound
    """
    row, owner = _mine(session, consumer, reference)
    row.disabled_at = row.disabled_because = None
    session.flush()
    _record(session, "webhook resumed", row, owner, at=at)


def test(session: Session, consumer: UUID, reference: UUID, *, new_reference: UUID, at: datetime) -> None:
    """Have a test sent.

    Raises:
        NotFound
    """
    row, _ = _mine(session, consumer, reference)
    _make(session, row, since=None, serial=None, reference=new_reference, at=at)


def all_of(session: Session, consumer: UUID) -> tuple[WebhookSeen, ...]:
    """The addresses of this network that are told, or were until they failed too long; oldest first."""
    query = select(Webhook).join(Consumer, Consumer.id == Webhook.consumer_id)
    rows = session.scalars(query.where(Consumer.reference == consumer, Webhook.ended_at.is_(None)).order_by(Webhook.id))
    return tuple(_seen(session, row) for row in rows)


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
        if not session.scalar(_removals(since, newest).limit(1)):
            continue
        if (session.scalar(select(func.count()).where(*_waits_for(row))) or 0) >= policy.WEBHOOK_WAITING:
            since = min(since, _give_up(session, row, "joined", at=at))
        _make(session, row, since=since, serial=newest, reference=new_reference(), at=at)
        made += 1
    return made


def take(session: Session, reference: UUID, *, at: datetime) -> Message | None:
    """Take a message to send it, for a while; None where it is sent, given up or not due, another sends it, or its network is closed."""
    if _is_closed(session, reference, at=at):
        return None
    theirs = update(WebhookDelivery).where(WebhookDelivery.reference == reference, WebhookDelivery.next_at <= at)
    taken = theirs.values(attempts=WebhookDelivery.attempts + 1, tried_at=at, next_at=at + policy.WEBHOOK_LEASE).returning(WebhookDelivery.id)
    key = session.scalar(taken.execution_options(synchronize_session=False))
    if key is None:
        return None
    session.expire_all()
    query = select(WebhookDelivery, Webhook).join(Webhook, Webhook.id == WebhookDelivery.webhook_id).where(WebhookDelivery.id == key)
    row, hook = session.execute(query).one()
    total, entries = (0, ()) if row.since is None or row.serial is None else _gone(session, row.since, row.serial)
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
        _require(session, row)
    session.flush()


def tend(session: Session, *, at: datetime) -> None:
    """Have what waits too long sent, whatever became of its job; forget what ended long ago."""
    late = select(WebhookDelivery).where(WebhookDelivery.next_at < at - policy.WEBHOOK_LEASE)
    for row in session.scalars(late.order_by(WebhookDelivery.next_at).limit(AT_ONCE)):
        _require(session, row, now=True)
    old = func.coalesce(WebhookDelivery.delivered_at, WebhookDelivery.given_up_at) < at - policy.WEBHOOK_KEPT
    session.execute(delete(WebhookDelivery).where(old).execution_options(synchronize_session=False))


def _mine(session: Session, consumer: UUID, reference: UUID) -> tuple[Webhook, Consumer]:
    query = select(Webhook, Consumer).join(Consumer, Consumer.id == Webhook.consumer_id)
    theirs = query.where(Consumer.reference == consumer, Webhook.reference == reference, Webhook.ended_at.is_(None))
    row = session.execute(theirs.with_for_update(of=Webhook).execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFound(N_("There is no such address of yours (any more)."))
    return row.Webhook, row.Consumer


def _make(session: Session, hook: Webhook, *, since: int | None, serial: int | None, reference: UUID, at: datetime) -> None:
    row = WebhookDelivery(reference=reference, webhook_id=hook.id, since=since, serial=serial, made_at=at, next_at=at)
    session.add(row)
    session.flush()
    _require(session, row, now=True)


def _is_closed(session: Session, reference: UUID, *, at: datetime) -> bool:
    """Whether the message's network is closed; then all that waits for its address is given up, and told anew should it be opened again."""
    query = (
        select(Webhook).join(WebhookDelivery, WebhookDelivery.webhook_id == Webhook.id).join(Consumer, Consumer.id == Webhook.consumer_id)
    )
    closed = query.where(WebhookDelivery.reference == reference, Consumer.disabled_at.is_not(None))
    hook = session.scalar(closed.with_for_update(of=Webhook).execution_options(populate_existing=True))
    if hook is None:
        return False
    hook.told_up_to = min(hook.told_up_to, _give_up(session, hook, "closed", at=at))
    session.flush()
    return True


def _require(session: Session, row: WebhookDelivery, *, now: bool = False) -> None:
    due.require(session, Due(DELIVER, str(row.reference), None if now else row.next_at))


def _waits_for(hook: Webhook) -> tuple[Any, ...]:
    return WebhookDelivery.webhook_id == hook.id, WebhookDelivery.next_at.is_not(None), WebhookDelivery.since.is_not(None)


def _give_up(session: Session, hook: Webhook, fault: str, *, at: datetime) -> int:
    """Give up what waits for this address; returns the serial after which nothing was told then."""
    theirs = update(WebhookDelivery).where(WebhookDelivery.webhook_id == hook.id, WebhookDelivery.next_at.is_not(None))
    ended = theirs.values(given_up_at=at, next_at=None, fault=fault, status=None).returning(WebhookDelivery.since)
    found = [since for since in session.scalars(ended.execution_options(synchronize_session=False)) if since is not None]
    return min(found, default=hook.told_up_to)


def _disable(session: Session, hook: Webhook, because: str, *, at: datetime) -> None:
    if hook.disabled_at is not None or hook.ended_at is not None:
        return
    told = select(func.min(WebhookDelivery.since)).where(WebhookDelivery.webhook_id == hook.id, WebhookDelivery.delivered_at.is_(None))
    unheard = session.scalar(told.where(WebhookDelivery.given_up_at >= at))
    first = _give_up(session, hook, "disabled", at=at)
    hook.told_up_to = min(first, hook.told_up_to if unheard is None else unheard)
    hook.disabled_at, hook.disabled_because = at, because
    session.flush()
    _record(session, "webhook given up", hook, session.get_one(Consumer, hook.consumer_id), at=at)


def _removals(since: int, serial: int) -> Any:  # noqa: ANN401 - rows of the log
    """SQL: what left, but for what was only renewed: the same target stands there again at the same release."""
    again = aliased(ChangeLog)
    renewed = select(again.id).where(
        again.release_number == ChangeLog.release_number,
        again.action == "add",
        again.replaces == ChangeLog.listing_reference,
        again.scope == ChangeLog.scope,
        again.target == ChangeLog.target,
    )
    within = ChangeLog.release_number.between(since + 1, serial)
    return select(ChangeLog.id).where(within, ChangeLog.action == "remove", ~renewed.exists())


def _gone(session: Session, since: int, serial: int) -> tuple[int, tuple[Gone, ...]]:
    """How many entries left, and the first of them, as many as a message has room for."""
    removed = _removals(since, serial)
    total = session.scalar(select(func.count()).select_from(removed.subquery())) or 0
    columns = (cast(ChangeLog.listing_reference, Text), ChangeLog.scope, ChangeLog.target, ChangeLog.because)
    entries, room = [], policy.WEBHOOK_OCTETS
    rows = session.execute(removed.with_only_columns(*columns).order_by(ChangeLog.id).limit(policy.WEBHOOK_OCTETS // ENTRY_ROOM))
    for reference, scope, target, because in rows:
        room -= len(target) + ENTRY_ROOM
        if room < 0:
            break
        entries.append(Gone(reference=reference, scope=scope, target=target, because=because))
    return total, tuple(entries)


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


def _record(session: Session, action: str, hook: Webhook, owner: Consumer, *, by: Actor | None = None, at: datetime) -> None:
    by = by or Actor(person_id=None, role=None, name=owner.name, consumer=owner.reference)
    audit.record(session, actor=by, action=action, subject=f"consumer:{owner.reference}", at=at, detail={"webhook": str(hook.reference)})
