"""Secrets of this instance: made once, kept in files that only their owner can read. Holds them; encrypts nothing."""

import hashlib
import hmac
import os
import secrets
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pyrage import x25519

from config import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """`secret` signs and keys digests; `desk_recipient` seals reports; `desk_identity` opens them (None on a public surface)."""

    secret: bytes
    desk_recipient: str
    desk_identity: str | None

    def derive(self, purpose: str) -> bytes:
        """A key of 32 octets for one purpose, so that no two uses share one."""
        return hmac.new(self.secret, purpose.encode(), hashlib.sha256).digest()


def load(settings: Settings) -> Keys:
    """Read the keys, making those that are missing (production gives its own secret)."""
    folder = settings.data / "keys"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    secret = settings.secret_key or _made_once(folder / "secret", lambda: secrets.token_urlsafe(48))
    recipient_file = folder / "desk.recipient"
    if settings.surfaces == "public":
        return Keys(secret=secret.encode(), desk_recipient=_existing(recipient_file), desk_identity=None)
    identity = _made_once(settings.desk_key_file or folder / "desk.agekey", lambda: str(x25519.Identity.generate()))
    recipient = str(x25519.Identity.from_str(identity).to_public())
    _made_once(recipient_file, lambda: recipient)
    return Keys(secret=secret.encode(), desk_recipient=recipient, desk_identity=identity)


def _existing(file: Path) -> str:
    if not file.exists():
        raise FileNotFoundError(f"{file} is missing: start the desk once, or copy the desk's recipient there, before a public surface.")
    return file.read_text().strip()


def _made_once(file: Path, make: Callable[[], str]) -> str:
    """Read the file, or make it in one step that two starting processes cannot both win."""
    if file.exists():
        return file.read_text().strip()
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".key-")
    with os.fdopen(handle, "w") as stream:
        stream.write(f"{make()}\n")
        stream.flush()
        os.fsync(stream.fileno())
    try:
        os.link(name, file)
    except FileExistsError:
        pass
    finally:
        Path(name).unlink()
    return file.read_text().strip()
