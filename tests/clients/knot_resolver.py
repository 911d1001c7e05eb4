"""Knot Resolver, with the policy zone from a file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.clients.hidden_primary import secondary
from tests.clients.names import ZONE
from tests.clients.network import Network
from tests.clients.resolvers import Resolver, free_port, program, running
from tests.clients.upstream import Upstream


class ByFile:
    """The policy zone, which a script fetches and checks; the resolver sees by itself that there is a new one."""

    TITLE = "Knot Resolver, policy zone from a file"
    NEEDS = ("kresd", "kzonecheck", "curl")
    PACKAGE = "knot-resolver lua-cqueues knot-dnssecutils curl"
    KIND = ZONE

    @staticmethod
    @contextmanager
    def started(network: Network, upstream: Upstream, folder: Path) -> Iterator[Resolver]:
        port = free_port()
        network.run("knot-resolver.sh", folder, programs=folder)
        config = folder / "resolver.conf"
        snippet = network.snippet("knot-resolver.conf", folder)
        config.write_text(CONFIG.format(port=port, snippet=snippet, upstream=upstream.port))
        (folder / "cache").mkdir()
        with running([program("kresd"), "-n", "-c", str(config), str(folder / "cache")], folder, port=port) as resolver:
            resolver.reload = lambda: network.run("knot-resolver.sh", folder, programs=folder)
            yield resolver


class ByTransfer:
    """The policy zone from the file that a secondary on the same machine writes; the resolver sees by itself that there is a new one."""

    TITLE = "Knot Resolver, policy zone by transfer"
    NEEDS = ("kresd", "knotd", "knotc")
    PACKAGE = "knot-resolver lua-cqueues knot"
    KIND = ZONE

    @staticmethod
    @contextmanager
    def started(network: Network, upstream: Upstream, folder: Path) -> Iterator[Resolver]:
        port = free_port()
        with secondary(network, folder, tells=free_port()) as (primary, _):
            config = folder / "resolver.conf"
            config.write_text(CONFIG.format(port=port, snippet=network.snippet("knot-resolver.conf", folder), upstream=upstream.port))
            (folder / "cache").mkdir()
            with running([program("kresd"), "-n", "-c", str(config), str(folder / "cache")], folder, port=port) as resolver:
                resolver.reload = primary.follow
                yield resolver


CONFIG = """net.listen('127.0.0.1', {port}, {{ kind = 'dns' }})
cache.size = 10 * MB
trust_anchors.remove('.')
{snippet}
policy.add(policy.all(policy.FORWARD({{'127.0.0.1@{upstream}'}})))
"""
