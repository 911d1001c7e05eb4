"""The second line of defence, behind the safeguards: why an entry may not go out at all, or does not fit a name or an address format."""

import re
from functools import lru_cache

from moderation import addresses, policy
from moderation.formats import _platforms
from moderation.formats._remembered import ASKED_AGAIN
from moderation.formats._testing import LISTED_LABEL, NEVER_LISTED_LABEL
from moderation.vocabulary import N_, Entry, Header, Scope

NAME_LIMIT = 253
"""Characters of a name: 255 octets as DNS encodes it (RFC 1035), less the first length octet and the root."""

_LABEL = "[a-z0-9_-]{1,63}"
# A name that begins with a hyphen is an option to many programs.
_NAME = re.compile(rf"(?!-){_LABEL}(?:\.{_LABEL})+")
_ADDRESS = re.compile(rf"https?://(?P<host>{_LABEL}(?:\.{_LABEL})+)(?P<port>:[0-9]{{1,5}})?(?P<rest>/[!$-;=?-~]*)")

ONION = ".onion"


def withheld(entry: Entry, header: Header) -> str | None:
    """Why no format may carry the entry, however it came to be on the list; None where nothing stands against it."""
    return None if entry.is_test else _withheld(entry, header.list_name)


def _withheld(entry: Entry, list_name: str) -> str | None:
    host = entry.target if entry.scope.is_wide else entry.host
    if _covers(entry, host, f"{NEVER_LISTED_LABEL}.{list_name}"):
        return N_("It covers the name that must always resolve, by which networks test their set-up.")
    if host == f"{LISTED_LABEL}.{list_name}":
        return N_("This name is on the list already: it is the one by which networks test their set-up.")
    if entry.scope.is_wide:
        return _too_wide(host)
    if addresses.is_ip(host) and _is_root(entry.target):
        return N_("A bare address is never listed: unrelated sites share it.")
    return None


def barred(entry: Entry, list_name: str) -> str | None:
    """Why the entry may be in no release at all: what no file may carry, and what is not even a name or an address. None where it may."""
    reason = _withheld(entry, list_name)
    if reason or entry.host.endswith(ONION):
        return reason
    if entry.scope.is_wide:
        return unfit_name(entry)
    if len(entry.target) > policy.ADDRESS_LIMIT:
        return N_("It is longer than any address that is listed.")
    return unfit_text(entry)


def unfit_name(entry: Entry) -> str | None:
    """Why a format of DNS names can't carry the entry, None where it can."""
    return _unfit_name(entry.target)


# Many formats ask the same of one shard's entries, format after format.
@lru_cache(maxsize=ASKED_AGAIN)
def _unfit_name(name: str) -> str | None:
    if name.endswith(ONION):
        return N_("Onion services are not names of the DNS (RFC 7686), and no resolver may be asked about them.")
    if not is_name(name):
        return N_("It is not a name in the form that resolvers read: lower case, A-labels, 253 characters at most.")
    return None


def unfit_address(entry: Entry) -> str | None:
    """Why a format of web addresses can't carry the entry, None where it can."""
    return _unfit_address(entry.target, entry.host, entry.scope)


@lru_cache(maxsize=ASKED_AGAIN)
def _unfit_address(target: str, listed_host: str, scope: Scope) -> str | None:
    match = _ADDRESS.fullmatch(target)
    if match is None or len(target) > policy.ADDRESS_LIMIT:
        return N_("It is not a canonical web address: some character in it, or its length, could be read as something else.")
    host = match["host"]
    if host.endswith(ONION):
        return N_("Onion services are not names of the DNS (RFC 7686), and no proxy may be asked about them.")
    if host != listed_host or len(host) > NAME_LIMIT:
        return N_("Its host is not the one that was listed.")
    if scope is Scope.PATH and ("?" in match["rest"] or not match["rest"].endswith("/")):
        return N_("A path listing ends in a slash and has no query; this one would match more, or less, than was decided.")
    return None


def unfit_line(line: str, limit: int) -> str | None:
    """Why a program that reads `limit` octets of a line can't be given this one, None where it can."""
    if len(line.encode()) > limit:
        return N_("Its line would be longer than the program reads at once; the rest would be taken for a line of its own.")
    return None


def unfit_text(entry: Entry) -> str | None:
    """Why even a format that carries everything can't carry the entry, None where it can."""
    text = entry.target + entry.host
    if not entry.target or not text.isascii() or not text.isprintable() or " " in text:
        return N_("It is not in canonical form: it holds something other than printable ASCII characters.")
    return None


def is_name(text: str) -> bool:
    """Whether the text is a name of two labels or more, in A-label form and lower case."""
    return len(text) <= NAME_LIMIT and _NAME.fullmatch(text) is not None and not addresses.is_ip(text)


def _covers(entry: Entry, host: str, name: str) -> bool:
    if entry.scope.is_wide:
        return name == host or name.endswith(f".{host}") or host.endswith(f".{name}")
    return host == name


def _too_wide(name: str) -> str | None:
    if addresses.is_ip(name):
        return N_("A bare address is never listed: unrelated sites share it.")
    if not name.endswith(ONION) and ("." not in name or addresses.is_public_suffix(name)):
        return N_("Unrelated people register names below this one (public suffix list): it would block all of them.")
    if _platforms.is_above_public_suffixes(name):
        return N_("It is a platform's own name: unrelated people have their places below it (public suffix list).")
    return None


def _is_root(address: str) -> bool:
    return address.endswith("/") and address.count("/") == 3
