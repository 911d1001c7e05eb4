"""A real nginx in front, by the file that deploy/ offers: names, paths and ports are the test's own, all the rest is as it stands there."""

import http.client
import os
import re
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass

from config import CHECKOUT
from tests.clients.resolvers import free_port, program

OFFERED = CHECKOUT / "deploy" / "nginx" / "flagstone.conf"
SECONDS = 30
ADDRESS = "/feed/v1/domains.txt"
"""What most stories ask for."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


@dataclass(frozen=True)
class Nginx:
    port: int

    def ask(self, path, *, method="GET", **headers):
        """One request; the path goes out as it is given, dots, slashes and all."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        try:
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders()
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()


@contextmanager
def nginx(folder, data, *, server_port):
    """Run until the block ends; `data` is where the releases lie."""
    port = free_port()
    replaced = {
        "listen 443 ssl http2;": f"listen 127.0.0.1:{port};",
        "http://127.0.0.1:8000": f"http://127.0.0.1:{server_port}",
        "127.0.0.1:8001": f"127.0.0.1:{free_port()}",
    }
    with started(folder, data, replaced, until=lambda: Nginx(port).ask("/healthz")):
        yield Nginx(port)


@contextmanager
def started(folder, data, replaced, *, until):
    """Run the offered file with this in it replaced, and its folders; the block begins when `until` raises no OSError any more."""
    folders = {"/var/lib/flagstone/": f"{data}/", "/var/log/nginx/": f"{folder}/", "/run/flagstone-nginx": f"{folder}/said"}
    text = OFFERED.read_text()
    for old, new in (replaced | folders).items():
        assert old in text, f"{OFFERED.name} no longer has {old}"
        text = text.replace(old, new)
    temporary = "".join(f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root;\n" if os.geteuid() == 0 else ""
    main = f"{user}daemon off;\npid {folder}/pid;\nerror_log {folder}/main.log;\nevents {{}}\nhttp {{\n{temporary}{text}}}\n"
    (folder / "nginx.conf").write_text(main)
    running = subprocess.Popen([program("nginx"), "-p", str(folder), "-e", str(folder / "start.log"), "-c", str(folder / "nginx.conf")])
    try:
        wait_for(folder, running, until)
        yield
    finally:
        running.terminate()
        running.wait(SECONDS)


def wait_for(folder, running, until):
    ends = time.monotonic() + SECONDS
    while True:
        try:
            until()
        except OSError:
            assert running.poll() is None, (folder / "main.log").read_text() + (folder / "start.log").read_text()
            assert time.monotonic() < ends, "nginx does not answer"
            time.sleep(0.05)
        else:
            return


def locations():
    """The locations of the offered file that lead to files and are closed to the outside."""
    return re.findall(r"location (?:= )?(/\S+) \{\s+internal;\s+(?:alias|root) ", OFFERED.read_text())
