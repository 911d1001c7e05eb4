"""Where a network's software comes from, and which files it fetches with the token in the address. Decides nothing."""

from collections.abc import Mapping

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from app import clock, limits
from app.audience import NETWORK, audience
from app.database import request_session, transaction
from app.network import network
from app.network.frame import UNPROCESSABLE, done, labels
from app.network.sessions import acting
from moderation import consumers, policy
from moderation.errors import InvalidAnswer
from moderation.vocabulary import N_

CHARACTERS = 10_000
"""Of a list of networks: a hundred of the longest have half of that."""

BLIND = N_("This server cannot see where somebody comes from, so it could let nobody in. Its operator can change that.")


@network.get("/addresses")
@audience(NETWORK)
def addresses() -> ResponseReturnValue:
    """Both forms."""
    return _page()


@network.post("/addresses/files")
@audience(NETWORK)
def addresses_files() -> ResponseReturnValue:
    """Choose what may be fetched with the token in the address."""
    try:
        with transaction() as session:
            consumers.fetch_by_address(session, acting(), request.form.getlist("files"), at=clock.now())
    except InvalidAnswer as refusal:
        return _page(refusal.faults)
    return done("network.addresses", "addresses-kept")


@network.post("/addresses/networks")
@audience(NETWORK)
def addresses_networks() -> ResponseReturnValue:
    """Choose where tokens may come from."""
    text = request.form.get("networks", "")
    if len(text) > CHARACTERS:
        return _page({"networks": N_("These are too many; write at most a hundred networks.")})
    try:
        networks = consumers.networks_in(text)
        if networks and limits.client_address() is None:
            return _page({"networks": BLIND})
        with transaction() as session:
            consumers.come_from(session, acting(), networks, at=clock.now())
    except InvalidAnswer as refusal:
        return _page(refusal.faults)
    return done("network.addresses", "networks-kept")


def _page(faults: Mapping[str, str] | None = None) -> Response:
    consumer = consumers.one(request_session(), acting().reference, at=clock.now())
    response = make_response(
        render_template(
            "network/addresses.html",
            consumer=consumer,
            choices=consumers.choices(),
            labels=labels(),
            networks=request.form.get("networks", "") if faults else "\n".join(consumer.allowed_networks),
            ticked=consumer.address_formats,
            seen=limits.client_address(),
            most=policy.CONSUMER_NETWORKS,
            faults=faults or {},
        )
    )
    response.status_code = UNPROCESSABLE if faults else 200
    return response
