"""Encryption at rest of what reporters sent, and receipts. One fresh age identity a report, wrapped to the desk's key."""

import base64
import hashlib
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

import orjson
import pyrage
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pyrage import x25519

from app.age_text import from_octets
from app.keys import Keys
from moderation import policy


class CannotOpen(Exception):
    """The report's key is shredded, or this process has no key that opens it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """`text` is the ciphertext; `wrapped_identity` opens it, for whoever holds the desk's key that `desk_key` names.

    `recipient` is the public half of what is wrapped: whatever belongs to the same report later is sealed to it.
    """

    text: bytes
    wrapped_identity: bytes
    recipient: str
    desk_key: str


def seal(typed: Mapping[str, str], keys: Keys) -> Sealed:
    """Encrypt what was typed to a key of its own, and that key to the desk."""
    identity = x25519.Identity.generate()
    recipient = identity.to_public()
    text = pyrage.encrypt(orjson.dumps(typed), [recipient])
    return Sealed(text=text, wrapped_identity=seal_to_desk(str(identity).encode(), keys), recipient=str(recipient), desk_key=keys.desk_key)


def seal_message(text: str, *recipients: str) -> bytes:
    """Encrypt a message to each of these public keys."""
    return bytes(pyrage.encrypt(text.encode(), [x25519.Recipient.from_str(one) for one in recipients]))


def open_sealed(text: bytes | None, wrapped_identity: bytes | None, keys: Keys) -> dict[str, str]:
    """What the reporter typed, by field.

    Raises:
        CannotOpen: shredded, or the desk's key is not here.
    """
    if text is None:
        raise CannotOpen
    typed: dict[str, str] = orjson.loads(_opened(text, unwrap(wrapped_identity, keys)))
    return typed


def open_message(text: bytes, identity: x25519.Identity) -> str:
    """A message, for whoever holds the report's key or the receipt's.

    Raises:
        CannotOpen: this key opens it not.
    """
    return _opened(text, identity).decode()


def unwrap(wrapped_identity: bytes | None, keys: Keys) -> x25519.Identity:
    """A report's own key, at the desk.

    Raises:
        CannotOpen: shredded, or the desk's key is not here.
    """
    if wrapped_identity is None:
        raise CannotOpen
    return x25519.Identity.from_str(open_at_desk(wrapped_identity, keys).decode())


def rewrap(wrapped_identity: bytes, keys: Keys) -> bytes:
    """The same key of a report, for the desk's key in use.

    Raises:
        CannotOpen: none of the desk's keys opens it.
    """
    return seal_to_desk(open_at_desk(wrapped_identity, keys), keys)


def _opened(text: bytes, identity: x25519.Identity) -> bytes:
    try:
        return bytes(pyrage.decrypt(text, [identity]))
    except pyrage.DecryptError as fault:
        raise CannotOpen from fault


def seal_to_desk(content: bytes, keys: Keys) -> bytes:
    """Encrypt something for the desk alone: the key of a report, or what waits for a job."""
    return bytes(pyrage.encrypt(content, [x25519.Recipient.from_str(keys.desk_recipient)]))


def open_at_desk(content: bytes, keys: Keys) -> bytes:
    """What was sealed to the desk, with its key in use or one that a rotation is leaving behind.

    Raises:
        CannotOpen: none of the desk's keys that are here opens it.
    """
    if keys.desk_identity is None:
        raise CannotOpen
    held = [x25519.Identity.from_str(one) for one in (keys.desk_identity, *keys.former_identities)]
    try:
        return bytes(pyrage.decrypt(content, held))
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
    return hashlib.sha256(_letters(code)).digest()


def receipt_identity(code: str, keys: Keys) -> x25519.Identity:
    """The key that follows from a receipt's code, and is kept nowhere: questions are sealed to its public half.

    With the instance's secret in it, so that a code and a stolen database together open nothing.
    """
    return from_octets(HKDF(hashes.SHA256(), 32, salt=keys.derive("receipt key"), info=b"flagstone receipt key 1").derive(_letters(code)))


def _letters(code: str) -> bytes:
    letters = "".join(sign for sign in unicodedata.normalize("NFKC", code).upper() if sign.isalnum())
    return letters.translate(_LOOK_ALIKES).encode()


_LOOK_ALIKES = str.maketrans({"0": "O", "1": "I", "8": "B"})


def text_digest(keys: Keys, text: str) -> str:
    """Keyed digest of a free text: its canonical form, which tells nothing to who has not the key."""
    return hashlib.blake2b(text.encode(), key=keys.derive("free text"), digest_size=20).hexdigest()
