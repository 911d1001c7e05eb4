"""Squid, with both of its lists."""

import getpass
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.clients.network import Network
from tests.clients.pages import NAMES
from tests.clients.resolvers import free_port, program, stand_in
from tests.clients.starting import ended, once

NEEDS = ("squid", "curl")
PACKAGE = "squid curl"


@dataclass
class Squid:
    """A running proxy."""

    port: int
    folder: Path
    network: Network
    programs: Path

    def reload(self) -> None:
        """Take what the server holds now, as the documentation says."""
        self.network.run("squid.sh", self.folder, programs=self.programs)

    def parsed(self) -> str:
        """What Squid says of its configuration and both lists."""
        command = [str(self.programs / "squid"), "-k", "parse"]
        return subprocess.run(command, capture_output=True, text=True, timeout=30, check=True).stderr

    def said(self) -> str:
        """The last of what it said."""
        return (self.folder / "cache.log").read_text(errors="replace")[-4000:]


@contextmanager
def started(network: Network, upstream: int) -> Iterator[Squid]:
    """A Squid that has the lists, and asks the web server at `upstream` for whatever it lets through."""
    # It will not run as root, and its own user can't reach the folders of a test that does.
    user = "proxy" if os.geteuid() == 0 else getpass.getuser()
    with TemporaryDirectory(prefix="fs-squid-") as made:
        folder = Path(made)
        if os.geteuid() == 0:
            shutil.chown(folder, user)
        with _started(network, upstream, folder, user) as squid:
            yield squid


@contextmanager
def _started(network: Network, upstream: int, folder: Path, user: str) -> Iterator[Squid]:
    port = free_port()
    (folder / "hosts").write_text("".join(f"127.0.0.1 {name}\n" for name in {name.lower() for name in NAMES}))
    config = folder / "proxy.conf"
    config.write_text(CONFIG.format(folder=folder, port=port, upstream=upstream, user=user, lists=network.snippet("squid.conf", folder)))
    # A name of its own: others on this machine share the memory of the nameless one.
    real = f'{program("squid")} -n fs{port} -f "{config}" "$@"'
    told = f'if [ "$2" = reconfigure ] && [ ! -e "{folder}/squid.pid" ]; then exit 0; fi; exec {real}'
    programs = stand_in(folder / "bin", "squid", told)
    network.run("squid.sh", folder, programs=programs)
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen([program("squid"), "-N", "-n", f"fs{port}", "-f", str(config)], cwd=folder, stdout=output, stderr=output)
    squid = Squid(port, folder, network, programs)
    with ended(process):
        once(port, process, squid.said)
        yield squid


CONFIG = """http_port 127.0.0.1:{port}
{lists}
http_access allow all
acl tunnel method CONNECT
always_direct allow tunnel
never_direct allow !tunnel
cache_peer 127.0.0.1 parent {upstream} 0 no-query no-digest originserver name=web
hosts_file {folder}/hosts
cache deny all
cache_effective_user {user}
pid_filename {folder}/squid.pid
access_log none
cache_log {folder}/cache.log
coredump_dir {folder}
pinger_enable off
visible_hostname proxy.test
shutdown_lifetime 0 seconds
"""
