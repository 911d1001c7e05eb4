"""The pages for partners' files: choose one, see how it is read, send it, watch it. Stores nothing that is only previewed."""

import uuid
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import batches, clock, instance, limits, partner_tokens, secrets_shown, spreadsheets, uploads
from app.audience import PARTNER, PUBLIC, audience
from app.database import request_session, transaction
from app.languages import current_language
from app.spreadsheets import Sheet, Unreadable
from app.uploads import PreviewIsOver
from moderation import partners, policy
from moderation.partners import PartnerSeen, Right, UploadSeen
from moderation.vocabulary import Channel

partner = Blueprint("partner", __name__, url_prefix="/partner", template_folder="templates")

ROWS_SHOWN = 200
"""Rows of a preview that are shown; every wrong one among the first of them is shown before the good ones."""

MOST_OCTETS = 2 * policy.UPLOAD_BYTES
"""Of a form with a file, or with the file as it was previewed: larger by a third, after it was made smaller."""


@partner.get("/")
@audience(PUBLIC)
def choose() -> str:
    """The page to begin with."""
    return _chosen({})


@partner.get("/template.csv")
@audience(PUBLIC)
def template() -> Response:
    """A file with the names of all columns."""
    return _csv(spreadsheets.template(), "template.csv")


@partner.post("/")
@audience(PARTNER)
def preview() -> ResponseReturnValue:
    """Show how each row of the file would be read. Nothing is stored."""
    _make_room()
    limits.require_own(policy.PARTNER_TOKENS)
    token, file = request.form.get("token", "").strip(), request.files.get("file")
    sender, content = partner_tokens.partner_with(token), file.read() if file else b""
    if sender is None:
        limits.count_failure(policy.PARTNER_TOKENS)
    faults = _faults_of(sender)
    if not content:
        faults["file"] = _("Choose a CSV file.")
    sheet = None
    if not faults:
        try:
            sheet = spreadsheets.read(content)
        except Unreadable as fault:
            faults["file"] = str(fault)
    if sheet is None:
        return _chosen(faults), HTTPStatus.UNPROCESSABLE_ENTITY
    held = uploads.locked(content, secrets_shown.digest(token), instance.keys())
    return render_template("partner/preview.html", **_shown(sheet), held=held, sender=sender, sheet=sheet)


@partner.post("/send")
@audience(PARTNER)
def send() -> ResponseReturnValue:
    """Take the file that was previewed, and show how far it is."""
    _make_room()
    try:
        previewed = uploads.confirmed(request.form.get("held", ""), instance.keys())
    except PreviewIsOver:
        return _chosen({"file": _("This preview is too old. Please choose the file again.")}), HTTPStatus.UNPROCESSABLE_ENTITY
    sender = partners.partner_for(request_session(), previewed.token_digest, at=clock.now())
    if sender is None or _faults_of(sender):
        return _chosen(_faults_of(sender)), HTTPStatus.UNPROCESSABLE_ENTITY
    rows = len(spreadsheets.read(previewed.content).rows)
    lane = limits.lane_for(Channel.PARTNER, who=str(sender.reference), reports=rows)
    sealed = uploads.sealed(previewed, lane=lane, language=current_language(), keys=instance.keys())
    digest = secrets_shown.digest(previewed.ticket)
    with transaction() as session:
        partners.keep(session, sender, ticket_digest=digest, sealed=sealed, rows=rows, reference=uuid.uuid4(), at=clock.now())
    return redirect(url_for("partner.progress", ticket=previewed.ticket), HTTPStatus.SEE_OTHER)


@partner.get("/uploads/<ticket>")
@audience(PARTNER)
def progress(ticket: str) -> ResponseReturnValue:
    """How far a file is: a page for people, numbers for the page's script."""
    upload = _upload(ticket)
    if request.accept_mimetypes.best == "application/json":
        return jsonify(rows=upload.rows, done=upload.done, is_finished=upload.results is not None)
    return render_template("partner/progress.html", upload=upload, ticket=ticket, kept=policy.UPLOAD_KEPT)


@partner.get("/uploads/<ticket>/results.csv")
@audience(PARTNER)
def results(ticket: str) -> ResponseReturnValue:
    """What became of each row, with its receipt."""
    told = uploads.results(_upload(ticket), ticket)
    if not told:
        return redirect(url_for("partner.progress", ticket=ticket), HTTPStatus.SEE_OTHER)
    return _csv(told.decode(), "results.csv")


def _make_room() -> None:
    request.max_content_length = request.max_form_memory_size = MOST_OCTETS


def _faults_of(sender: PartnerSeen | None) -> dict[str, str]:
    if sender is None:
        return {"token": _("We do not know this token, or its time is over.")}
    if Right.UPLOADS not in sender.rights:
        return {"token": _("This token is not for sending files.")}
    if sender.is_suspended(clock.now()):
        return {"token": _("You may send only reports of danger at the moment, one by one. Write to us if you think this is wrong.")}
    return {}


def _chosen(faults: dict[str, str]) -> str:
    most = {"rows": policy.UPLOAD_ROWS, "megabytes": policy.UPLOAD_BYTES // 1_000_000}
    return render_template("partner/choose.html", faults=faults, most=most, columns=spreadsheets.COLUMNS, required=spreadsheets.REQUIRED)


def _shown(sheet: Sheet) -> dict[str, Any]:
    """Each row with what it would be read as; wrong ones first, because they are what is looked for."""
    reads = batches.read_all(sheet.given, instance.keys(), None)
    rows = [(number, given["what"], each, list(spreadsheets.faults(each))) for (number, given), each in zip(sheet.rows, reads, strict=True)]
    wrong = sum(1 for each in reads if each.faults)
    shown = sorted(rows, key=lambda row: not row[3])[:ROWS_SHOWN]
    return {"rows": shown, "wrong": wrong, "good": len(rows) - wrong, "hidden": len(rows) - len(shown)}


def _upload(ticket: str) -> UploadSeen:
    return partners.sent(request_session(), secrets_shown.digest(ticket))


def _csv(text: str, name: str) -> Response:
    response = Response(text, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
