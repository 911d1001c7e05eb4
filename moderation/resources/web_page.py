"""Web pages: an address with a path, a query or a port, or a host that is no name. Must not claim a site or an onion service."""

from collections.abc import Iterator
from typing import Final

from moderation import addresses
from moderation.addresses import Address
from moderation.resources._posts import home
from moderation.resources._reading import Found, Reading
from moderation.vocabulary import N_, Resource

KIND: Final = "web_page"
LABEL: Final = N_("Web page")
TOLD: Final = N_("Internet providers and all others who take the list and can match single pages.")
PRECEDENCE: Final = 30
REACHES_A_PERSON: Final = False
SHARES_ITS_HOST: Final = False


def find(reading: Reading) -> Iterator[Found]:
    """Find every web address that no narrower kind takes."""
    for mention in reading.addresses:
        address = mention.address
        if address is not None and address.is_short_enough and not address.host.endswith(".onion"):
            yield Found(mention.start, mention.end, _resource(address))


def restore(canonical: str) -> Resource:
    """Rebuild the resource from its stored canonical form.

    Raises:
        ValueError: it is not one.
    """
    address = addresses.read(canonical)
    if address is None:
        raise ValueError("not a canonical web address")
    return _resource(address)


def _resource(written: Address) -> Resource:
    address = home(written)
    return Resource(
        kind=KIND,
        canonical=address.text,
        host=address.host,
        domain=addresses.registrable_domain(address.host),
        ladder=addresses.ladder(address),
        stripped=address.stripped,
    )


EXAMPLES: Final[tuple[tuple[str, str | None], ...]] = (
    ("192.0.2.1", "https://192.0.2.1/"),
    ("version 192.0.2.1 of it", None),
    ("evil.test/a", "https://evil.test/a"),
    ("http://Evil.Test:80/A/../b?x=1#top", "https://evil.test/b?x=1"),
    ("hxxp://evil(dot)test/a?utm_source=x&id=7&fbclid=y", "https://evil.test/a?id=7"),
    ("http://evil.test:443/", "http://evil.test:443/"),
    ("http://evil.test:8080", "https://evil.test:8080/"),
    ("看https://evil.test/张三（演员），然后", "https://evil.test/%E5%BC%A0%E4%B8%89%EF%BC%88%E6%BC%94%E5%91%98%EF%BC%89"),
    ("ｈｔｔｐｓ：／／ｅｖｉｌ．ｔｅｓｔ／ａ？ｂ＝１", "https://evil.test/a?b=1"),
    ("«https://evil.test/a».", "https://evil.test/a"),
    ("[here](https://evil.test/a_(b))", "https://evil.test/a_(b)"),
    ("http:\\\\evil.test\\a", "https://evil.test/a"),
    ("https://www.good.test@evil.test/a", "https://evil.test/a"),
    ("https://web.archive.org/web/2026/http://victim.test/", "https://web.archive.org/web/2026/http://victim.test/"),
    ("http://0x7f.1/", "https://127.0.0.1/"),
    ("http://localhost/", "https://localhost/"),
    ("https://evil.test/a;jsessionid=1F2E3D4C?email=a%40b.test", "https://evil.test/a"),
    ("https://youtu.be/dQw4w9WgXcQ?si=abc&t=9", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
    ("t.me/s/Good_Jobs/42", "https://t.me/good_jobs/42"),
    ("https://mobile.twitter.com/Anna/status/12/photo/1", "https://x.com/anna/status/12"),
    ("https://m.facebook.com/story.php?story_fbid=1&id=2", "https://www.facebook.com/story.php?story_fbid=1&id=2"),
    ("https://evil.test/", None),
    ("https://evil.test:99999/a", None),
    ("https://evil.test/" + "a" * 3000, None),
    ("ftp://evil.test/a", None),
    ("https://evil test/", "https://evil/"),
)
