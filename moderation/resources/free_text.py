"""Whatever no other kind can read, so that nothing is refused for its form. Must not keep the words: they stand sealed in the report."""

import unicodedata
from collections.abc import Iterator
from typing import Final

from moderation.resources._cleaning import one_line
from moderation.resources._reading import Found, Reading
from moderation.vocabulary import N_, Resource

KIND: Final = "free_text"
LABEL: Final = N_("Text")
TOLD: Final = N_("Nobody. It can be referred, but not listed.")
PRECEDENCE: Final = 1000
REACHES_A_PERSON: Final = False
SHARES_ITS_HOST: Final = False


def find(reading: Reading) -> Iterator[Found]:
    """Find addresses that cannot be one (unreadable, or too long to store), each by itself; without any, take the whole text."""
    lost = [mention for mention in reading.addresses if mention.address is None or not mention.address.is_short_enough]
    for mention in lost:
        yield Found(mention.start, mention.end, _resource(reading, mention.text))
    if not lost and normal_form(reading.written):
        yield Found(0, len(reading.text), _resource(reading, reading.written))


def restore(canonical: str) -> Resource:
    """Rebuild the resource from its stored canonical form: a digest, from which nothing can be listed."""
    return Resource(kind=KIND, canonical=canonical)


def normal_form(text: str) -> str:
    """Make the same words the same text: compatibility forms, case and white space do not count."""
    return one_line(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()))


def _resource(reading: Reading, text: str) -> Resource:
    return Resource(kind=KIND, canonical=reading.text_digest(normal_form(text)))


# Here the digest is the text itself.
EXAMPLES: Final[tuple[tuple[str, str | None], ...]] = (
    ("A  man at\tthe Station", "a man at the station"),
    ("ＣＡＬＬ ＭＥ", "call me"),
    ("Straße\x00 \u202e12.30", "strasse 12.30"),
    ("@someone", "@someone"),
    ("06 12 34 56 78", "06 12 34 56 78"),
    ("card 4111 1111 1111 1111", "card •••• •••• •••• ••••"),
    ("someone@evil.test", None),
    ("ftp://evil.test/a", "ftp://evil.test/a"),
    ("http://*.test/", "http://*.test/"),
    ("file.pdf", "file.pdf"),
    ("hello", "hello"),
    ("see evil.test for this", None),
)
