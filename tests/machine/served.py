"""A real server: gunicorn with its workers, as `make run` starts it, on a port and in folders of its own. Asserts nothing."""

import html
import http.client
import os
import re
import socket
import subprocess
import urllib.parse
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from app import clock, keys, run
from app.public import form_tokens
from config import CHECKOUT, Settings
from tests.machine.conftest import wait_until

END_SECONDS = 20


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    text: str


@dataclass(frozen=True)
class Served:
    """A running server, and how it is asked."""

    settings: Settings
    pid: int
    source: str = "127.0.0.1"

    def coming_from(self, source: str) -> "Served":
        """The same server, asked from another address of this machine."""
        return replace(self, source=source)

    def ask(self, method: str, path: str, *, form=None, body=b"", headers=None) -> Answer:
        """One request on a connection of its own."""
        sent = {"Content-Type": "application/x-www-form-urlencoded"} if form is not None else {}
        body = urllib.parse.urlencode(form, doseq=True).encode() if form is not None else body
        connection = http.client.HTTPConnection("127.0.0.1", self.settings.port, timeout=60, source_address=(self.source, 0))
        try:
            connection.request(method, path, body=body or None, headers={**sent, **(headers or {})})
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read().decode())
        finally:
            connection.close()

    def at_once(self, requests) -> list[Answer]:
        """Many requests side by side: each is a set of `ask`'s arguments."""
        with ThreadPoolExecutor(32) as pool:
            return list(pool.map(lambda given: self.ask(**given), requests))

    def report(self, what: str, *, headers=None, **more) -> dict:
        """The arguments of a report whose form was shown a minute ago."""
        token = form_tokens.issue(keys.load(self.settings), at=clock.now() - timedelta(minutes=1))
        form = {"what": what, "category": "labour", "token": token, **more}
        return {"method": "POST", "path": "/en/report", "form": form, "headers": headers or {}}


@contextmanager
def served(data: Path, database_url: str, *, logs: Path, **environment: str) -> Iterator[Served]:
    """Serve until the block ends; what the server says goes to a file in `logs`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    given = {"FLAGSTONE_DATA": str(data), "DATABASE_URL": database_url, "PORT": str(port), "FLAGSTONE_ENV": "test", **environment}
    settings = Settings.from_env(given)
    with (logs / "server.log").open("wb") as log:
        process = subprocess.Popen(
            run.server_command(settings),
            cwd=CHECKOUT,
            env={**os.environ, **run.child_environment(), **given},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            wait_until(lambda: process.poll() is not None or run.is_healthy(port), "the server answers")
            yield Served(settings, process.pid)
        finally:
            process.terminate()
            process.wait(END_SECONDS)


def hidden(page: str, name: str) -> str:
    """The value of an attribute of a page, as a browser reads it."""
    found = re.search(rf'{name}="([^"]*)"', page)
    return html.unescape(found[1]) if found else ""
