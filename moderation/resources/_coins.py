"""The checksums of wallets, each by its own published algorithm. Pure; must not read texts or ask a chain."""

import hashlib
from typing import Final

from Crypto.Hash import keccak

_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BASE58_VALUE: Final = {sign: value for value, sign in enumerate(_BASE58)}
_BECH32: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32_VALUE: Final = {sign: value for value, sign in enumerate(_BECH32)}
_GENERATOR: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_BECH32_SUM, _BECH32M_SUM = 1, 0x2BC830A3
# CryptoNote writes 8 octets in 11 signs, and fewer in fewer; by the number of signs.
_BLOCK_OCTETS: Final = {2: 1, 3: 2, 5: 3, 6: 4, 7: 5, 9: 6, 10: 7, 11: 8}


def base58check_version(text: str) -> int | None:
    """The version octet of a base58check address of 20 octets whose checksum holds; else None."""
    number = _base58_number(text)
    zeros = len(text) - len(text.lstrip("1"))
    if number is None or number.bit_length() > 200:
        return None
    octets = number.to_bytes(25, "big")
    if len(octets) - len(octets.lstrip(b"\0")) != zeros:
        return None
    checksum = hashlib.sha256(hashlib.sha256(octets[:21]).digest()).digest()[:4]
    return octets[0] if checksum == octets[21:] else None


def is_segwit(text: str, prefix: str) -> bool:
    """Whether a lower-case address with this prefix is a witness program (BIP 173 for version 0, BIP 350 above)."""
    values = [_BECH32_VALUE.get(sign, -1) for sign in text.removeprefix(f"{prefix}1")]
    if min(values, default=-1) < 0 or len(values) < 8 or values[0] > 16:
        return False
    expected = _BECH32_SUM if values[0] == 0 else _BECH32M_SUM
    spread = [ord(sign) >> 5 for sign in prefix] + [0] + [ord(sign) & 31 for sign in prefix]
    program_bits = (len(values) - 7) * 5
    octets = program_bits // 8
    padding = program_bits - octets * 8
    filler = values[-7] & ((1 << padding) - 1)
    length_fits = octets in (20, 32) if values[0] == 0 else 2 <= octets <= 40
    return _polymod(spread + values) == expected and length_fits and padding < 5 and filler == 0


def eip55(text: str) -> str:
    """Write an Ethereum address (`0x` and 40 hexadecimal digits) with the capitals that are its checksum."""
    digits = text[2:].lower()
    digest = _keccak256(digits.encode()).hex()
    return "0x" + "".join(digit.upper() if int(mark, 16) >= 8 else digit for digit, mark in zip(digits, digest, strict=False))


def monero_network(text: str) -> int | None:
    """The network octet of a Monero address whose checksum holds; else None."""
    octets = b""
    for start in range(0, len(text), 11):
        block = text[start : start + 11]
        number, size = _base58_number(block), _BLOCK_OCTETS.get(len(block))
        if number is None or size is None or number >= 1 << (8 * size):
            return None
        octets += number.to_bytes(size, "big")
    return octets[0] if _keccak256(octets[:-4])[:4] == octets[-4:] else None


def _base58_number(text: str) -> int | None:
    number = 0
    for sign in text:
        value = _BASE58_VALUE.get(sign)
        if value is None:
            return None
        number = number * 58 + value
    return number


def _polymod(values: list[int]) -> int:
    checksum = 1
    for value in values:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATOR):
            checksum ^= generator if top >> bit & 1 else 0
    return checksum


def _keccak256(octets: bytes) -> bytes:
    return keccak.new(digest_bits=256, data=octets).digest()
