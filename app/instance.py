"""What the running application was started with: its settings and its keys. Makes neither."""

from flask import current_app

from app.keys import Keys
from config import Settings


def settings() -> Settings:
    """The present application's settings."""
    found: Settings = current_app.extensions["settings"]
    return found


def keys() -> Keys:
    """The present application's keys."""
    found: Keys = current_app.extensions["keys"]
    return found
