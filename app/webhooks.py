"""Messages to networks of what left the list, signed as Standard Webhooks has it (standardwebhooks.com, version 1.0.0). Decides nothing."""

import base64
import hashlib
import hmac
import secrets
from uuid import UUID, uuid4

import orjson
import structlog
from cryptography.fernet import InvalidToken

from app import clock, instance, outgoing
from app.database import database
from app.keys import Keys
from app.outgoing import RefusedAddress, Unreachable
from moderation import formats, webhooks
from moderation.webhooks import Message

log = structlog.get_logger(__name__)

SECRET_OCTETS = 32
PREFIX = "whsec_"
REMOVED, TEST = "listing.removed", "webhook.test"
GONE = 410
BOX = "webhook secrets"
"""What their secrets are encrypted for in the database."""


def new_secret() -> str:
    """A secret as receivers' libraries read it; shown once."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_OCTETS)).decode()


def seal_secret(secret: str, keys: Keys) -> bytes:
    """What the database keeps of it: signing needs it as it is, so a digest would not do."""
    return keys.box(BOX).encrypt(secret.encode())


def signature(secret: str, identifier: str, timestamp: int, body: bytes) -> str:
    """The header by which a receiver knows that it was us, now, and this."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = hmac.new(key, f"{identifier}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


def body_of(message: Message, *, base_url: str, list_name: str) -> bytes:
    """The same octets each time that the message is tried."""
    data: dict[str, object] = {"list_name": list_name}
    if message.since is not None:
        entries = [
            {"reference": one.reference, "scope": one.scope, "target": one.target, "because": one.because} for one in message.entries
        ]
        changes = f"{base_url}/feed/v1/changes?since={message.since}"
        data |= {"serial": message.serial, "since": message.since, "total": message.total, "entries": entries, "changes": changes}
    kind = TEST if message.since is None else REMOVED
    return orjson.dumps({"type": kind, "timestamp": formats.moment(message.made_at), "data": data})


def spread() -> None:
    """Make the messages that the newest release asks for. A fault in it is told and holds nothing up."""
    try:
        with database().transaction() as session:
            webhooks.spread(session, new_reference=uuid4, at=clock.now())
            webhooks.tend(session, at=clock.now())
    except Exception:
        log.exception("webhooks not told")


def deliver(reference: str) -> None:
    """Try a message once; the rules say what follows."""
    with database().transaction() as session:
        message = webhooks.take(session, UUID(reference), at=clock.now())
    if message is None:
        return
    status, fault = _sent(message)
    with database().transaction() as session:
        webhooks.came(session, message.reference, status=status, fault=fault, is_gone=status == GONE, at=clock.now())


def _sent(message: Message) -> tuple[int | None, str | None]:
    settings = instance.settings()
    try:
        secret = instance.keys().box(BOX).decrypt(message.sealed_secret).decode()
    except InvalidToken:
        # FLAGSTONE_SECRET_KEY is another one than when it was sealed: no later try can sign it either.
        return None, webhooks.UNREADABLE
    body = body_of(message, base_url=settings.base_url, list_name=settings.list_name)
    identifier, timestamp = f"msg_{message.reference.hex}", int(clock.now().timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Flagstone",
        "webhook-id": identifier,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, identifier, timestamp, body),
    }
    try:
        status = outgoing.post(outgoing.target(message.url, settings), body, headers, settings)
    except (RefusedAddress, Unreachable) as fault:
        return None, fault.why
    return status, None if 200 <= status < 300 else "status"
