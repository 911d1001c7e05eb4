"""dnsmasq, with the servers-file and with the hosts file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.clients.names import HOSTS_FILE, SERVERS_FILE
from tests.clients.network import Network
from tests.clients.resolvers import Resolver, free_port, program, running, stand_in
from tests.clients.upstream import Upstream


class ByServersFile:
    """Names that have no server to ask; a script fetches and checks them."""

    TITLE = "dnsmasq, servers-file"
    NEEDS = ("dnsmasq", "curl")
    PACKAGE = "dnsmasq-base curl"
    KIND = SERVERS_FILE

    @staticmethod
    @contextmanager
    def started(network: Network, upstream: Upstream, folder: Path) -> Iterator[Resolver]:
        with _dnsmasq("dnsmasq", network, upstream, folder) as resolver:
            yield resolver


class ByHostsFile:
    """Exact names, sent nowhere; a script fetches them."""

    TITLE = "dnsmasq, hosts file"
    NEEDS = ("dnsmasq", "curl")
    PACKAGE = "dnsmasq-base curl"
    KIND = HOSTS_FILE

    @staticmethod
    @contextmanager
    def started(network: Network, upstream: Upstream, folder: Path) -> Iterator[Resolver]:
        with _dnsmasq("dnsmasq-hosts", network, upstream, folder) as resolver:
            yield resolver


@contextmanager
def _dnsmasq(snippet: str, network: Network, upstream: Upstream, folder: Path) -> Iterator[Resolver]:
    port, running_as = free_port(), folder / "dnsmasq.pid"
    told = f'[ "$*" = "reload dnsmasq" ] || exit 1; [ ! -e "{running_as}" ] || kill -HUP "$(cat "{running_as}")"'
    programs = stand_in(folder / "bin", "systemctl", told)
    network.run(f"{snippet}.sh", folder, programs=programs)
    (folder / "snippet.conf").write_text(network.snippet(f"{snippet}.conf", folder))
    config = folder / "resolver.conf"
    config.write_text(CONFIG.format(folder=folder, port=port, upstream=upstream.port, pid=running_as))
    with running([program("dnsmasq"), "--keep-in-foreground", f"--conf-file={config}"], folder, port=port) as resolver:
        resolver.reload = lambda: network.run(f"{snippet}.sh", folder, programs=programs)
        yield resolver


CONFIG = """port={port}
listen-address=127.0.0.1
bind-interfaces
user=root
pid-file={pid}
log-facility=-
no-resolv
no-hosts
server=127.0.0.1#{upstream}
conf-file={folder}/snippet.conf
"""
