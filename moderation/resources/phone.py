"""Telephone numbers with their country, also behind a messenger's link. Must not guess a country, nor take a date or price for one."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat

from moderation.resources._platforms import spelling
from moderation.resources._reading import Found, Reading
from moderation.vocabulary import N_, Resource

KIND: Final = "phone"
LABEL: Final = N_("Telephone number")
TOLD: Final = N_("The police. A telephone company acts on their word, not on ours.")
PRECEDENCE: Final = 17
REACHES_A_PERSON: Final = True
SHARES_ITS_HOST: Final = False

_GAP: Final = r"[ \t\u00a0\u2000-\u200a\u202f().\-\u2010-\u2015/]"
_REST: Final = rf"(?P<rest>[1-9](?:{_GAP}{{0,3}}[0-9]){{6,24}})"
# Nothing of a word, a code or another number stands before it; before two noughts also no sign that codes and times are made with.
_NUMBER: Final = re.compile(rf"(?:(?<![A-Za-z0-9_+])\+{_GAP}{{0,2}}|(?<![A-Za-z0-9_.,:/=@+#-])00{_GAP}?){_REST}")
_LABELLED: Final = re.compile(
    r"(?<![A-Za-z])(?:tel|phone|mobile|cell|whatsapp|viber|signal|wa|тел|тлф|ватсап|вотсап|واتساب|واتس|هاتف|电话|電話|手机|手機)"
    r"\.?[ \t]{0,2}:[ \t]{0,2}"
    rf"(?:\+|00){_GAP}{{0,2}}{_REST}",
    re.IGNORECASE,
)
_OTHER_DIGIT: Final = re.compile(r"[^\D0-9]")
_PRICE: Final = re.compile(r"[ \t]?[%€$£¥₽₴₹₺]")
_DECIMAL: Final = re.compile(r"\+[0-9]{1,3}\.[0-9]+(?![0-9.])")
_PART: Final = re.compile(r"[0-9]+")
_SHORTEST: Final = 7
_LONGEST: Final = 15
_LIKELY: Final = 10
_NORTH_AMERICAN: Final = re.compile(r"[2-9][0-9]{2}[2-9][0-9]{6}")
# What holds the number in the addresses of messengers, by host or application.
_CODED_PLUS: Final = r"(?:\+|%2b|%20|00)?"
_IN_QUERY: Final = re.compile(rf"[?&](?:phone|number)={_CODED_PLUS}(?P<number>[0-9]{{7,15}})(?![0-9])", re.IGNORECASE)
_IN_PATH: Final = re.compile(rf"/{_CODED_PLUS}(?P<number>[0-9]{{7,15}})(?:[/?#]|$)", re.IGNORECASE)
_AFTER_PLUS: Final = re.compile(r"/(?:\+|%2b)(?P<number>[0-9]{7,15})(?:[/?#]|$)", re.IGNORECASE)
_IN_FRAGMENT: Final = re.compile(r"#p/(?:\+|%2b)(?P<number>[0-9]{7,15})$", re.IGNORECASE)
_LINKS: Final = {
    "wa.me": _IN_PATH,
    **dict.fromkeys(("t.me", "telegram.me", "telegram.dog"), _AFTER_PLUS),
    **dict.fromkeys(("api.whatsapp.com", "web.whatsapp.com", "www.whatsapp.com", "whatsapp:", "viber:", "tg:"), _IN_QUERY),
    **dict.fromkeys(("signal.me", "sgnl:"), _IN_FRAGMENT),
}


def find(reading: Reading) -> Iterator[Found]:
    """Find numbers behind a messenger's link, and those written with a plus or two noughts before their country."""
    yield from sorted([*_in_links(reading), *_in_words(reading)], key=lambda each: each.start)


def restore(canonical: str) -> Resource:
    """Rebuild the resource from its stored canonical form.

    Raises:
        ValueError: it is not one.
    """
    if not re.fullmatch(r"\+[1-9][0-9]{6,14}", canonical):
        raise ValueError("not a canonical telephone number")
    return Resource(kind=KIND, canonical=canonical)


def _in_links(reading: Reading) -> Iterator[Found]:
    for mention in reading.addresses:
        where = spelling(mention)
        pattern = _LINKS.get(where.host) if where is not None else None
        match = pattern.search(where.typed) if pattern is not None and where is not None else None
        number = _number(f"+{match['number']}", _is_possible) if match is not None else None
        if number is not None:
            yield Found(mention.start, mention.end, Resource(kind=KIND, canonical=number))


def _in_words(reading: Reading) -> Iterator[Found]:
    text = _OTHER_DIGIT.sub(lambda match: str(unicodedata.digit(match[0])), reading.plain)
    for pattern in (_NUMBER, _LABELLED):
        for match in pattern.finditer(text):
            if not (_PRICE.match(text, match.end()) or reading.is_inside_an_address(match.start())):
                yield from _written(text, match)


def _written(text: str, match: re.Match[str]) -> Iterator[Found]:
    """The longest of the groups that begin here which is a number, so that what follows it in the sentence does not spoil it."""
    begin = match.start("rest")
    ends = [part.end() for part in _PART.finditer(text, begin, match.end())]
    if _goes_on(text, match.end()):
        ends.pop()
    spelled = [(end, "+" + "".join(_PART.findall(text, begin, end))) for end in reversed(ends)]
    for is_one in (_is_assigned, _is_likely) if "+" in match[0] and not _DECIMAL.match(match[0]) else (_is_assigned,):
        for end, digits in spelled:
            number = _number(digits, is_one)
            if number is not None:
                yield Found(match.start(), end, Resource(kind=KIND, canonical=number))
                return


def _goes_on(text: str, end: int) -> bool:
    after = text[end : end + 1]
    return after.isascii() and (after.isalnum() or after == "_")


def _number(digits: str, is_one: Callable[[PhoneNumber], bool]) -> str | None:
    """The international form (E.164), or None where it is no telephone number."""
    if not _SHORTEST <= len(digits) - 1 <= _LONGEST:
        return None
    try:
        number = phonenumbers.parse(digits)
    except phonenumbers.NumberParseException:
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164) if is_one(number) else None


def _is_possible(number: PhoneNumber) -> bool:
    return phonenumbers.is_possible_number(number)


def _is_assigned(number: PhoneNumber) -> bool:
    return phonenumbers.is_valid_number(number)


def _is_likely(number: PhoneNumber) -> bool:
    """New ranges, and those kept for films, are in no plan yet: with a plus and the right length they are meant as numbers."""
    national = str(number.national_number)
    if len(f"{number.country_code}{national}") < _LIKELY or len(set(national)) < 3:
        return False
    return phonenumbers.is_possible_number(number) and (number.country_code != 1 or _NORTH_AMERICAN.fullmatch(national) is not None)


EXAMPLES: Final[tuple[tuple[str, str | None], ...]] = (
    ("call +33 6 12 34 56 78 now", "+33612345678"),
    ("+44 (0)7700 900123", "+447700900123"),
    ("0033612345678", "+33612345678"),
    ("tel:+1-202-555-0100", "+12025550100"),
    ("https://wa.me/33612345678?text=hi", "+33612345678"),
    ("https://api.whatsapp.com/send?phone=%2B33612345678&text=hi", "+33612345678"),
    ("viber://chat?number=%2B33612345678", "+33612345678"),
    ("https://t.me/+33612345678", "+33612345678"),
    ("https://signal.me/#p/+33612345678", "+33612345678"),
    ("＋３３ ６ １２ ３４ ５６ ７８", "+33612345678"),
    ("واتساب: ٠٠٩٦٦٥٠١٢٣٤٥٦٧", "+966501234567"),
    ("+33 6 12 34 56 78 2 girls", "+33612345678"),
    ("06 12 34 56 78", None),
    ("2026-11-24 19:20:20 +0200", None),
    ("parcel 00340434161094042557", None),
    ("192.0.2.1:8080", None),
    ("+48.856613, +2.352222", None),
    ("https://evil.test/+33612345678", None),
    ("EUR 1 000 000 000", None),
)
