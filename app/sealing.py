"""Encryption at rest of what reporters sent, and receipts. One fresh age identity a report, wrapped to the desk's key."""

import base64
import hashlib
import secrets
import unicodedata
from dataclasses import dataclass

import orjson
import pyrage
from pyrage import x25519

from app.keys import Keys
from moderation import policy


class CannotOpen(Exception):
    """The report's key is shredded, or this process has no key that opens it."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """`text` is the ciphertext; `wrapped_identity` opens it, for whoever holds the desk's key."""

    text: bytes
    wrapped_identity: bytes


def seal(typed: dict[str, str], keys: Keys) -> Sealed:
    """Encrypt what was typed to a key of its own, and that key to the desk."""
    identity = x25519.Identity.generate()
    text = pyrage.encrypt(orjson.dumps(typed), [identity.to_public()])
    wrapped = pyrage.encrypt(str(identity).encode(), [x25519.Recipient.from_str(keys.desk_recipient)])
    return Sealed(text, wrapped)


def open_sealed(text: bytes | None, wrapped_identity: bytes | None, keys: Keys) -> dict[str, str]:
    """What the reporter typed, by field.

    Raises:
        CannotOpen: shredded, or the desk's key is not here.
    """
    if text is None or wrapped_identity is None or keys.desk_identity is None:
        raise CannotOpen
    try:
        identity = pyrage.decrypt(wrapped_identity, [x25519.Identity.from_str(keys.desk_identity)]).decode()
        typed: dict[str, str] = orjson.loads(pyrage.decrypt(text, [x25519.Identity.from_str(identity)]))
    except pyrage.DecryptError as fault:
        raise CannotOpen from fault
    return typed


def seal_to_desk(content: bytes, keys: Keys) -> bytes:
    """Encrypt what waits for a job of the desk."""
    return bytes(pyrage.encrypt(content, [x25519.Recipient.from_str(keys.desk_recipient)]))


def open_at_desk(content: bytes, keys: Keys) -> bytes:
    """What waited for a job of the desk.

    Raises:
        CannotOpen: the desk's key is not here.
    """
    if keys.desk_identity is None:
        raise CannotOpen
    try:
        return bytes(pyrage.decrypt(content, [x25519.Identity.from_str(keys.desk_identity)]))
    except pyrage.DecryptError as fault:
        raise CannotOpen from fault


_GROUP = 4


def receipt_code(secret: bytes) -> str:
    """A receipt's secret (`policy.RECEIPT_BITS` of it) as a code to write down: groups of letters and digits."""
    raw = base64.b32encode(secret).decode().rstrip("=")
    return "-".join(raw[start : start + _GROUP] for start in range(0, len(raw), _GROUP))


def new_receipt() -> str:
    """A fresh random code."""
    return receipt_code(secrets.token_bytes(policy.RECEIPT_BITS // 8))


def receipt_digest(code: str) -> bytes:
    """SHA-256 of a code, however it was typed: case, spaces, dashes, full-width signs, and the digits people write for letters."""
    letters = "".join(sign for sign in unicodedata.normalize("NFKC", code).upper() if sign.isalnum())
    return hashlib.sha256(letters.translate(_LOOK_ALIKES).encode()).digest()


_LOOK_ALIKES = str.maketrans({"0": "O", "1": "I", "8": "B"})


def text_digest(keys: Keys, text: str) -> str:
    """Keyed digest of a free text: its canonical form, which tells nothing to who has not the key."""
    return hashlib.blake2b(text.encode(), key=keys.derive("free text"), digest_size=20).hexdigest()
