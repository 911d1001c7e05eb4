"""PowerDNS Recursor, with the policy zone from a file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
