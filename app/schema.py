"""Brings a database to the newest schema, and says whether it is there. Holds no table of its own."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

CHECKOUT = Path(__file__).resolve().parent.parent


def configuration(url: str | None = None, connection: Connection | None = None) -> Config:
    """Alembic's configuration for an address, or for a connection whose transaction the caller holds."""
    config = Config(toml_file=CHECKOUT / "pyproject.toml")
    config.set_main_option("script_location", str(CHECKOUT / "migrations"))
    config.attributes["url"] = url
    config.attributes["connection"] = connection
    return config


def upgrade(url: str) -> None:
    """Bring the database at this address to the newest schema; does nothing where it is there already."""
    command.upgrade(configuration(url), "head")


def head() -> str:
    """The newest revision's name."""
    found = ScriptDirectory.from_config(configuration()).get_current_head()
    if found is None:
        raise RuntimeError("There are no migrations; the checkout is incomplete.")
    return found


def is_current(connection: Connection) -> bool:
    """Whether this database has the newest schema."""
    return MigrationContext.configure(connection).get_current_revision() == head()
