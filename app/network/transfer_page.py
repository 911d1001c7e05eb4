"""A network's keys for zone transfer: give one, end one. Shows each secret once and keeps none."""

from collections.abc import Mapping

from flask import Response, abort, make_response, render_template, request
from flask.typing import ResponseReturnValue

from app import clock, instance, zone
from app.audience import NETWORK, audience
from app.database import request_session, transaction
from app.network import network
from app.network.frame import UNPROCESSABLE, done
from app.network.sessions import acting
from moderation import publishing
from moderation.errors import InvalidAnswer
from moderation.vocabulary import N_, TransferAlgorithm


@network.get("/transfer")
@audience(NETWORK)
def transfer() -> ResponseReturnValue:
    """Every key, and the form for another."""
    return _page()


@network.post("/transfer")
@audience(NETWORK)
def transfer_make() -> ResponseReturnValue:
    """Give a key, and show its secret once."""
    algorithm = request.form.get("algorithm", "")
    if algorithm not in tuple(TransferAlgorithm):
        return _page({"algorithm": N_("Choose one of the algorithms shown.")})
    try:
        notify = publishing.notify_addresses(request.form.get("notify", ""))
        with transaction() as session:
            given = zone.give_key(
                session,
                acting().reference,
                instance.keys(),
                algorithm=TransferAlgorithm(algorithm),
                notify=notify,
                by=acting().actor,
                at=clock.now(),
            )
    except InvalidAnswer as refusal:
        return _page(refusal.faults)
    return render_template("network/transfer_key.html", given=given, **_where())


@network.post("/transfer/<name>/revoke")
@audience(NETWORK)
def transfer_revoke(name: str) -> ResponseReturnValue:
    """End a key and destroy its secret."""
    if "\x00" in name:
        abort(404)
    with transaction() as session:
        publishing.revoke_transfer_keys(session, acting().reference, name=name, by=acting().actor, at=clock.now())
    return done("network.transfer", "key-revoked")


def _page(faults: Mapping[str, str] | None = None) -> Response:
    response = make_response(
        render_template(
            "network/transfer.html",
            keys=publishing.transfer_keys_of(request_session(), acting().reference),
            algorithms=tuple(TransferAlgorithm),
            faults=faults or {},
            typed=request.form,
            **_where(),
        )
    )
    response.status_code = UNPROCESSABLE if faults else 200
    return response


def _where() -> dict[str, str]:
    """The zone, and the name server that gives it out: "" where the operator runs none."""
    settings = instance.settings()
    return {"zone": zone.zone_name(settings), "server": settings.dns_public}
