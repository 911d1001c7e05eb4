"""Passwords and one-time codes: makes, seals and checks them. Knows no person, no request and no rule of signing in."""

import base64
import hmac
import unicodedata
from datetime import datetime
from functools import cache

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.fernet import InvalidToken

from app.keys import Keys

CODE_SECONDS = 30
"""How long one code lasts (RFC 6238's default, and what every authenticator app assumes)."""

CODE_STEPS_AROUND = (0, -1, 1)
"""The present code first, then one step either way: clocks differ and people type slowly (RFC 6238, section 5.2)."""

BOX = "code secrets"
"""What one-time-code secrets are encrypted for in the database."""

_HASHER = PasswordHasher()


class SecretUnreadable(Exception):
    """A one-time-code secret does not open with this instance's key: the database and the keys come from different places."""


def hash_password(password: str) -> str:
    """Hash with argon2id at RFC 9106's settings for limited memory."""
    return _HASHER.hash(password)


def password_matches(password_hash: str | None, password: str) -> bool:
    """Say whether the password made the hash. None (nobody has that e-mail) takes just as long, and never matches."""
    try:
        return _HASHER.verify(password_hash or _hash_of_nobody(), password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def new_code_secret() -> str:
    """A fresh one-time-code secret of 160 bits, in base32 as authenticator apps take it."""
    return pyotp.random_base32()


def seal_code_secret(secret: str, keys: Keys) -> bytes:
    """Encrypt a one-time-code secret for the database."""
    return keys.box(BOX).encrypt(secret.encode())


def open_code_secret(sealed: bytes, keys: Keys) -> str:
    """Decrypt a one-time-code secret.

    Raises:
        SecretUnreadable: it was sealed under another key.
    """
    try:
        return keys.box(BOX).decrypt(sealed).decode()
    except InvalidToken as fault:
        raise SecretUnreadable("This one-time-code secret was sealed under another key: are database and keys from one backup?") from fault


def current_code(secret: str, at: datetime) -> str:
    """The six digits of the moment."""
    return pyotp.TOTP(secret, interval=CODE_SECONDS).at(at)


def code_step(secret: str, code: str, at: datetime) -> int | None:
    """The 30-second step whose code was typed, None where it fits none near the moment. The step lets a rule use each code once."""
    typed = digits(code)
    step = int(at.timestamp()) // CODE_SECONDS
    totp = pyotp.TOTP(secret, interval=CODE_SECONDS)
    matching = [step + offset for offset in CODE_STEPS_AROUND if hmac.compare_digest(totp.generate_otp(step + offset), typed)]
    return matching[0] if matching else None


def sealed_code_step(sealed: bytes | None, code: str, keys: Keys, at: datetime) -> int | None:
    """As `code_step`, of a sealed secret. None (nobody has that e-mail) takes just as long, and never fits.

    Raises:
        SecretUnreadable: it was sealed under another key.
    """
    step = code_step(open_code_secret(sealed or _sealed_secret_of_nobody(keys), keys), code, at)
    return step if sealed else None


def digits(code: str) -> str:
    """A code as ASCII digits, whatever keyboard, spaces or dashes it was typed with."""
    return "".join(str(unicodedata.digit(sign)) for sign in code if unicodedata.digit(sign, None) is not None)


def demo_password(keys: Keys) -> str:
    """The demo people's password: derived, so that each start can print it again, and different in every instance."""
    letters = base64.b32encode(keys.derive("demo password")).decode().lower()[:16]
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def demo_code_secret(keys: Keys, email: str) -> str:
    """One demo person's one-time-code secret, derived as the password is."""
    return base64.b32encode(keys.derive(f"demo code {email}")[:20]).decode()


@cache
def _hash_of_nobody() -> str:
    return _HASHER.hash("nobody has this password")


@cache
def _sealed_secret_of_nobody(keys: Keys) -> bytes:
    return seal_code_secret(new_code_secret(), keys)
