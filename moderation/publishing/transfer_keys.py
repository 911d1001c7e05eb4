"""Keys by which consumers take the list as a zone. Sees sealed secrets only; which server takes the keys, and how, is outside."""

import ipaddress
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from moderation import audit, due, policy
from moderation.errors import InvalidAnswer, NotFound
from moderation.models import Consumer, ConsumerTransferKey, TransferSecret
from moderation.vocabulary import N_, Actor, TransferAlgorithm, TransferKeySealed, TransferKeySeen

_INSIDE = tuple(ipaddress.ip_network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"))
"""Networks behind somebody's own door: seen from our name server they are ours, or its host's, and not those of who names them."""

DNS_PORT = 53
HIGHEST_PORT = 65535


def add_transfer_key(
    session: Session,
    consumer: UUID,
    *,
    name: str,
    algorithm: TransferAlgorithm,
    wrapped: bytes,
    desk_key: str,
    notify: Sequence[str] = (),
    by: Actor,
    at: datetime,
) -> TransferKeySeen:
    """Let a consumer take the zone with a key of this name. `notify` holds what `notify_addresses` gave.

    Raises:
        NotFound: there is no such consumer, or it may pull no more. InvalidAnswer: it has as many keys as one may have.
    """
    row = session.scalar(select(Consumer).where(Consumer.reference == consumer, Consumer.disabled_at.is_(None)).with_for_update())
    if row is None:
        raise NotFound(N_("There is no such consumer."))
    living = (ConsumerTransferKey.consumer_id == row.id) & ConsumerTransferKey.revoked_at.is_(None)
    if (session.scalar(select(func.count()).where(living)) or 0) >= policy.TRANSFER_KEYS_MOST:
        raise InvalidAnswer({"key": N_("There are as many transfer keys as one network may have. Revoke one that is used no more.")})
    key = ConsumerTransferKey(consumer_id=row.id, name=name, algorithm=algorithm, notify=list(notify), created_at=at)
    session.add(key)
    session.flush()
    session.execute(insert(TransferSecret).values(transfer_key_id=key.id, wrapped=wrapped, desk_key=desk_key))
    detail = {"key": name, "notify": list(notify)}
    audit.record(session, actor=by, action="transfer key added", subject=f"consumer:{consumer}", at=at, detail=detail)
    due.require(session, due.TRANSFER_KEYS)
    return _seen(key, consumer)


def revoke_transfer_keys(session: Session, consumer: UUID, *, name: str | None = None, by: Actor, at: datetime) -> int:
    """End one key of a consumer, or all of them, and shred the secrets; returns how many ended.

    Raises:
        NotFound: this consumer has no living key of that name.
    """
    theirs = select(Consumer.id).where(Consumer.reference == consumer).scalar_subquery()
    which = (ConsumerTransferKey.consumer_id == theirs) & ConsumerTransferKey.revoked_at.is_(None)
    if name is not None:
        which &= ConsumerTransferKey.name == name
    ended = session.execute(
        update(ConsumerTransferKey).where(which).values(revoked_at=at).returning(ConsumerTransferKey.id, ConsumerTransferKey.name)
    ).all()
    if name is not None and not ended:
        raise NotFound(N_("There is no such key, or it was revoked already."))
    shredded = {"wrapped": None, "desk_key": None, "shredded_at": at}
    session.execute(update(TransferSecret).where(TransferSecret.transfer_key_id.in_([row.id for row in ended])).values(shredded))
    if ended:
        detail = {"keys": sorted(row.name for row in ended)}
        audit.record(session, actor=by, action="transfer keys revoked", subject=f"consumer:{consumer}", at=at, detail=detail)
        due.require(session, due.TRANSFER_KEYS)
    return len(ended)


def transfer_keys_of(session: Session, consumer: UUID) -> tuple[TransferKeySeen, ...]:
    """A consumer's keys, living ones and ended ones, newest first; no secrets."""
    query = select(ConsumerTransferKey).join(Consumer, Consumer.id == ConsumerTransferKey.consumer_id).where(Consumer.reference == consumer)
    return tuple(_seen(key, consumer) for key in session.scalars(query.order_by(ConsumerTransferKey.id.desc())))


def living_transfer_keys(session: Session) -> tuple[TransferKeySealed, ...]:
    """Every key that opens the zone now, in a fixed order: not revoked, of a consumer that may pull, and with its secret still there."""
    key = ConsumerTransferKey
    query = (
        select(key.name, key.algorithm, key.notify, TransferSecret.wrapped)
        .join(Consumer, Consumer.id == key.consumer_id)
        .join(TransferSecret, TransferSecret.transfer_key_id == key.id)
        .where(key.revoked_at.is_(None), Consumer.disabled_at.is_(None), TransferSecret.wrapped.is_not(None))
    )
    return tuple(
        TransferKeySealed(name=row.name, algorithm=TransferAlgorithm(row.algorithm), notify=tuple(row.notify), wrapped=row.wrapped)
        for row in session.execute(query.order_by(key.id))
    )


def notify_addresses(text: str, *, anywhere: bool = False) -> tuple[str, ...]:
    """Addresses to be told of a new serial, as somebody typed them: with spaces or commas between, each with `@port` where it is not 53.

    `anywhere` lets the operator name the machine itself, or one that stands near it: in a private network, or behind a tunnel.

    Raises:
        InvalidAnswer: one of them is no address that can be told, or there are too many.
    """
    found = tuple(dict.fromkeys(_address(word, anywhere=anywhere) for word in text.replace(",", " ").split()))
    if len(found) > policy.TRANSFER_NOTIFY_MOST:
        raise InvalidAnswer({"notify": N_("These are too many addresses to notify; eight are enough for any network.")})
    return found


def _address(word: str, *, anywhere: bool) -> str:
    text, _, port = word.partition("@")
    try:
        address = ipaddress.ip_address(text)
        number = int(port or DNS_PORT) if (port or "0").isascii() and (port or "0").isdecimal() else 0
    except ValueError:
        address, number = None, 0
    # A zone behind the address ("%eth0") is text that nobody checks.
    if address is None or "%" in text or not 0 < number <= HIGHEST_PORT or not (anywhere or _can_be_told(address)):
        raise InvalidAnswer({"notify": N_("Give addresses of your name servers, such as 192.0.2.53 or 2001:db8::53@5353.")})
    return f"{address.compressed}@{number}"


def _can_be_told(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    nowhere = address.is_multicast or address.is_unspecified or address.is_reserved
    inside = any(address in network for network in _INSIDE if network.version == address.version)
    return not (nowhere or inside or address.is_loopback or address.is_link_local)


def _seen(key: ConsumerTransferKey, consumer: UUID) -> TransferKeySeen:
    return TransferKeySeen(
        name=key.name,
        consumer=consumer,
        algorithm=TransferAlgorithm(key.algorithm),
        notify=tuple(key.notify),
        created_at=key.created_at,
        revoked_at=key.revoked_at,
    )
