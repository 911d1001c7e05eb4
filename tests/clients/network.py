"""A running Flagstone for a client under test: its address, a consumer's token, and a way to bring out a release. On 127.0.0.1 only."""

import hashlib
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid4

from flask import Flask
from werkzeug.serving import make_server

from app import create_app, snippets
from app.database import Database
from app.release.newest import bring_out
from app.release.shelf import Shelf
from config import CHECKOUT, Settings
from moderation import consumers, formats
from moderation.vocabulary import SYSTEM
from tests import builders
from tests.release.builders import header

LIST_NAME = "list.example"
TOKEN = "a-token-for-the-software-of-a-network"
SNIPPETS = CHECKOUT / "app" / "feed" / "snippets"
DOWNLOAD_SECONDS = 30


class Network:
    """A network that pulls the list, and the server that it pulls from."""

    primary: Settings | None = None
    """With which settings a worker feeds a hidden primary, where one does (`hidden_primary.fed_by_worker`)."""

    def __init__(self, data: Path, port: int, app: Flask | None = None, reference: UUID | None = None) -> None:
        self._shelf = Shelf(data)
        self.data, self.app, self.reference = data, app, reference
        self.feed = f"http://127.0.0.1:{port}/feed/v1"

    def publish(self, entries) -> int:
        """Bring out the next release, with these entries and no others; returns its serial."""
        serial = self.serial + 1
        bring_out(self._shelf, header(serial=serial), entries)
        return serial

    @property
    def serial(self) -> int:
        """The serial of the release that is out, 0 before the first."""
        return self._shelf.current() or 0

    def snippet(self, name: str, folder: Path) -> str:
        """A snippet of the documentation, filled in as an engineer would; nothing else in it is changed."""
        return snippets.filled(name, feed=self.feed, token=TOKEN, list_name=LIST_NAME, folder=str(folder))

    def run(self, name: str, folder: Path, *, programs: Path) -> None:
        """Run a snippet that is a script to its good end; it finds the programs that it starts in the folder `programs` first."""
        ran = self.tries(name, folder, programs=programs)
        assert ran.returncode == 0, f"{name} ended with {ran.returncode}:\n{ran.stdout}{ran.stderr}"

    def tries(self, name: str, folder: Path, *, programs: Path) -> "subprocess.CompletedProcess[str]":
        """Run such a script, whatever comes of it."""
        script = folder / name
        script.write_text(self.snippet(name, folder))
        path = f"{programs}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        return subprocess.run(
            ["sh", str(script)], env={"PATH": path}, cwd=folder, capture_output=True, text=True, timeout=DOWNLOAD_SECONDS, check=False
        )


@contextmanager
def serving(database_url: str, data: Path) -> Iterator[Network]:
    """Serve the whole application to one consumer until the block ends."""
    app = create_app(builders.settings(data), database_url=database_url)
    database: Database = app.extensions["flagstone_database"]
    digest, made, reference = hashlib.sha256(TOKEN.encode()).digest(), [form.FILE_NAME for form in formats.installed()], uuid4()
    with database.transaction() as session:
        consumers.add_consumer(
            session, "A network", token_digest=digest, reference=reference, address_formats=made, by=SYSTEM, at=builders.NOON
        )
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Network(data, server.server_port, app, reference)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        database.engine.dispose()
