"""Wallets of crypto money whose checksum holds. Must not claim one that is mistyped: that stays text; nor guess a chain."""

import re
from collections.abc import Iterator
from typing import Final

from moderation.resources._coins import base58check_version, eip55, is_segwit, monero_network
from moderation.resources._reading import Found, Reading
from moderation.vocabulary import N_, Resource

KIND: Final = "wallet"
LABEL: Final = N_("Crypto wallet")
TOLD: Final = N_("Exchanges and the police; on the list itself it cannot stand, since no network sees it.")
PRECEDENCE: Final = 50
REACHES_A_PERSON: Final = True
SHARES_ITS_HOST: Final = False

_RUN: Final = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{14,106}(?![0-9A-Za-z])")
_ETHEREUM: Final = re.compile(r"0[xX][0-9a-fA-F]{40}")
# First sign and version octet: Bitcoin 1 and 3, Litecoin L and M, TRON T. A 3 is Bitcoin's: Litecoin's old form looks the same.
_BASE58_FORMS: Final = {"1": 0x00, "3": 0x05, "L": 0x30, "M": 0x32, "T": 0x41}
_SEGWIT_PREFIXES: Final = ("bc", "ltc")
# Standard, integrated and sub-address of Monero, by length.
_MONERO_FORMS: Final = {95: (18, 42), 106: (19,)}


def find(reading: Reading) -> Iterator[Found]:
    """Find runs of letters and digits that are a wallet."""
    for match in _RUN.finditer(reading.plain):
        canonical = _canonical(match[0])
        if canonical is not None:
            yield Found(match.start(), match.end(), Resource(kind=KIND, canonical=canonical))


def restore(canonical: str) -> Resource:
    """Rebuild the resource from its stored canonical form.

    Raises:
        ValueError: it is not one.
    """
    if _canonical(canonical) != canonical:
        raise ValueError("not a canonical wallet")
    return Resource(kind=KIND, canonical=canonical)


def _canonical(text: str) -> str | None:
    if _ETHEREUM.fullmatch(text):
        return _ethereum(text)
    if len(text) in _MONERO_FORMS:
        return text if monero_network(text) in _MONERO_FORMS[len(text)] else None
    small = text.lower()
    for prefix in _SEGWIT_PREFIXES:
        if small.startswith(f"{prefix}1") and text in (small, text.upper()):
            return small if len(text) <= 90 and is_segwit(small, prefix) else None
    version = _BASE58_FORMS.get(text[0])
    return text if version is not None and 26 <= len(text) <= 35 and base58check_version(text) == version else None


def _ethereum(text: str) -> str | None:
    digits, checked = text[2:], eip55(text)
    return checked if digits in (digits.lower(), digits.upper(), checked[2:]) else None


_BITCOIN: Final = "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"
_TAPROOT: Final = "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"
_ETHER: Final = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
_MONERO: Final = "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A"
EXAMPLES: Final[tuple[tuple[str, str | None], ...]] = (
    (f"pay to {_BITCOIN}, today", _BITCOIN),
    (f"bitcoin:{_BITCOIN}?amount=0.1", _BITCOIN),
    ("3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"),
    ("BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"),
    (_TAPROOT, _TAPROOT),
    (_ETHER.lower(), _ETHER),
    (f"({_ETHER})", _ETHER),
    ("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t", "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"),
    (_MONERO, _MONERO),
    (_BITCOIN.replace("B", "C", 1), None),
    (_ETHER.replace("aA", "AA"), None),
    (_TAPROOT[:-1] + "q", None),
    (_MONERO[:-1] + "B", None),
    ("the bank is here", None),
)
