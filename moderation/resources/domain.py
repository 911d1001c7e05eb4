"""Sites: a bare host with nothing after it. Must not claim an address with a path, a query or a port."""

from collections.abc import Iterator
from typing import Final

from moderation import addresses
from moderation.addresses import Address
from moderation.resources._reading import Found, Reading, names_itself
from moderation.vocabulary import N_, Resource

KIND: Final = "domain"
LABEL: Final = N_("Site")
TOLD: Final = N_("Internet providers and all others who take the list.")
PRECEDENCE: Final = 20
REACHES_A_PERSON: Final = False
SHARES_ITS_HOST: Final = False


def find(reading: Reading) -> Iterator[Found]:
    """Find hosts that stand alone and are read the same when written alone; others keep their scheme, as a web page."""
    for mention in reading.addresses:
        address = mention.address
        if address is not None and address.is_bare and _is_name(address) and names_itself(address.host):
            yield Found(mention.start, mention.end, _resource(address))


def restore(canonical: str) -> Resource:
    """Rebuild the resource from its stored canonical form.

    Raises:
        ValueError: it is not one.
    """
    address = addresses.read(f"https://{canonical}/")
    if address is None or not address.is_bare:
        raise ValueError("not a canonical site")
    return _resource(address)


def _is_name(address: Address) -> bool:
    return not address.is_ip and not address.host.endswith(".onion")


def _resource(address: Address) -> Resource:
    return Resource(
        kind=KIND,
        canonical=address.host,
        host=address.host,
        domain=addresses.registrable_domain(address.host),
        ladder=addresses.ladder(address),
        stripped=address.stripped,
    )


EXAMPLES: Final[tuple[tuple[str, str | None], ...]] = (
    ("evil.test", "evil.test"),
    ("http://EVIL.test", "evil.test"),
    ("https://user:secret@evil.test./#part", "evil.test"),
    ("hxxps://evil[.]test/?fbclid=1", "evil.test"),
    ("//evil.test/", "evil.test"),
    ("ｈｔｔｐ：／／ｅｖｉｌ．ｔｅｓｔ／", "evil.test"),
    ("请看evil。test，谢谢", "evil.test"),
    ("(evil.test).", "evil.test"),
    ("https://bücher.example", "xn--bcher-kva.example"),
    ("موقع.شبكة", "xn--4gbrim.xn--ngbc5azd"),
    ("e\u200bvil\u202e.test", "evil.test"),
    ("http://github.io/", "github.io"),
    ("evil.test/a", None),
    ("http://evil.test:8080/", None),
    ("someone@evil.test", None),
    ("file.pdf, e.g. 12.30", None),
    ("https://localhost/", None),
    ("https://192.0.2.1/", None),
    ("https://*.test/", None),
)
