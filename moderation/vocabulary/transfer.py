"""Keys by which networks take the list as a zone."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class TransferAlgorithm(StrEnum):
    """How a transfer is signed (RFC 8945). The older ones, with SHA-1 or MD5, are nobody's choice any more."""

    HMAC_SHA256 = "hmac-sha256"
    HMAC_SHA384 = "hmac-sha384"
    HMAC_SHA512 = "hmac-sha512"


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferKeySeen:
    """A key as its consumer and an operator see it, without its secret. `notify` holds `address@port`."""

    name: str
    consumer: UUID
    algorithm: TransferAlgorithm
    notify: tuple[str, ...]
    created_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferKeySealed:
    """A living key as it is given to the name server. `wrapped` is its secret, sealed to the desk's key that `desk_key` names."""

    name: str
    algorithm: TransferAlgorithm
    notify: tuple[str, ...]
    wrapped: bytes = field(repr=False)
