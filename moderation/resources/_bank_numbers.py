"""Masks numbers of bank cards and accounts, mostly those of victims and buyers, before anything is kept. Must not keep or tell a number."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Final

from stdnum import iban, luhn

from moderation.resources._cleaning import clean, half_width

CARD, ACCOUNT = "bank_card", "bank_account"
MASK: Final = "•"

# What may stand between two digits of one number: blanks and dashes of all kinds, and what no reader sees.
_BETWEEN: Final = (
    r"[ \t\u00a0\u00ad\u034f\u061c\u180e\u2000-\u200f\u202a-\u202f\u205f-\u206f\u3000\ufeff\x00-\x08\x0e-\x1b\x7f-\x9f"
    r".\-\u2010-\u2015\u2212/_·]{0,3}"
)
_CARD: Final = re.compile(rf"(?<![0-9A-Za-z+])(?<![0-9][.,])[2-9](?:{_BETWEEN}[0-9]){{12,24}}")
_ACCOUNT: Final = re.compile(rf"(?<![0-9A-Za-z])[A-Z]{{2}}(?:{_BETWEEN}[0-9]){{2}}(?:{_BETWEEN}[0-9A-Z]){{11,30}}", re.IGNORECASE)
_SIGN: Final = re.compile("[0-9A-Za-z]")
_GROUP: Final = re.compile("[0-9A-Z]+", re.IGNORECASE)
_OTHER_DIGIT: Final = re.compile(r"[^\D0-9]")
_TWO_DIGITS: Final = re.compile(r"\d\D*\d")
"""The least that either number has. Most answers have not even that, and all of them are looked at several times."""
# A web address that a number may be part of, in what stands before it without a blank.
_BEFORE: Final = 400
_PAGE: Final = re.compile(r"//|(?:\.|dot)[\])}]?[a-z]{2,24}(?::[0-9]+)?[/?#\\]", re.IGNORECASE)
_NAMED: Final = re.compile(r"[?&;][a-z0-9_-]{0,20}(?:card|pan|cc|account|acct)[a-z0-9_-]{0,20}=$", re.IGNORECASE)
# Issuers' first digits and how long their numbers are (ISO/IEC 7812-1; the ranges that issuers publish).
_ISSUERS: Final = re.compile(
    r"4(?:[0-9]{15}|[0-9]{18})"  # Visa
    r"|(?:5[1-5]|222[1-9]|22[3-9][0-9]|2[3-6][0-9]{2}|27[01][0-9]|2720)[0-9]+(?<=^.{16})"  # Mastercard
    r"|3[47][0-9]{13}"  # American Express
    r"|3(?:0[0-5]|[689][0-9])[0-9]{11}"  # Diners Club
    r"|35(?:2[89]|[3-8][0-9])[0-9]{12}"  # JCB
    r"|(?:6|81|82|50|5[678]|220[0-4]|9792|8600|9860)[0-9]+(?<=^.{16})"  # Discover, UnionPay, RuPay, Maestro, Elo, Mir, Troy, Uzcard, Humo
    r"|6[0-9]{17,18}"  # UnionPay and Maestro, longer
)
_CARD_LENGTHS: Final = range(19, 13, -1)
_ACCOUNT_LENGTHS: Final = range(34, 14, -1)


def mask(text: str) -> tuple[str, tuple[str, ...]]:
    """Put dots for each digit of a card number (issuer and Luhn digit hold) and each sign of an account number (IBAN, checksum holds).

    Gives the text, of the same length, and which of `CARD` and `ACCOUNT` were in it.
    """
    if not _TWO_DIGITS.search(text):
        return text, ()
    plain = _OTHER_DIGIT.sub(lambda match: str(unicodedata.digit(match[0])), half_width(text))
    hidden = [*_numbers(plain, _ACCOUNT, _account_end), *_numbers(plain, _CARD, _card_end)]
    if not hidden:
        return text, ()
    signs = list(text)
    for start, end, _ in hidden:
        signs[start:end] = [MASK if _SIGN.match(plain, at) else text[at] for at in range(start, end)]
    return "".join(signs), tuple(sorted({kind for _, _, kind in hidden}))


def _numbers(plain: str, pattern: re.Pattern[str], end_of: Callable[[str, re.Match[str]], int | None]) -> Iterator[tuple[int, int, str]]:
    kind, at = CARD if pattern is _CARD else ACCOUNT, 0
    while match := pattern.search(plain, at):
        end = end_of(plain, match)
        if end is not None:
            yield match.start(), end, kind
        group = _GROUP.match(plain, match.start())
        # Where it is none, another may begin behind its first group.
        at = end or (group.end() if group else match.end())


def _card_end(plain: str, match: re.Match[str]) -> int | None:
    places = [sign.start() for sign in _SIGN.finditer(plain, match.start(), match.end())]
    digits = "".join(plain[at] for at in places)
    for length in _CARD_LENGTHS:
        end = _end(plain, places, length)
        if end is None:
            continue
        number = digits[:length]
        if _ISSUERS.fullmatch(number) and luhn.is_valid(number) and _is_grouped(plain[match.start() : end]):
            return None if _is_of_a_page(plain, match.start(), end) else end
    return None


def _account_end(plain: str, match: re.Match[str]) -> int | None:
    places = [sign.start() for sign in _SIGN.finditer(plain, match.start(), match.end())]
    for length in _ACCOUNT_LENGTHS:
        end = _end(plain, places, length)
        if end is not None and iban.is_valid("".join(plain[at] for at in places[:length])):
            return end
    return None


def _end(plain: str, places: list[int], length: int) -> int | None:
    """Where a number of this many signs ends; None where there are fewer, or its last group goes on."""
    if len(places) < length:
        return None
    end = places[length - 1] + 1
    return None if _SIGN.match(plain, end) else end


def _is_grouped(written: str) -> bool:
    """One run, groups of three and more, or each digit by itself: a row of prices or years is none of them."""
    groups = [len(group) for group in _GROUP.findall(clean(written))]
    return all(size >= 3 for size in groups[:-1]) or set(groups) == {1}


def _is_of_a_page(plain: str, start: int, end: int) -> bool:
    """In a web address a run of digits may be the page's own number, unless the parameter is called after a card or an account."""
    if not plain[start:end].isdigit():
        return False
    before = plain[max(0, start - _BEFORE) : start].rsplit(maxsplit=1)
    run = before[-1] if before and not plain[start - 1].isspace() else ""
    return _PAGE.search(run) is not None and _NAMED.search(run) is None
