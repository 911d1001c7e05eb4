"""Lines that people can call for help, by country: read from a file at the start, shown by the help page. Never guesses a number."""

from flask import Flask, current_app

from app.hotlines.reading import HotlinesError, read
from app.hotlines.vocabulary import Hotline, Hotlines, Purpose

__all__ = ["Hotline", "Hotlines", "HotlinesError", "Purpose", "hotlines", "init_app", "read"]

EXTENSION = "flagstone_hotlines"


def init_app(app: Flask) -> None:
    """Read the packaged file, and over it the operator's.

    Raises:
        HotlinesError: one line for each entry that may not be shown, with what to do.
    """
    app.extensions[EXTENSION] = read(app.extensions["settings"].hotlines)


def hotlines() -> Hotlines:
    """What this instance knows."""
    found: Hotlines = current_app.extensions[EXTENSION]
    return found
