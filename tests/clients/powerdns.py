"""PowerDNS Recursor, with the policy zone from a file."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.clients.hidden_primary import hidden_primary
from tests.clients.names import ZONE
from tests.clients.network import Network
from tests.clients.resolvers import Resolver, free_port, program, running, stand_in
from tests.clients.upstream import Upstream


class ByFile:
    """The policy zone, which a script fetches."""

    TITLE = "PowerDNS Recursor, policy zone from a file"
    NEEDS = ("pdns_recursor", "rec_control", "curl", "diff")
    PACKAGE = "pdns-recursor curl diffutils"
    KIND = ZONE

    @staticmethod
    @contextmanager
    def started(network: Network, upstream: Upstream, folder: Path) -> Iterator[Resolver]:
        port = free_port()
        told = f'[ -e "{folder}/resolver.log" ] || exit 0; exec {program("rec_control")} --socket-dir="{folder}" "$@"'
        programs = stand_in(folder / "bin", "rec_control", told)
        network.run("powerdns.sh", folder, programs=programs)
        for name in ("powerdns.lua", "onion.zone"):
            (folder / name).write_text(network.snippet(name, folder))
        settings = CONFIG.format(folder=folder, port=port, upstream=upstream.port)
        (folder / "recursor.conf").write_text(settings + network.snippet("powerdns.conf", folder))
        with running([program("pdns_recursor"), f"--config-dir={folder}"], folder, port=port) as resolver:
            resolver.reload = lambda: network.run("powerdns.sh", folder, programs=programs)
            yield resolver


class ByTransfer:
    """The policy zone by AXFR and IXFR with a key; PowerDNS asks for the serial each minute, or when it is told to read its files again."""

    TITLE = "PowerDNS Recursor, policy zone by transfer"
    NEEDS = ("pdns_recursor", "rec_control", "knotd", "knotc")
    PACKAGE = "pdns-recursor knot"
    KIND = ZONE

    @staticmethod
    @contextmanager
    def started(network: Network, upstream: Upstream, folder: Path) -> Iterator[Resolver]:
        port = free_port()
        with hidden_primary(network, folder) as primary:
            (folder / "powerdns.lua").write_text(primary.snippet("powerdns.lua", folder))
            (folder / "onion.zone").write_text(network.snippet("onion.zone", folder))
            settings = CONFIG.format(folder=folder, port=port, upstream=upstream.port)
            (folder / "recursor.conf").write_text(settings + primary.snippet("powerdns.conf", folder))
            with running([program("pdns_recursor"), f"--config-dir={folder}"], folder, port=port) as resolver:

                def reload() -> None:
                    primary.follow()
                    subprocess.run([program("rec_control"), f"--socket-dir={folder}", "reload-lua-config"], check=True, timeout=30)

                resolver.reload = reload
                yield resolver


CONFIG = """local-address=127.0.0.1
local-port={port}
socket-dir={folder}
daemon=no
threads=1
write-pid=no
dnssec=off
dont-query=
forward-zones-recurse=.=127.0.0.1:{upstream}
webserver=no
security-poll-suffix=
"""
