"""The one place that cleans text which people wrote for others to read. Cleans for showing; never changes what is kept."""

import bleach
from flask import Flask
from markupsafe import Markup


def init_app(app: Flask) -> None:
    """Give templates the filter `sanitized`."""
    app.jinja_env.filters["sanitized"] = sanitize


def sanitize(text: str) -> Markup:
    """The text without any markup: tags are taken out, what is left is escaped."""
    return Markup(bleach.clean(text, tags=set(), strip=True))  # noqa: S704 - bleach escapes all that it leaves
