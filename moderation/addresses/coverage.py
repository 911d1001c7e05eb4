"""What an address can be listed at, and what could cover it. Pure; must not decide which of them is right."""

from typing import Final

from moderation.addresses.address import Address
from moderation.addresses.names import registrable_domain, with_parents
from moderation.vocabulary import Scope, Target

_LOOKUP_LABELS: Final = 7
_LOOKUP_FOLDERS: Final = 4
"""How far the expressions of Safe Browsing go up a name and down a path (its version 4, "suffix/prefix expressions")."""


def ladder(address: Address) -> tuple[Target, ...]:
    """List every target this address can be listed at, narrowest first: the page, its folders, its name, its registrable domain."""
    return (
        Target(Scope.PAGE, address.text),
        *(Target(Scope.PATH, folder) for folder in address.folders),
        *name_steps(address.host),
    )


def name_steps(host: str) -> tuple[Target, ...]:
    """List the wide targets of a host.

    None for an IP address or a single label: neither is anyone's name. A public suffix keeps its host step, so that a
    safeguard can refuse it and say why.
    """
    if not with_parents(host):
        return ()
    domain = registrable_domain(host)
    if domain is None:
        return (Target(Scope.HOST, host),)
    if domain == host:
        return (Target(Scope.DOMAIN, domain),)
    return Target(Scope.HOST, host), Target(Scope.DOMAIN, domain)


def name_coverage(host: str) -> tuple[Target, ...]:
    """List every wide target that would cover a host, longest name first.

    Each name stands at both wide scopes, and names above the registrable domain too: the public suffix list changes, and
    a listing made before a change still covers what it covers.
    """
    return tuple(Target(scope, name) for name in with_parents(host) for scope in (Scope.HOST, Scope.DOMAIN))


def expressions(address: Address) -> tuple[str, ...]:
    """Give the Safe Browsing look-up expressions: host suffixes times path prefixes, without scheme and port, most exact first."""
    paths = _lookup_paths(address)
    return tuple(host + path for host in _lookup_hosts(address.host) for path in paths)


def _lookup_hosts(host: str) -> tuple[str, ...]:
    shorter = [name for name in with_parents(host)[1:] if name.count(".") < _LOOKUP_LABELS]
    return host, *shorter


def _lookup_paths(address: Address) -> tuple[str, ...]:
    root_and_folders = ("/", *(folder.removeprefix(address.origin) for folder in reversed(address.folders)))
    prefixes = reversed(root_and_folders[:_LOOKUP_FOLDERS])
    return tuple(dict.fromkeys((address.request, address.path, *prefixes)))
