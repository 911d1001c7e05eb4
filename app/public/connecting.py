"""Whether a connection uses the list: two pictures on two test names tell it in the browser. Keeps nothing about who looks."""

from urllib.parse import urlsplit

from flask import Response, make_response, render_template, request

from app import instance
from app.audience import PUBLIC, audience
from app.content_policy import with_pictures_from
from app.languages import answer_without_words
from app.public.blueprint import page, public
from moderation import formats

PICTURE_PIXELS = 21
"""The picture's sides: a network's own page for what it keeps away may answer with a picture too, and hardly with one of this size."""

PICTURE = (
    f'<svg xmlns="http://www.w3.org/2000/svg" width="{PICTURE_PIXELS}" height="{PICTURE_PIXELS}" viewBox="0 0 21 21">'
    '<circle cx="10.5" cy="10.5" r="10" fill="#5b6470"/><path d="M5 11l4 4 7-8" fill="none" stroke="#fff" stroke-width="2.5"/></svg>'
)


@page("/check-connection", "check_connection")
def check_connection() -> Response:
    """Show both pictures, what each of them means, and what a script makes of them."""
    listed, never = (_origin(name) for name in _names())
    response = make_response(render_template("public/connection.html", listed=listed, never=never, names=_names(), side=PICTURE_PIXELS))
    response.headers["Content-Security-Policy"] = with_pictures_from(listed, never)
    return response


@page("/check-connection/reached", "connection_reached")
def connection_reached() -> str:
    """Where the links to the test names lead: it says which of them the visitor reached."""
    listed, never = _names()
    asked = (urlsplit(f"//{request.host}").hostname or "").rstrip(".")
    told = {"is_listed": asked == listed, "is_never": asked == never, "name": asked, "home": instance.settings().base_url}
    return render_template("public/connection_reached.html", **told)


@public.get("/check-connection/picture.svg")
@audience(PUBLIC)
def connection_picture() -> Response:
    """The picture that loads where a name resolves to us; another origin may show it."""
    answer_without_words()
    response = Response(PICTURE, mimetype="image/svg+xml")
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _names() -> tuple[str, str]:
    """The test name that is on the list, and the one that never is."""
    list_name = instance.settings().list_name
    return formats.always_listed_name(list_name), formats.never_listed_name(list_name)


def _origin(name: str) -> str:
    """The test name as an origin of ours: with the scheme and the port that people reach this instance at."""
    base = urlsplit(instance.settings().base_url)
    return f"{base.scheme}://{name}{f':{base.port}' if base.port else ''}"
