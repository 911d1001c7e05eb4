"""Tells the name server which keys open the zone."""

from app.database import Database
from app.keys import Keys
from config import Settings


def take_keys(database: Database, settings: Settings, keys: Keys) -> None:
    """Without a name server there is nothing to tell."""
