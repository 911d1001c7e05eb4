"""The feed behind a real nginx, by the file that deploy/ offers, against what nginx sends by itself; and Flask's own path."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from app.database import Database
from bench import servers
from bench.figures import Figure, median
from bench.load import HOST, LoadError, connected, get, send
from bench.place import Place, Server, free_port
from config import CHECKOUT

OFFERED = CHECKOUT / "deploy" / "nginx" / "flagstone.conf"
PROGRAMS = "/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin"
BEHIND = {"FLAGSTONE_BEHIND_PROXY": "1", "FLAGSTONE_CLIENT_HEADER": "X-Real-IP", "FLAGSTONE_ACCEL": "/_feed/"}
TURNS = 9
UNCHANGED = 40_000
"""304 in a turn: with fewer, turns of the same version differ by more than a tenth."""
LINES = 8
"""Connections that have one request each under way: as pollers do, and nginx has something to do whenever it looks."""

FILES = {"rpz.zone.gz": 20, "feed.jsonl.gz": 5}
"""How often each is fetched in a turn."""

SHORT = 4_000_000
"""Octets. At a million listings every file is longer, packed or not; a shorter one is sent faster than it is asked for."""

FROM_FLASK = 600
START_SECONDS = 10


@dataclass(frozen=True, slots=True)
class _Front:
    """An nginx: at one port our file, at the other the releases as nothing but files."""

    port: int
    own_port: int
    nginx: psutil.Process


def run(place: Place, database: Database) -> Iterator[Figure]:
    """A consumer is let in; the release must be on the place's disk."""
    tag = servers.publish(place, database)
    headers = {"Authorization": f"Bearer {servers.TOKEN}", "If-None-Match": tag}
    program = shutil.which("nginx", path=PROGRAMS)
    with place.serving(database) as flask:
        yield _from_flask(flask, headers)
    if program is None:
        # Without a promise, so that a machine without nginx is told and not failed.
        yield Figure(name="behind nginx (not installed here: apt install nginx-light)", value=0)
        return
    with place.serving(database, more=BEHIND) as flask, _nginx(program, place, flask) as front:
        yield from _behind_nginx(place, front, headers)


def _from_flask(flask: Server, headers: dict[str, str]) -> Figure:
    unchanged = [get("/feed/v1/rpz.zone.gz", headers)] * FROM_FLASK
    empty = [get("/en/worker")] * FROM_FLASK
    with connected(flask.port, workers=flask.workers) as connections:
        rates = [(send(connections, unchanged, expected=304).rate, send(connections, empty).rate) for _ in range(TURNS + 1)][1:]
    return _ratio("304 from Flask itself, by an empty route", rates, at_least=0.6)


def _behind_nginx(place: Place, front: _Front, headers: dict[str, str]) -> Iterator[Figure]:
    folder = (place.settings.data / "feed" / "current").resolve()
    authorised = {"Authorization": headers["Authorization"]}
    own_tag = _head(front.own_port, get(f"/{folder.name}/rpz.zone.gz"))["etag"]
    ours = get("/feed/v1/rpz.zone.gz", headers)
    # The same client asks both, so the same headers come to both.
    theirs = get(f"/{folder.name}/rpz.zone.gz", authorised | {"If-None-Match": own_tag})
    turns = [(_rate(front.nginx, front.port, ours), _rate(front.nginx, front.own_port, theirs)) for _ in range(TURNS + 1)][1:]
    yield _ratio("304 behind nginx, by nginx's own", [(one[0], other[0]) for one, other in turns], at_least=0.8)
    yield _ratio("the same, for a second of nginx's processor", [(one[1], other[1]) for one, other in turns])
    for name, times in FILES.items():
        size = (folder / name).stat().st_size
        ours, theirs = get(f"/feed/v1/{name}", authorised), get(f"/{folder.name}/{name}", authorised)
        rates = [(_fetch(front.port, ours, times, size), _fetch(front.own_port, theirs, times, size)) for _ in range(TURNS + 1)][1:]
        yield _ratio(
            f"full bodies behind nginx, by nginx's own, {name} of {size / 1e6:.1f} MB", rates, at_least=0.9 if size > SHORT else None
        )


def _ratio(name: str, rates: list[tuple[float, float]], *, at_least: float | None = None) -> Figure:
    seen = f"{median([one for one, _ in rates]):,.0f} against {median([other for _, other in rates]):,.0f} a second"
    return Figure(name=name, value=median([one / other for one, other in rates]), at_least=at_least, seen=seen)


def _rate(nginx: psutil.Process, port: int, request: bytes) -> tuple[float, float]:
    """304 a second, and for each second that nginx worked: there the sender, and whoever else has the processors, does not count."""
    with ExitStack() as stack:
        lines = [stack.enter_context(_Line(port)) for _ in range(LINES)]
        before, started = _worked(nginx), time.perf_counter()
        for _ in range(UNCHANGED // LINES):
            for line in lines:
                line.ask(request)
            for line in lines:
                line.unchanged()
        return UNCHANGED / (time.perf_counter() - started), UNCHANGED / (_worked(nginx) - before)


def _worked(nginx: psutil.Process) -> float:
    """Seconds that its workers had the processor."""
    return sum(spent.user + spent.system for spent in (worker.cpu_times() for worker in nginx.children()))


def _fetch(port: int, request: bytes, times: int, size: int) -> float:
    """Whole files a second on one connection, one after the other."""
    with _Line(port) as line:
        line.whole(request, size)
        started = time.perf_counter()
        for _ in range(times):
            line.whole(request, size)
        return times / (time.perf_counter() - started)


def _head(port: int, request: bytes) -> dict[str, str]:
    with _Line(port) as line:
        return line.head(request)


class _Line:
    """One connection, read as cheaply as can be."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection((HOST, port), START_SECONDS)
        self._room = bytearray(1 << 20)

    def __enter__(self) -> "_Line":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def ask(self, request: bytes) -> None:
        """Send a request."""
        self._socket.sendall(request)

    def unchanged(self) -> None:
        """Take an answer without a body."""
        found = self._more()
        while not found.endswith(b"\r\n\r\n"):
            found += self._more()
        if not found.startswith(b"HTTP/1.1 304"):
            raise LoadError(f"no 304: {found[:200]!r}")

    def whole(self, request: bytes, size: int) -> None:
        """Ask for a file, and take all of it."""
        self._socket.sendall(request)
        found = self._more()
        head, _, begun = found.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise LoadError(f"no file: {head[:200]!r}")
        left = size - len(begun)
        while left:
            left -= self._socket.recv_into(self._room)

    def head(self, request: bytes) -> dict[str, str]:
        """The headers of an answer, by their names in lower case."""
        self._socket.sendall(request)
        head = self._more().partition(b"\r\n\r\n")[0].decode()
        return {name.lower(): value for name, _, value in (line.partition(": ") for line in head.splitlines()[1:])}

    def _more(self) -> bytes:
        found = self._socket.recv_into(self._room)
        if not found:
            raise LoadError("the connection was closed")
        return bytes(self._room[:found])


@contextmanager
def _nginx(program: str, place: Place, flask: Server) -> Iterator[_Front]:
    folder = place.settings.data / "nginx"
    folder.mkdir()
    port, own_port = free_port(), free_port()
    (folder / "nginx.conf").write_text(_configuration(folder, place.settings.data, port, own_port, flask))
    running = subprocess.Popen([program, "-p", str(folder), "-e", str(folder / "start.log"), "-c", str(folder / "nginx.conf")])
    try:
        _wait_for(lambda: socket.create_connection((HOST, port), 1).close())
        yield _Front(port, own_port, psutil.Process(running.pid))
    finally:
        running.terminate()
        running.wait(START_SECONDS)
        shutil.rmtree(_memory(folder), ignore_errors=True)


def _memory(folder: Path) -> Path:
    """Where the file wants what was said: in memory, where there is such a place."""
    there = Path("/dev/shm")
    return there / folder.parent.parent.name if os.access(there, os.W_OK) else folder / "said"


def _configuration(folder: Path, data: Path, port: int, own_port: int, flask: Server) -> str:
    """Our file with this run's ports and folders, and a server beside it that knows nothing but files."""
    text = OFFERED.read_text()
    for offered, own in {
        "listen 443 ssl http2;": f"listen {HOST}:{port};",
        "http://127.0.0.1:8000": f"http://{HOST}:{flask.port}",
        "/var/lib/flagstone/": f"{data}/",
        "/var/log/nginx/": f"{folder}/",
        "/run/flagstone-nginx": str(_memory(folder)),
        "127.0.0.1:8001": f"{HOST}:{free_port()}",
    }.items():
        text = text.replace(offered, own)
    only_files = f"location / {{ alias {data}/feed/releases/; sendfile on; tcp_nopush on; }}"
    own = f"server {{ listen {HOST}:{own_port}; access_log off; {only_files} }}"
    temporary = "".join(f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root;\n" if os.geteuid() == 0 else ""
    # By default a connection ends after 1,000 answers, which would be measured too.
    lasting = "keepalive_requests 1000000;\n"
    return (
        f"{user}daemon off;\npid {folder}/pid;\nerror_log {folder}/main.log;\nevents {{}}\nhttp {{\n{lasting}{temporary}{text}\n{own}\n}}\n"
    )


def _wait_for(ready: Callable[[], None]) -> None:
    ends = time.monotonic() + START_SECONDS
    while True:
        try:
            return ready()
        except OSError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.05)
