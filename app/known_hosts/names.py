"""Brings what a list calls a host or a page to the name that look-ups ask for. Knows nothing of classes or tables."""

from dataclasses import dataclass
from typing import Final

from app.known_hosts.packaged import NAME
from moderation import addresses

NO_NAME: Final = "is no name of a host: write it as example.org, or as a whole address."
AN_ADDRESS: Final = "is an address of a machine, whose sites change: name the site instead."
A_SUFFIX: Final = "is a public suffix, and unrelated people have the names below it: name one of those."
NO_SUFFIX: Final = "ends in no top-level domain: correct the spelling."


@dataclass(frozen=True, slots=True)
class Name:
    """A host in canonical form. `is_page`: the list named a page below it, so what it says may hold for that page alone."""

    host: str
    is_page: bool


def read(text: str) -> Name | str:
    """Give the host that a cell names, without `www.`, so that the whole site is meant; or why it names none that lists can hold."""
    if NAME.fullmatch(text) and "xn--" not in text:
        found = Name(text, is_page=False)
    else:
        address = addresses.read(text if "://" in text else f"https://{text.removeprefix('*.')}")
        if address is None or "." not in address.host:
            return AN_ADDRESS if address is not None and addresses.is_ip(address.host) else NO_NAME
        found = Name(address.host, is_page=address.path != "/" or bool(address.query))
    return _fault(found.host) or _of_site(found)


def canonical(text: str) -> str | None:
    """The host that somebody typed or pasted, as the table holds it; None where it names none."""
    address = addresses.read(text.strip() if "://" in text else f"https://{text.strip()}")
    return address.host if address is not None else None


def is_shared_suffix(host: str) -> bool:
    """Whether unrelated people have names right below this one."""
    return addresses.is_public_suffix(host)


def _fault(host: str) -> str | None:
    if addresses.is_ip(host):
        return AN_ADDRESS
    if not addresses.has_known_suffix(host):
        return NO_SUFFIX
    return A_SUFFIX if addresses.is_public_suffix(host) else None


def _of_site(name: Name) -> Name:
    shorter = name.host.removeprefix("www.")
    if shorter == name.host or addresses.registrable_domain(shorter) is None:
        return name
    return Name(shorter, name.is_page)
