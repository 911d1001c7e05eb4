"""One advertisement, by its number and the site it stands on, where its address is not known. Must not guess a number or a site."""

import re
from collections.abc import Iterator
from typing import Final

from moderation import addresses
from moderation.resources._mentions import Mention
from moderation.resources._reading import Found, Reading, names_itself
from moderation.vocabulary import N_, Resource

KIND: Final = "classified_ad"
LABEL: Final = N_("Advertisement")
TOLD: Final = N_("The site that shows it; the police where a crime is likely.")
PRECEDENCE: Final = 11
REACHES_A_PERSON: Final = False
SHARES_ITS_HOST: Final = True

_REFERENCE: Final = r"(?P<reference>[A-Za-z]{0,4}-?[0-9]{4,14})"
_AD: Final = (
    r"(?<![\w])(?:ad|ads|advert|advertisement|listing|posting|annonce|anuncio|объявление|объявления|إعلان|广告|信息)"
    r"(?:[ \t]{0,2}(?:id|no|nr|num|number|ref|reference|code|número|numéro|номер|رقم|编号))?\.?[ \t]{0,2}[:#№]{0,2}[ \t]{0,2}"
)
_ON: Final = r"(?:[ \t]{0,2}[@,(][ \t]{0,2}|[ \t]{1,2}(?:on|at|from|sur|en|на|على|在)[ \t]{1,2}(?:the[ \t]{1,2})?(?:site[ \t]{1,2})?)"
_BEFORE_A_SITE: Final = re.compile(rf"{_AD}{_REFERENCE}{_ON}", re.IGNORECASE)
_AFTER_A_SITE: Final = re.compile(rf"[ \t]{{0,2}}[,:-]?[ \t]{{1,2}}{_AD}{_REFERENCE}(?![\w-])", re.IGNORECASE)
_WITH_A_SITE: Final = re.compile(rf"{_AD}{_REFERENCE}@(?P<site>[a-z0-9_-]{{1,63}}(?:\.[a-z0-9_-]{{1,63}}){{1,8}})(?![\w-])", re.IGNORECASE)
_WINDOW: Final = 80


def find(reading: Reading) -> Iterator[Found]:
    """Find "ad 123456 on site.test", "site.test, ad no. 123456" and the canonical form itself."""
    yield from sorted([*_beside_a_site(reading), *_canonical_ones(reading)], key=lambda each: each.start)


def restore(canonical: str) -> Resource:
    """Rebuild the resource from its stored canonical form.

    Raises:
        ValueError: it is not one.
    """
    match = _WITH_A_SITE.fullmatch(canonical)
    if match is None or canonical != _name(match["reference"], match["site"]):
        raise ValueError("not a canonical advertisement")
    return _resource(match["reference"], match["site"])


def _beside_a_site(reading: Reading) -> Iterator[Found]:
    text = reading.plain
    for mention in reading.addresses:
        host = _site(mention)
        if host is None:
            continue
        for match in _BEFORE_A_SITE.finditer(text, max(0, mention.start - _WINDOW), mention.start):
            if match.end() == mention.start:
                yield Found(match.start(), mention.end, _resource(match["reference"], host))
        after = _AFTER_A_SITE.match(text, mention.end)
        if after is not None:
            yield Found(mention.start, after.end(), _resource(after["reference"], host))


def _canonical_ones(reading: Reading) -> Iterator[Found]:
    for match in _WITH_A_SITE.finditer(reading.plain):
        host = match["site"].lower()
        if addresses.has_known_suffix(host) and names_itself(host):
            yield Found(match.start(), match.end(), _resource(match["reference"], host))


def _site(mention: Mention) -> str | None:
    address = mention.address
    if address is None or not address.is_bare or address.host.endswith(".onion") or not addresses.has_known_suffix(address.host):
        return None
    return address.host if names_itself(address.host) else None


def _name(reference: str, host: str) -> str:
    return f"ad:{reference.upper()}@{host.lower()}"


def _resource(reference: str, host: str) -> Resource:
    return Resource(kind=KIND, canonical=_name(reference, host), host=host, domain=addresses.registrable_domain(host))


EXAMPLES: Final[tuple[tuple[str, str | None], ...]] = (
    ("ad id: 123456 on site.test", "ad:123456@site.test"),
    ("site.test, ad no. 123456", "ad:123456@site.test"),
    ("annonce n 123", None),
    ("Объявление № 7654321 на site.test", "ad:7654321@site.test"),
    ("advert #ab-123456 at hxxps://site[.]test/", "ad:AB-123456@site.test"),
    ("ad:123456@site.test", "ad:123456@site.test"),
    ("I saw 123456 on site.test", None),
    ("https://site.test/ad/123456", None),
    ("ad id: 123456", None),
    ("ad 12 on site.test", None),
)
