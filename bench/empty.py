"""The bench's own routes, beside the application's: the receipt page without a report, and which worker answers."""

import os

from flask import Flask, render_template

from app import sealing
from app.audience import PUBLIC, audience
from moderation import resources

_SHOWN = resources.from_canonical("web_page", "https://0123456789ab.test/offer/7?page=7")
_CODE = sealing.new_receipt()

PATH = "/en/empty"
WHO = "/en/worker"


def add_routes(app: Flask) -> None:
    """Add the routes. They are named as the public pages are, so that every hook treats them as such."""
    app.add_url_rule(PATH, "public.empty", _thank, methods=["POST"])
    app.add_url_rule(WHO, "public.worker", _worker)


@audience(PUBLIC)
def _thank() -> str:
    # What a report's answer shows, to the last line: the two must differ in the work alone.
    read = [(_SHOWN, resources.label(_SHOWN.kind), False)]
    return render_template("public/receipt.html", code=_CODE, routes=(), masked=False, read=read)


@audience(PUBLIC)
def _worker() -> str:
    return str(os.getpid())
