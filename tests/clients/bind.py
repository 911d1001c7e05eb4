"""BIND 9, with the policy zone from a file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.clients.hidden_primary import hidden_primary
from tests.clients.names import ZONE
from tests.clients.network import Network
from tests.clients.resolvers import Resolver, free_port, program, running, stand_in
from tests.clients.upstream import Upstream


class ByFile:
    """The policy zone, which a script fetches and checks."""

    TITLE = "BIND 9, policy zone from a file"
    NEEDS = ("named", "named-checkzone", "rndc", "curl")
    PACKAGE = "bind9 bind9-utils curl"
    KIND = ZONE

    @staticmethod
    @contextmanager
    def started(network: Network, upstream: Upstream, folder: Path) -> Iterator[Resolver]:
        port, control = free_port(), free_port()
        told = f'[ -e "{folder}/resolver.log" ] || exit 0; exec {program("rndc")} -c "{folder}/rndc.conf" -p {control} "$@"'
        programs = stand_in(folder / "bin", "rndc", told)
        (folder / "rndc.conf").write_text(f'{KEY}\noptions {{ default-key "local"; default-server 127.0.0.1; }};\n')
        for name in ("bind-options.conf", "bind-zone.conf", "onion.zone"):
            (folder / name).write_text(network.snippet(name, folder))
        network.run("bind.sh", folder, programs=programs)
        config = folder / "resolver.conf"
        config.write_text(CONFIG.format(folder=folder, port=port, upstream=upstream.port, control=control, key=KEY))
        with running([program("named"), "-4", "-g", "-n", "1", "-c", str(config)], folder, port=port) as resolver:
            resolver.reload = lambda: network.run("bind.sh", folder, programs=programs)
            yield resolver


class ByTransfer:
    """The policy zone by AXFR and IXFR with a key; the primary tells of each change."""

    TITLE = "BIND 9, policy zone by transfer"
    NEEDS = ("named", "knotd", "knotc")
    PACKAGE = "bind9 knot"
    KIND = ZONE

    @staticmethod
    @contextmanager
    def started(network: Network, upstream: Upstream, folder: Path) -> Iterator[Resolver]:
        port, control = free_port(), free_port()
        with hidden_primary(network, folder, notify=port) as primary:
            (folder / "bind-options.conf").write_text(primary.snippet("bind-options.conf", folder))
            (folder / "bind-zone.conf").write_text(primary.snippet("bind.conf", folder))
            (folder / "onion.zone").write_text(network.snippet("onion.zone", folder))
            config = folder / "resolver.conf"
            config.write_text(CONFIG.format(folder=folder, port=port, upstream=upstream.port, control=control, key=KEY))
            with running([program("named"), "-4", "-g", "-n", "1", "-c", str(config)], folder, port=port) as resolver:
                resolver.reload = primary.follow
                yield resolver


KEY = 'key "local" { algorithm hmac-sha256; secret "bG9jYWwga2V5IG9mIGEgdGVzdA=="; };'
CONFIG = """{key}
controls {{ inet 127.0.0.1 port {control} allow {{ 127.0.0.1; }} keys {{ "local"; }}; }};
options {{
  directory "{folder}";
  pid-file none;
  session-keyfile "{folder}/session.key";
  listen-on port {port} {{ 127.0.0.1; }};
  listen-on-v6 {{ none; }};
  recursion yes;
  dnssec-validation no;
  forward only;
  forwarders {{ 127.0.0.1 port {upstream}; }};
  include "{folder}/bind-options.conf";
}};
include "{folder}/bind-zone.conf";
"""
