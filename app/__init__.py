"""The outside world. Holds no rules: turns requests, jobs and commands into verbs, and results into pages, files and packets."""

from flask import Blueprint, Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import (
    audience,
    commands,
    compression,
    database,
    demo,
    embedded,
    errors,
    hotlines,
    keys,
    languages,
    limits,
    operations,
    pages,
    sanitizing,
    security,
)
from app.api import api
from app.desk import desk, kept
from app.feed import feed
from app.in_memory import InMemoryRequest
from app.network import network
from app.partner import partner
from app.public import public
from app.sign_in import sessions, sign_in
from config import Settings, environment
from moderation import policy


def create_app(settings: Settings | None = None, *, database_url: str | None = None) -> Flask:
    """Wire everything, in reading order.

    Raises:
        config.SettingsError: the environment is missing something or holds something wrong.
        moderation.errors.BrokenPlugin: a plug-in does not keep its contract.
    """
    settings = settings or Settings.from_env(environment())
    app = Flask(__name__)
    app.request_class = InMemoryRequest
    app.extensions["settings"] = settings
    app.extensions["keys"] = keys.load(settings)
    _bound_requests_and_cookies(app, settings)
    if settings.behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=0, x_proto=1, x_host=1)  # type: ignore[method-assign]
    database.init_app(app, database_url or embedded.database_url(settings))
    if settings.is_production:
        demo.refuse_demo_people(app.extensions[database.EXTENSION])
    _wire(app)
    for blueprint in _surfaces(settings):
        app.register_blueprint(blueprint)
    commands.init_app(app)
    audience.check(app)
    return app


def _bound_requests_and_cookies(app: Flask, settings: Settings) -> None:
    """How much a request may bring; and the one cookie that Flask sets, which the desk alone has."""
    app.config.update(
        SECRET_KEY=app.extensions["keys"].derive("sessions"),
        MAX_CONTENT_LENGTH=policy.REPORT_BYTES,
        MAX_FORM_MEMORY_SIZE=policy.REPORT_BYTES,
        SESSION_COOKIE_NAME="flagstone_desk",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https://"),
        SESSION_COOKIE_PATH="/desk",
        WTF_CSRF_TIME_LIMIT=None,
    )


def _wire(app: Flask) -> None:
    """What every surface shares. The order counts: what is wired first sees a request first, and its answer last."""
    limits.init_app(app)
    hotlines.init_app(app)
    languages.init_app(app)
    pages.init_app(app)
    sanitizing.init_app(app)
    compression.init_app(app)
    errors.init_app(app)
    sessions.init_app(app, name_of=kept.name)
    security.init_app(app)
    operations.init_app(app)


def _surfaces(settings: Settings) -> tuple[Blueprint, ...]:
    if settings.surfaces == "public":
        return (public, api, partner)
    return (public, api, partner, sign_in, desk, network, feed)
