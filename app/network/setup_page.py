"""What a network copies into its software, filled in with its list, a folder and, right after it was made, a token. Keeps none of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import instance, snippets
from app.audience import NETWORK, audience
from app.network import network
from app.network.frame import UNPROCESSABLE
from app.snippets import SOFTWARE, Software
from moderation import formats


@dataclass(frozen=True, slots=True)
class Filled:
    """One text as it is shown."""

    name: str
    text: str

    @property
    def is_script(self) -> bool:
        return self.name.endswith(".sh")


@network.get("/setup")
@audience(NETWORK)
def setup() -> ResponseReturnValue:
    """Every kind of software, with a placeholder for the token."""
    return _page("", "", {})


@network.post("/setup")
@audience(NETWORK)
def setup_filled() -> ResponseReturnValue:
    """The same with a token, which travels in no address and is kept nowhere; or one text of it as a file."""
    token, folder = (request.form.get(name, "").strip() for name in ("token", "folder"))
    faults = _faults(token, folder)
    if faults:
        return _page("", "", faults, typed={"token": token, "folder": folder}), UNPROCESSABLE
    if file := request.form.get("file"):
        return _file(file, token, folder)
    return _page(token, folder, {})


def _faults(token: str, folder: str) -> dict[str, str]:
    faults = {}
    if token and not snippets.TOKEN.fullmatch(token):
        faults["token"] = _("This is no token of ours: they are made of letters, digits, hyphens and underscores.")
    if folder and (not snippets.A_FOLDER.fullmatch(folder) or ".." in folder):
        faults["folder"] = _("Give a folder from the root on, such as /var/lib/list, without spaces and other signs.")
    return faults


def _page(token: str, folder: str, faults: Mapping[str, str], *, typed: Mapping[str, str] | None = None) -> str:
    list_name = instance.settings().list_name
    return render_template(
        "network/setup.html",
        software=[(one, _filled(one, token, folder)) for one in SOFTWARE],
        token=token,
        folder=folder,
        typed=typed or {"token": token, "folder": folder},
        faults=faults,
        listed=formats.always_listed_name(list_name),
        never=formats.never_listed_name(list_name),
    )


def _filled(one: Software, token: str, folder: str) -> tuple[Filled, ...]:
    return tuple(Filled(file, _text(one, file, token, folder)) for file in one.files)


def _text(one: Software, file: str, token: str, folder: str) -> str:
    settings = instance.settings()
    feed = f"{settings.base_url}/feed/v1"
    shown = token or snippets.PLACEHOLDER
    return snippets.filled(file, feed=feed, token=shown, list_name=settings.list_name, folder=folder or one.folder)


def _file(asked: str, token: str, folder: str) -> Response:
    key, _slash, file = asked.partition("/")
    found = next((one for one in SOFTWARE if one.key == key and file in one.files), None)
    if found is None:
        abort(404)
    response = Response(_text(found, file, token, folder), content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response
