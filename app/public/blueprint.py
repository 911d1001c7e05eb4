"""The blueprint that the public pages hang on, apart so that each of them can import it."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from app.audience import PUBLIC, audience

Handler = Callable[..., Any]

public = Blueprint("public", __name__, template_folder="templates")


def page(address: str, endpoint: str, *, methods: tuple[str, ...] = ("GET",)) -> Callable[[Handler], Handler]:
    """A page for everyone, at `/<language>` and `address`; at the bare address the browser's languages decide where to go.

    Forms may be sent to the bare address too: a report is never lost to a redirect.
    """

    def declare(handler: Handler) -> Handler:
        handler = audience(PUBLIC)(handler)
        public.add_url_rule(f"/<language:language>{address}", endpoint, handler, methods=methods)
        public.add_url_rule(address, f"{endpoint}_in_any_language", _negotiated(endpoint), methods=("GET",))
        if "POST" in methods:
            public.add_url_rule(address, endpoint, handler, methods=("POST",))
        return handler

    return declare


def _negotiated(endpoint: str) -> Handler:
    @audience(PUBLIC)
    def choose() -> ResponseReturnValue:
        return redirect(url_for(f"public.{endpoint}"), 302)

    return choose
