"""Unbound, with the policy zone by its address and with local zones from a file."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.tour.resolver import settings
from tests.clients.hidden_primary import secondary
from tests.clients.names import LOCAL_ZONES, ZONE
from tests.clients.network import LIST_NAME, Network
from tests.clients.resolvers import Resolver, free_port, program, running, stand_in, until_gone
from tests.clients.upstream import Upstream

ZONE_NAME = f"rpz.{LIST_NAME}"


class ByAddress:
    """The policy zone, which Unbound fetches by itself at each refresh, or when it is told to."""

    TITLE = "Unbound, policy zone by url"
    NEEDS = ("unbound", "unbound-control")
    PACKAGE = "unbound"
    KIND = ZONE

    @staticmethod
    @contextmanager
    def started(network: Network, upstream: Upstream, folder: Path) -> Iterator[Resolver]:
        with _unbound(folder, upstream, network.snippet("unbound-rpz.conf", folder)) as resolver:

            def reload() -> None:
                wanted = network.serial
                _control(folder, "auth_zone_transfer", ZONE_NAME)
                until_gone(lambda: _serial(folder) < wanted, "Unbound has the new zone")

            resolver.reload = reload
            yield resolver


class ByFile:
    """Local zones, which a script fetches and checks."""

    TITLE = "Unbound, local zones from a file"
    NEEDS = ("unbound", "unbound-control", "unbound-checkconf", "curl")
    PACKAGE = "unbound curl"
    KIND = LOCAL_ZONES

    @staticmethod
    @contextmanager
    def started(network: Network, upstream: Upstream, folder: Path) -> Iterator[Resolver]:
        control = f'[ -e "{folder}/unbound.pid" ] || exit 0; exec {program("unbound-control")} -c "{folder}/resolver.conf" "$@"'
        programs = stand_in(folder / "bin", "unbound-control", control)
        network.run("unbound-zones.sh", folder, programs=programs)
        with _unbound(folder, upstream, network.snippet("unbound-zones.conf", folder)) as resolver:
            resolver.reload = lambda: network.run("unbound-zones.sh", folder, programs=programs)
            yield resolver


class ByTransfer:
    """The policy zone by transfer from a secondary on the same machine, which has the key: Unbound has none."""

    TITLE = "Unbound, policy zone by transfer"
    NEEDS = ("unbound", "knotd", "knotc")
    PACKAGE = "unbound knot"
    KIND = ZONE

    @staticmethod
    @contextmanager
    def started(network: Network, upstream: Upstream, folder: Path) -> Iterator[Resolver]:
        port = free_port()
        with secondary(network, folder, tells=port) as (primary, local):
            snippet = primary.snippet("unbound.conf", folder, **{"local port": local})
            with _unbound(folder, upstream, snippet, port=port) as resolver:
                resolver.reload = primary.follow
                yield resolver


@contextmanager
def _unbound(folder: Path, upstream: Upstream, snippet: str, *, port: int = 0) -> Iterator[Resolver]:
    port = port or free_port()
    # What it needs for the list is in the snippet alone.
    config, included = folder / "resolver.conf", folder / "snippet.conf"
    included.write_text(snippet)
    config.write_text(settings(folder, port=port, upstream=upstream.port, control=free_port(), included=included))
    with running([program("unbound"), "-d", "-c", str(config)], folder, port=port) as resolver:
        yield resolver


def _serial(folder: Path) -> int:
    found = re.search(r"serial (\d+)", _control(folder, "list_auth_zones"))
    return int(found[1]) if found else 0


def _control(folder: Path, *words: str) -> str:
    command = [program("unbound-control"), "-c", str(folder / "resolver.conf"), *words]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=30).stdout
