"""nginx with the map: as a proxy that sees addresses, and as one that sees no more than a name in TLS."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.clients.network import Network
from tests.clients.resolvers import free_port, program, stand_in
from tests.clients.starting import ended, once

NEEDS = ("nginx", "curl")
MODULES = Path("/usr/lib/nginx/modules")
PACKAGE = "nginx-light libnginx-mod-stream curl"


@dataclass
class Nginx:
    """A running server; `port` sees addresses, `names_port` names in TLS."""

    port: int
    names_port: int
    folder: Path
    network: Network
    programs: Path

    def reload(self) -> None:
        """Take what the server holds now, as the documentation says."""
        self.network.run("nginx.sh", self.folder, programs=self.programs)

    def said(self) -> str:
        """The last of what it said."""
        return (self.folder / "error.log").read_text(errors="replace")[-4000:]


def missing() -> list[str]:
    """What this machine lacks."""
    absent = [name for name in NEEDS if program(name) is None]
    return absent if (MODULES / "ngx_stream_module.so").exists() else [*absent, "nginx's stream module"]


@contextmanager
def started(network: Network, upstream: int, upstream_of_names: int, folder: Path) -> Iterator[Nginx]:
    """An nginx that has the map, and hands whatever it lets through to the servers at these ports."""
    port, names_port = free_port(), free_port()
    parts = {name: network.snippet(f"nginx-{name}.conf", folder) for name in ("http", "server", "stream")}
    config = folder / "proxy.conf"
    config.write_text(
        CONFIG.format(
            folder=folder, port=port, names_port=names_port, upstream=upstream, onward=upstream_of_names, modules=MODULES, **parts
        )
    )
    real = f'{program("nginx")} -p "{folder}" -c "{config}" -e "{folder}/error.log"'
    told = f'if [ "$1" = -s ] && [ ! -s "{folder}/nginx.pid" ]; then exit 0; fi; exec {real} "$@"'
    programs = stand_in(folder / "bin", "nginx", told)
    network.run("nginx.sh", folder, programs=programs)
    process = subprocess.Popen([str(programs / "nginx")], cwd=folder)
    nginx = Nginx(port, names_port, folder, network, programs)
    with ended(process):
        once(port, process, nginx.said)
        yield nginx


CONFIG = """load_module {modules}/ngx_stream_module.so;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  {http}
  server {{
    listen 127.0.0.1:{port};
    {server}
    location / {{
      proxy_pass http://127.0.0.1:{upstream};
      proxy_set_header Host $http_host;
    }}
  }}
}}
stream {{
  {stream}
  map $flagstone_name $onward {{
    0 127.0.0.1:{onward};
    default 127.0.0.1:1;
  }}
  server {{
    listen 127.0.0.1:{names_port};
    ssl_preread on;
    proxy_pass $onward;
  }}
}}
"""
