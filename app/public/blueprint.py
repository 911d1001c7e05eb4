"""The blueprint that the public pages hang on, apart so that each of them can import it."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint

from app.audience import PUBLIC, audience

Handler = Callable[..., Any]

public = Blueprint("public", __name__, template_folder="templates")


def page(address: str, endpoint: str, *, methods: tuple[str, ...] = ("GET",)) -> Callable[[Handler], Handler]:
    """A page for everyone, at its address and in each language at `/<language>` before it."""

    def declare(handler: Handler) -> Handler:
        handler = audience(PUBLIC)(handler)
        for rule in (address, f"/<language:language>{address}"):
            public.add_url_rule(rule, endpoint, handler, methods=methods)
        return handler

    return declare
