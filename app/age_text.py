"""Writes 32 octets as the age identity they are: the one step that the age library does not offer. Makes no key itself."""

from collections.abc import Iterable
from functools import reduce
from operator import xor

from pyrage import x25519

PREFIX = "age-secret-key-"
_SIGNS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_STEPS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_STEPS_OF = tuple(reduce(xor, (step for place, step in enumerate(_STEPS) if top >> place & 1), 0) for top in range(32))
"""What each five bits that leave the checksum put back into it: looked up, since every report asks sixty times."""


def from_octets(secret: bytes) -> x25519.Identity:
    """The age identity of an X25519 secret (age's specification: Bech32 of BIP 173, in capitals)."""
    values = _fives(secret)
    expanded = [*(ord(sign) >> 5 for sign in PREFIX), 0, *(ord(sign) & 31 for sign in PREFIX)]
    checked = _remainder([*expanded, *values, 0, 0, 0, 0, 0, 0]) ^ 1
    checksum = [checked >> 5 * (5 - place) & 31 for place in range(6)]
    # The library refuses a wrong checksum, so a fault here cannot pass unseen.
    return x25519.Identity.from_str((PREFIX + "1" + "".join(_SIGNS[value] for value in [*values, *checksum])).upper())


def _fives(octets: bytes) -> list[int]:
    """The bits of these octets in groups of five, filled up with zeros."""
    bits = len(octets) * 8
    groups = -(-bits // 5)
    number = int.from_bytes(octets) << groups * 5 - bits
    return [number >> 5 * (groups - 1 - place) & 31 for place in range(groups)]


def _remainder(values: Iterable[int]) -> int:
    found = 1
    for value in values:
        found = (found & 0x1FFFFFF) << 5 ^ value ^ _STEPS_OF[found >> 25]
    return found
