"""Other ways to the report form: a bookmark, a phone's share menu, a file to fill in without a network. Stores nothing."""

import re
import textwrap
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path

import orjson
from flask import Response, abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import instance, languages, report_fields
from app.hotlines import Purpose, shown
from app.public import pages, reporting
from app.public.blueprint import page
from app.public.forms import CATEGORIES, ReportForm
from moderation import policy

_LINKED = re.compile(r'<script src="(?P<script>[\w/]+\.js)"></script>|<link rel="stylesheet" href="(?P<style>[\w/]+\.css)">')
ICON_SIZES = (192, 512)


@page("/ways", "ways")
def ways() -> str:
    """Every way to report, with what each is good for."""
    return render_template("public/ways.html")


@page("/ways/bookmark", "bookmark")
def bookmark() -> str:
    """A link to drag to the browser's bookmarks; what it passes on stands after #, which no browser sends to a server."""
    form = f"{instance.settings().base_url}{url_for('public.report')}"
    # noreferrer: otherwise the page that is reported would be named to our server as where the visitor came from.
    script = f"javascript:void open({orjson.dumps(f'{form}#').decode()}+encodeURIComponent(location.href),'_blank','noreferrer')"
    return render_template("public/bookmark.html", script=script)


@page("/ways/share", "share", methods=("GET", "POST"))
def share() -> ResponseReturnValue:
    """What the share menu offers and gives away; what was shared, in the report form, for its reader to send or not."""
    if request.method == "POST":
        if request.files:
            abort(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        return reporting.shown(ReportForm(data={"what": shared(request.form)}))
    # This page alone names a manifest: on any other it would offer every visitor an icon that tells on them.
    return render_template("public/share.html")


def shared(given: Mapping[str, str]) -> str:
    """What a share menu passed on, as one text for the first question; a title only where there is nothing else."""
    parts = [given.get(name, "").strip() for name in ("url", "text")]
    link, text = parts
    told = [link, text] if link and link not in text else [text]
    return "\n".join(part for part in told if part)[: policy.REPORT_TEXT_LIMIT] or given.get("title", "").strip()


@page("/ways/share.webmanifest", "share_manifest")
def share_manifest() -> Response:
    """What a browser must know to offer the share menu (Web App Manifest, Web Share Target)."""
    language = languages.describe(languages.current_language())
    manifest = {
        "id": url_for("public.report"),
        "name": instance.settings().operator,
        # A dozen signs fit under an icon; half a word would tell nobody anything.
        "short_name": textwrap.shorten(instance.settings().operator, 12, placeholder="") or instance.settings().operator[:12],
        "lang": language.tag,
        "dir": language.direction,
        "start_url": url_for("public.report"),
        "scope": "/",
        "display": "minimal-ui",
        "icons": [
            {"src": url_for("static", filename=f"icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"} for size in ICON_SIZES
        ],
        "share_target": {
            "action": url_for("public.share"),
            "method": "POST",
            "enctype": "application/x-www-form-urlencoded",
            "params": {"title": "title", "text": "text", "url": "url"},
        },
    }
    return Response(orjson.dumps(manifest), mimetype="application/manifest+json")


@page("/ways/offline", "offline")
def offline() -> str:
    """What the offline form is, and the link that saves it."""
    return render_template("public/offline.html", contact=instance.settings().contact, size=len(_offline_form().encode()))


@page("/ways/offline.html", "offline_form")
def offline_form() -> Response:
    """The offline form: one file that needs no other, in the page's language."""
    response = Response(_offline_form(), mimetype="text/html")
    response.headers["Content-Disposition"] = f'attachment; filename="form-{languages.current_language()}.html"'
    return response


def _offline_form() -> str:
    rendered = render_template(
        "public/offline_form.html",
        form=ReportForm(),
        categories=CATEGORIES,
        hotlines=pages.near_you(),
        purposes=Purpose,
        dialled=shown.dialled,
        fields=report_fields,
        contact=instance.settings().contact,
        recipient=instance.keys().desk_recipient,
        receipt_octets=policy.RECEIPT_BITS // 8,
    )
    return _LINKED.sub(_inlined, rendered)


def _inlined(link: re.Match[str]) -> str:
    """A file of ours in place of the link to it: the saved page can fetch nothing."""
    static = Path(str(current_app.static_folder))
    if link["style"]:
        return f"<style>{(static / link['style']).read_text('utf-8')}</style>"
    script = (static / link["script"]).read_text("utf-8").replace("</script", "<\\/script")
    return f"<script>{script}</script>"
