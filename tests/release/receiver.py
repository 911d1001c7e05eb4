"""A network's own server, which is told what left the list: `python -m tests.release.receiver LOG ANSWER...`, a process of its own.

It prints its port, notes each request in LOG as a line of JSON, and answers with one ANSWER after the other, the last for good: a status,
`hang` (says nothing), `drip` (an octet now and then) or `away` (a redirect to itself).
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from config import CHECKOUT

SLOW_SECONDS = 60


class _Hook(BaseHTTPRequestHandler):
    log: Path
    answers: list[str]

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        with self.log.open("a") as file:
            file.write(
                json.dumps({"path": self.path, "headers": {name.lower(): value for name, value in self.headers.items()}, "body": body})
                + "\n"
            )
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer == "hang":
            time.sleep(SLOW_SECONDS)
        elif answer == "drip":
            self._drip()
        elif answer == "away":
            self.send_response(307)
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self.send_response(int(answer))
            self.send_header("Content-Length", "0")
            self.end_headers()

    def _drip(self):
        end = time.monotonic() + SLOW_SECONDS
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while time.monotonic() < end:
            self.wfile.write(b"X: y\r\n")
            time.sleep(0.5)

    def log_message(self, *_):
        """Say nothing."""


class Receiver:
    """A running one, as the test sees it."""

    def __init__(self, port: int, log: Path) -> None:
        self.url, self._log = f"http://127.0.0.1:{port}/hook?of=ours", log

    def got(self) -> list[dict]:
        """Every request so far."""
        return [json.loads(line) for line in self._log.read_text().splitlines()] if self._log.exists() else []


@contextmanager
def receiving(folder: Path, *answers: str) -> Iterator[Receiver]:
    """One that runs while the block does."""
    log = folder / f"received-{len(list(folder.glob('received-*')))}.jsonl"
    log.touch()
    command = [sys.executable, "-m", "tests.release.receiver", str(log), *answers]
    process = subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    try:
        yield Receiver(int(process.stdout.readline()), log)
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    handler = type("Hook", (_Hook,), {"log": Path(sys.argv[1]), "answers": sys.argv[2:]})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        print(server.server_port, flush=True)
        server.serve_forever()
