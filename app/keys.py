"""Secrets of this instance: made once, kept in files that only their owner can read. Holds them; reads and writes no text of anyone's."""

import base64
import hashlib
import hmac
import os
import secrets
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyrage
from cryptography.fernet import Fernet
from pyrage import x25519

from config import Settings, SettingsError


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """`secret` signs and keys digests; `desk_recipient` seals reports; `desk_identity` opens them (None on a public surface).

    `former_identities` are keys of the desk that a rotation is leaving behind; they still open what was sealed to them.
    """

    secret: bytes
    desk_recipient: str
    desk_identity: str | None
    former_identities: tuple[str, ...] = ()

    def derive(self, purpose: str) -> bytes:
        """A key of 32 octets for one purpose, so that no two uses share one."""
        return _derived(self.secret, purpose)

    def box(self, purpose: str) -> Fernet:
        """What encrypts for one purpose what this instance alone reads again."""
        return Fernet(base64.urlsafe_b64encode(self.derive(purpose)))

    @property
    def desk_key(self) -> str:
        """The short name of the key that reports are sealed to."""
        return fingerprint(self.desk_recipient)


@lru_cache(maxsize=64)
def _derived(secret: bytes, purpose: str) -> bytes:
    # Kept, since a report asks for five; the secret that they come from is in memory anyway.
    return hmac.digest(secret, purpose.encode(), "sha256")


def fingerprint(recipient: str) -> str:
    """A recipient's short name: 16 hexadecimal digits, to compare by eye."""
    return hashlib.sha256(recipient.encode()).hexdigest()[:16]


def recipient_of(identity: str) -> str:
    """The public half of an age identity."""
    return str(x25519.Identity.from_str(identity).to_public())


def load(settings: Settings) -> Keys:
    """Read the keys, making those that are missing (production gives its own secret).

    Raises:
        SettingsError: what should be a key is none, or a public process has nothing to seal to.
    """
    folder = settings.data / "keys"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    secret = (settings.secret_key or made_once(folder / "secret", lambda: secrets.token_urlsafe(48))).encode()
    if settings.surfaces == "public":
        return Keys(secret=secret, desk_recipient=_given_recipient(settings), desk_identity=None)
    identities = desk_identities(settings)
    recipient = recipient_of(identities[0])
    if made_once(recipient_file(settings), lambda: recipient) != recipient:
        replace(recipient_file(settings), recipient)
    return Keys(secret=secret, desk_recipient=recipient, desk_identity=identities[0], former_identities=identities[1:])


def desk_identities(settings: Settings) -> tuple[str, ...]:
    """The desk's keys, the one in use first; made where there is none yet.

    Raises:
        SettingsError: one of them is no age identity.
    """
    text = settings.desk_key or made_once(key_file(settings), lambda: str(x25519.Identity.generate()))
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    found = tuple(word for line in lines for word in line.split())
    place = "FLAGSTONE_DESK_KEY" if settings.desk_key else str(key_file(settings))
    try:
        for identity in found:
            recipient_of(identity)
    except pyrage.IdentityError as fault:
        raise SettingsError(f"{place}: holds something that is no age identity (AGE-SECRET-KEY-1...).") from fault
    if not found:
        raise SettingsError(f"{place}: holds no age identity. If its key is lost, reports sealed to it cannot be read by anyone.")
    return found


def key_file(settings: Settings) -> Path:
    """Where the desk's keys lie, one a line."""
    return settings.desk_key_file or settings.data / "keys" / "desk.agekey"


def recipient_file(settings: Settings) -> Path:
    """Where a public process on this machine finds what to seal to."""
    return settings.data / "keys" / "desk.recipient"


def write_identities(settings: Settings, identities: tuple[str, ...]) -> None:
    """Put these keys in the desk's file, the one in use first, and its public half beside it."""
    replace(key_file(settings), "\n".join(identities))
    replace(recipient_file(settings), recipient_of(identities[0]))


def replace(file: Path, text: str, *, mode: int = 0o600) -> None:
    """Write a file whole or not at all, for its owner alone unless `mode` says otherwise."""
    name = _written(file.parent, text, mode=mode)
    name.replace(file)
    _settle(file.parent)


def _given_recipient(settings: Settings) -> str:
    file = recipient_file(settings)
    if not settings.desk_recipient and not file.exists():
        raise SettingsError(
            f"FLAGSTONE_DESK_RECIPIENT: is missing, and so is {file}. A public process needs what `flask keys show` prints at the desk."
        )
    recipient = settings.desk_recipient or file.read_text().strip()
    try:
        x25519.Recipient.from_str(recipient)
    except pyrage.RecipientError as fault:
        raise SettingsError("FLAGSTONE_DESK_RECIPIENT: is no age recipient (age1...), and neither is what desk.recipient holds.") from fault
    return recipient


def made_once(file: Path, make: Callable[[], str]) -> str:
    """Read the file, or make it in one step that two starting processes cannot both win."""
    if file.exists():
        return file.read_text().strip()
    name = _written(file.parent, make())
    try:
        os.link(name, file)
    except FileExistsError:
        pass
    finally:
        name.unlink()
    return file.read_text().strip()


def _written(folder: Path, text: str, *, mode: int = 0o600) -> Path:
    """A new file of this text, safely on the disk, under a name of its own."""
    handle, name = tempfile.mkstemp(dir=folder, prefix=".key-")
    with os.fdopen(handle, "w") as stream:
        stream.write(f"{text}\n")
        stream.flush()
        # By its handle: in a folder that others may write to, the name may lead elsewhere by now.
        os.fchmod(handle, mode)
        os.fsync(stream.fileno())
    return Path(name)


def _settle(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
