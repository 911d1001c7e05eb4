"""Web addresses in canonical form: the URL standard first, then our own rules. Pure; must not guess what a messy text meant."""

import re
from dataclasses import dataclass, field
from typing import Final

import can_ada

from moderation import policy
from moderation.addresses.names import is_ip
from moderation.addresses.stripping import strip_path, strip_query

# DNS carries more, but a name with anything else could be read as syntax by a program that takes the list.
_NAME: Final = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_NAME_LIMIT: Final = 253


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A canonical http(s) address. `host` is in A-labels without a final dot; `path` starts with `/`; `query` has no question mark.

    `stripped` names what was taken off, never its value, and does not count for equality.
    """

    scheme: str
    host: str
    port: int | None
    path: str
    query: str
    stripped: tuple[str, ...] = field(default=(), compare=False)
    text: str = field(init=False, compare=False, repr=False)
    """The address as one string."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", self.origin + self.request)

    @property
    def origin(self) -> str:
        """Scheme, host and port, without a slash."""
        return f"{self.scheme}://{self.host}" + ("" if self.port is None else f":{self.port}")

    @property
    def request(self) -> str:
        """Path and query: what is asked of the host."""
        return self.path + (f"?{self.query}" if self.query else "")

    @property
    def is_ip(self) -> bool:
        """The host is a machine's number, not a name."""
        return is_ip(self.host)

    @property
    def is_bare(self) -> bool:
        """Nothing but a host: no path, query or unusual port."""
        return self.port is None and self.request == "/"

    @property
    def is_short_enough(self) -> bool:
        """Not longer than a stored address may be."""
        return len(self.text) <= policy.ADDRESS_LIMIT

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders above the page and below the root as address prefixes ending in `/`, deepest first.

        Only the first levels from the root count, so that a path of a thousand slashes costs no more than another.
        """
        ends = [match.end() for match, _ in zip(re.finditer("/", self.path), range(policy.FOLDER_LEVELS + 1), strict=False)]
        return tuple(self.origin + self.path[:end] for end in reversed(ends[1:]))


def whatwg_href(text: str) -> str | None:
    """Give what the URL standard makes of an address without a base, before any rule of ours; None is its failure."""
    url = _whatwg(text)
    return None if url is None else str(url.href)


def read(text: str) -> Address | None:
    """Bring an address with a scheme into canonical form; None where it is no http(s) address that a name server or network could act on.

    Reading the `text` of what it returns gives the same again: the rules run until nothing changes.
    """
    stripped: dict[str, None] = {}
    while (address := _read_once(text)) is not None:
        stripped |= dict.fromkeys(address.stripped)
        if address.text == text:
            return Address(
                scheme=address.scheme,
                host=address.host,
                port=address.port,
                path=address.path,
                query=address.query,
                stripped=tuple(stripped),
            )
        text = address.text
    return None


def host_of(target: str) -> str:
    """Name the host of a page or path target, as stored.

    Raises:
        ValueError: the text is no canonical address.
    """
    # An onion service's canonical form has no scheme: http and https are one there too, and neither is the usual one.
    address = read(target if target.startswith(("https://", "http://")) else f"http://{target}")
    if address is None:
        raise ValueError("not a canonical address")
    return address.host


def _whatwg(text: str) -> can_ada.URL | None:
    try:
        return can_ada.parse(text)
    except (ValueError, TypeError):  # TypeError: half a character (a lone surrogate), which no address can hold
        return None


def _read_once(text: str) -> Address | None:
    url = _whatwg(text)
    if url is None or url.protocol not in ("http:", "https:"):
        return None
    host = _host(url.hostname)
    if host is None:
        return None
    path, taken_from_path = strip_path(url.pathname)
    query, taken_from_query = strip_query(url.search.removeprefix("?"))
    port = int(url.port) if url.port else None
    return Address(
        scheme=_scheme(url.protocol, port),
        host=host,
        port=port,
        path=path if path.startswith("/") else f"/{path}",
        query=query,
        stripped=(*_around(url), *taken_from_path, *taken_from_query),
    )


def _host(name: str) -> str | None:
    """Take off dots that no name server sees, and refuse what could not be a name."""
    if name.startswith("["):
        return name
    host = ".".join(label for label in name.split(".") if label)
    return host if len(host) <= _NAME_LIMIT and _NAME.fullmatch(host) else None


def _scheme(protocol: str, port: int | None) -> str:
    # One page, http or https; but https on port 443 would be another door than http on port 443.
    return "http" if protocol == "http:" and port == 443 else "https"


def _around(url: can_ada.URL) -> tuple[str, ...]:
    taken = []
    if url.username or url.password:
        taken.append("userinfo")
    # A fragment never reaches the network, so no ISP could act on it.
    if url.hash:
        taken.append("fragment")
    return tuple(taken)
