"""The bench's own routes, beside the application's: the receipt page without a report, and which worker answers."""

import os

from flask import Flask, render_template

from app.audience import PUBLIC, audience

PATH = "/en/empty"
WHO = "/en/worker"


def add_routes(app: Flask) -> None:
    """Add the routes. They are named as the public pages are, so that every hook treats them as such."""
    app.add_url_rule(PATH, "public.empty", _thank, methods=["POST"])
    app.add_url_rule(WHO, "public.worker", _worker)


@audience(PUBLIC)
def _thank() -> str:
    return render_template("public/receipt.html", code="AAAA-BBBB-CCCC-DDDD", child=False)


@audience(PUBLIC)
def _worker() -> str:
    return str(os.getpid())
