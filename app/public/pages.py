"""The public pages that only tell: front, help; the way out; and the small files that machines look for."""

from datetime import timedelta

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from app import clock, instance
from app.audience import PUBLIC, audience
from app.hotlines import Purpose, hotlines, shown
from app.public.blueprint import page, public


@page("/", "front")
def front() -> str:
    """What this is, and the doors."""
    return render_template("public/front.html")


@page("/help", "help_near_you")
def help_near_you() -> str:
    """Advice that holds everywhere, and numbers by country: all on one page, so that nobody learns which country was looked up."""
    return render_template("public/help.html", hotlines=near_you(), purposes=Purpose, dialled=shown.dialled)


@page("/help/sources", "help_sources")
def help_sources() -> str:
    """Where each number was read, apart: addresses weigh more than all the rest, and nobody in need has to load them."""
    return render_template("public/help_sources.html", hotlines=near_you(), host=shown.host)


@public.get("/exit", endpoint="exit")
@audience(PUBLIC)
def leave() -> ResponseReturnValue:
    """One tap to a neutral page elsewhere, which is not told where the visitor came from."""
    response = redirect(instance.settings().exit_url, 303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@public.get("/robots.txt")
@audience(PUBLIC)
def robots() -> Response:
    """Search engines may find the report page; nothing else here is for them."""
    return _text("User-agent: *\nDisallow: /desk/\nDisallow: /feed/\nDisallow: /exit\n")


@public.get("/.well-known/security.txt")
@audience(PUBLIC)
def security_contact() -> Response:
    """RFC 9116."""
    settings = instance.settings()
    expires = clock.to_the_hour(clock.now()) + timedelta(days=180)
    lines = (
        f"Contact: mailto:{settings.contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en",
        f"Canonical: {settings.base_url}{url_for('public.security_contact')}",
    )
    return _text("\n".join(lines) + "\n")


def near_you() -> shown.Shown:
    """The numbers to call, as a page in the present language tells them."""
    return shown.shown(hotlines().fresh(clock.now().date()), get_locale())


def _text(lines: str) -> Response:
    return Response(lines, mimetype="text/plain")
