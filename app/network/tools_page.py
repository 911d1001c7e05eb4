"""What a network asks and tells beside its pulls: dry runs, wrong entries, and where to be told of removals. Decides nothing."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app import clock, dry_runs, errors, instance, limits, listed_names, outgoing
from app import webhooks as messages
from app.audience import NETWORK, audience
from app.database import request_session, transaction
from app.dry_runs import CannotCompare
from app.network import network
from app.network.frame import UNPROCESSABLE, done, labels
from app.network.sessions import acting
from app.outgoing import RefusedAddress
from app.release.dry_run import DryRun, TooFarBehindError
from moderation import false_positives, formats, policy, webhooks
from moderation.errors import InvalidAnswer, TooManyOpen
from moderation.vocabulary import N_

ANSWERS = {
    "open": N_("being looked at"),
    "kept": N_("kept: somebody looked again"),
    "narrowed": N_("narrowed: less of it is listed now"),
    "removed": N_("removed"),
}
REFUSED = {
    "form": N_("This is no address. Copy it as it stands, without a user name and without #."),
    "scheme": N_("The address must begin with https://."),
    "name": N_("Give the address a host name with a dot in it, not a number."),
    "port": N_("Only the usual port of https is used; leave the port out."),
    "private": N_("This name leads to an address that is not public."),
}


@network.get("/tools")
@audience(NETWORK)
def tools() -> ResponseReturnValue:
    """All three, empty."""
    return shown()


@network.post("/dry-run")
@audience(NETWORK)
def dry_run_shown() -> ResponseReturnValue:
    """What would change: since a serial, or against a file of names, which is not kept."""
    limits.require(policy.DRY_RUNS, who=str(acting().reference))
    typed = {name: request.form.get(name, "").strip() for name in ("serial", "format")}
    file = request.files.get("names")
    sent = file.read() if file else b""
    try:
        found = _against(sent) if sent else _since(typed["serial"], typed["format"])
    except _Fault as fault:
        return shown(typed=typed, faults={fault.field: fault.text}), UNPROCESSABLE
    return shown(typed=typed, found=found, at_page=1)


class _Fault(Exception):
    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field, self.text = field, text


def _since(serial: str, file: str) -> DryRun | None:
    if not (serial.isascii() and serial.isdecimal() and len(serial) < 19):
        raise _Fault("serial", _("Type the serial that your software carries, a whole number, or choose a file of names."))
    try:
        return dry_runs.since(int(serial), file=file)
    except CannotCompare as refusal:
        raise _Fault("serial", str(refusal)) from None
    except TooFarBehindError:
        raise _Fault("serial", _("That is too long ago: compare a file of your names instead.")) from None


def _against(sent: bytes) -> DryRun | None:
    try:
        return dry_runs.against(sent)
    except CannotCompare as refusal:
        raise _Fault("names", str(refusal)) from None
    except FileNotFoundError:
        # A newer release took its place at this moment, and what it was read from went.
        return None


@network.post("/false-positives")
@audience(NETWORK)
def false_positive() -> ResponseReturnValue:
    """Call an entry wrong."""
    limits.require(policy.FALSE_POSITIVES, who=str(acting().reference))
    # The database takes no such sign, and nobody types it: what is around it must not be lost.
    typed = {name: request.form.get(name, "").replace("\x00", "") for name in ("entry", "why", "contact")}
    given: dict[str, Any] = {"why": typed["why"], "contact": typed["contact"], "reference": uuid.uuid4(), "at": clock.now()}

    def ask(session: Session) -> None:
        false_positives.ask(session, acting().reference, None, listed_names.named(typed["entry"]), **given)

    return _tried(ask, "entry", "told", typed)


@network.post("/webhooks")
@audience(NETWORK)
def webhook_add() -> ResponseReturnValue:
    """Tell an address from now on, and show its secret once."""
    limits.require(policy.WEBHOOK_TESTS, who=str(acting().reference))
    typed, secret = {"url": request.form.get("url", "").strip()}, messages.new_secret()
    try:
        found = outgoing.target(typed["url"], instance.settings())
        if len(found.url) > policy.WEBHOOK_URL:
            raise RefusedAddress("form")
    except RefusedAddress as refusal:
        return shown(typed=typed, faults={"url": _(REFUSED[refusal.why])}), UNPROCESSABLE
    sealed = messages.seal_secret(secret, instance.keys())
    try:
        with transaction() as session:
            webhooks.add(session, acting().reference, found.url, sealed_secret=sealed, reference=uuid.uuid4(), at=clock.now())
    except (InvalidAnswer, TooManyOpen) as refusal:
        return shown(typed=typed, faults={"url": errors.words(refusal)}), UNPROCESSABLE
    return render_template("network/webhook.html", secret=secret, url=found.url)


@network.post("/webhooks/<uuid:reference>/test")
@audience(NETWORK)
def webhook_test(reference: UUID) -> ResponseReturnValue:
    """Have a test sent."""
    limits.require(policy.WEBHOOK_TESTS, who=str(acting().reference))
    with transaction() as session:
        webhooks.test(session, acting().reference, reference, new_reference=uuid.uuid4(), at=clock.now())
    return done("network.tools", "webhook-tested")


@network.post("/webhooks/<uuid:reference>/resume")
@audience(NETWORK)
def webhook_resume(reference: UUID) -> ResponseReturnValue:
    """Tell an address again that was given up."""
    with transaction() as session:
        webhooks.resume(session, acting().reference, reference, at=clock.now())
    return done("network.tools", "webhook-resumed")


@network.post("/webhooks/<uuid:reference>/remove")
@audience(NETWORK)
def webhook_remove(reference: UUID) -> ResponseReturnValue:
    """Tell an address no more."""
    with transaction() as session:
        webhooks.end(session, acting().reference, reference, at=clock.now())
    return done("network.tools", "webhook-removed")


def _tried(act: Callable[[Session], None], field: str, what: str, typed: Mapping[str, str]) -> ResponseReturnValue:
    """Do it and say so, or give back what was typed with what is wrong."""
    try:
        with transaction() as session:
            act(session)
    except InvalidAnswer as refusal:
        return shown(typed=typed, faults={name: _(text) for name, text in refusal.faults.items()}), UNPROCESSABLE
    except TooManyOpen as refusal:
        return shown(typed=typed, faults={field: errors.words(refusal)}), UNPROCESSABLE
    return done("network.tools", what)


def shown(
    *, typed: Mapping[str, str] | None = None, faults: Mapping[str, str] | None = None, found: DryRun | None = None, at_page: int = 0
) -> str:
    """The page, with what was typed, what is wrong with it, and what was found."""
    session, mine = request_session(), acting().reference
    return render_template(
        "network/tools.html",
        typed=typed or {},
        faults=faults or {},
        found=found,
        nothing_yet=at_page and found is None,
        shown=found.page(at_page) if found else (),
        files=[(form.FILE_NAME, labels()[form.FILE_NAME]) for form in formats.installed()],
        false_positives=false_positives.all_of(session, mine),
        answers=ANSWERS,
        hooks=webhooks.all_of(session, mine),
        changes_kept=policy.CHANGES_KEPT.days,
    )
