"""PostgreSQL's own programs, of the version that the tests' server has."""

import subprocess
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from app.cluster import bundled_programs


def programs(url):
    """Where the programs of the server's own version are: a newer pg_restore sets what an older server does not know."""
    with psycopg.connect(plain(url)) as connection:
        serving = connection.info.server_version // 10_000
    for folder in (bundled_programs(), Path(f"/usr/lib/postgresql/{serving}/bin")):
        if (folder / "pg_restore").exists():
            said = subprocess.run([folder / "pg_restore", "--version"], check=True, capture_output=True, text=True).stdout
            if f") {serving}." in said:
                return folder
    pytest.skip(f"no pg_dump and pg_restore of PostgreSQL {serving}, the server's version, are installed here")


def plain(url):
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
