"""Secrets that are shown once: makes them, and what is stored of them in their place. Keeps none and logs none."""

import hashlib
import secrets

OCTETS = 32
LIMIT = 512
"""Characters of anything that could be one; longer ones are not looked up."""


def new() -> str:
    """Something that nobody can guess: 256 bits."""
    return secrets.token_urlsafe(OCTETS)


def digest(secret: str) -> bytes:
    """What is stored of it."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()
