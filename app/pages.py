"""What every page is given: who runs this instance, and addresses of static files that browsers may keep. Serves nothing itself."""

import hashlib
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for
from flask_babel import ngettext

A_YEAR = "public, max-age=31536000, immutable"


def init_app(app: Flask) -> None:
    """Give templates `operator`, `asset(name)`, the filters `days` and `in_words`; let browsers keep what such an address gives."""
    app.jinja_env.globals.update(asset=address, operator=app.extensions["settings"].operator)
    app.jinja_env.filters.update(days=in_days, in_words=in_words)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.after_request(_keep)


def address(name: str) -> str:
    """The address of a file in app/static; a new content is a new address."""
    return url_for("static", filename=name, v=_digest_now(name))


def in_days(duration: timedelta) -> str:
    """A duration in whole days, in the words and plurals of the page's language."""
    # Not from the locale data, which has no words for this in Arabic and Chinese and would show its own key.
    return str(ngettext("%(num)s day", "%(num)s days", duration.days))


def in_words(duration: timedelta) -> str:
    """A duration in the largest unit that holds it whole: years, days or hours, in the words and plurals of the page's language."""
    if duration.days and duration.days % 365 == 0:
        return str(ngettext("%(num)s year", "%(num)s years", duration.days // 365))
    return in_days(duration) if duration.days else str(ngettext("%(num)s hour", "%(num)s hours", duration.seconds // 3600))


def _digest_now(name: str) -> str:
    file = Path(str(current_app.static_folder), name)
    return _digest(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _digest(file: Path, _changed_at: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


def _keep(response: Response) -> Response:
    if request.endpoint != "static" or response.status_code not in (200, 304):
        return response
    name = (request.view_args or {})["filename"]
    # A stale version must not be kept under a new address: that would outlive the mistake by a year.
    if request.args.get("v") == _digest_now(name):
        response.headers["Cache-Control"] = A_YEAR
    return response
