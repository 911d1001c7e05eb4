"""A worker as an operator starts it: a process of its own on a test's database and folder."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from config import CHECKOUT, Settings
from tests.zone import primaries


def start(database_url: str, settings: Settings) -> "subprocess.Popen[bytes]":
    """Start one; whoever starts it ends it."""
    environment = dict(os.environ) | {
        "DATABASE_URL": database_url,
        "FLAGSTONE_DATA": str(settings.data),
        "FLAGSTONE_LIST_NAME": settings.list_name,
        "FLAGSTONE_ENV": "demo",
        "FLASK_SKIP_DOTENV": "1",
    }
    if settings.dns_primary:
        environment |= primaries.environment(settings)
    return subprocess.Popen([sys.executable, "-m", "flask", "--app", "wsgi", "worker"], cwd=CHECKOUT, env=environment)


def end(process: "subprocess.Popen[bytes]") -> None:
    """End it at once, however far it is."""
    if process.poll() is None:
        process.kill()
    process.wait()


@contextmanager
def working(database_url: str, settings: Settings) -> Iterator[None]:
    """One that runs while the block does."""
    process = start(database_url, settings)
    try:
        yield
    finally:
        end(process)
