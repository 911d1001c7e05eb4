"""Every route declares who it is for, with one of these decorators; a test walks the URL map. Checks happen in one hook."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask

from moderation.vocabulary import Role

Handler = TypeVar("Handler", bound=Callable[..., Any])

PUBLIC = "public"
CONSUMER = "consumer"
PARTNER = "partner"
NETWORK = "network"
OPERATOR = "operator"
NAMED = frozenset({PUBLIC, CONSUMER, PARTNER, NETWORK, OPERATOR})


def audience(*who: str | Role) -> Callable[[Handler], Handler]:
    """Declare who may call a route: `PUBLIC`, `CONSUMER` (a feed token), `PARTNER` (a reporting token),
    `NETWORK` (a consumer's engineer who is signed in), `OPERATOR` (this machine), or one or more roles."""
    if not who:
        raise ValueError("A route without an audience is a route for everyone; say so with PUBLIC.")

    def declare(handler: Handler) -> Handler:
        handler.audience = frozenset(who)  # type: ignore[attr-defined]
        return handler

    return declare


def of(app: Flask, endpoint: str) -> frozenset[str | Role]:
    """The audience of an endpoint; empty where none is declared, which the start-up check refuses."""
    found: frozenset[str | Role] = getattr(app.view_functions[endpoint], "audience", frozenset())
    return found


def roles(declared: frozenset[str | Role]) -> frozenset[Role]:
    """The roles among a declared audience."""
    return frozenset(who for who in declared if isinstance(who, Role))


def check(app: Flask) -> None:
    """Refuse to start with a route that declares no audience.

    Raises:
        RuntimeError: names the endpoints.
    """
    silent = sorted({rule.endpoint for rule in app.url_map.iter_rules() if not of(app, rule.endpoint)})
    if silent:
        raise RuntimeError(f"These routes declare no audience: {', '.join(silent)}.")
