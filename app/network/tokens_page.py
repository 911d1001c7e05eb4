"""A network's tokens: make one, put one in the place of another, end one. Shows each once and keeps none."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from app import clock, instance, secrets_shown
from app.audience import NETWORK, audience
from app.database import request_session, transaction
from app.network import network
from app.network.frame import UNPROCESSABLE, done, labels
from app.network.sessions import acting
from moderation import consumers, policy
from moderation.consumers import TokenSeen
from moderation.errors import InvalidAnswer


@network.get("/tokens")
@audience(NETWORK)
def tokens() -> ResponseReturnValue:
    """Every token, and the form for another."""
    return _page()


@network.post("/tokens")
@audience(NETWORK)
def token_make() -> ResponseReturnValue:
    """Make a token and show it once."""
    secret = secrets_shown.new()
    try:
        with transaction() as session:
            made = consumers.add_token(
                session,
                acting(),
                digest=secrets_shown.digest(secret),
                label=request.form.get("label", ""),
                scopes=request.form.getlist("scopes"),
                lifetime=_lifetime(request.form.get("lifetime", "")),
                reference=uuid.uuid4(),
                at=clock.now(),
            )
    except InvalidAnswer as refusal:
        return _page(refusal.faults)
    return _shown(secret, made)


@network.post("/tokens/<uuid:reference>/replace")
@audience(NETWORK)
def token_replace(reference: UUID) -> ResponseReturnValue:
    """Make a token in the place of this one, and show it once; this one ends some time later."""
    secret = secrets_shown.new()
    try:
        with transaction() as session:
            digest, new = secrets_shown.digest(secret), uuid.uuid4()
            made, until = consumers.rotate_token(session, acting(), reference, digest=digest, reference=new, at=clock.now())
    except InvalidAnswer as refusal:
        return _page(refusal.faults)
    return _shown(secret, made, until=until)


@network.post("/tokens/<uuid:reference>/revoke")
@audience(NETWORK)
def token_revoke(reference: UUID) -> ResponseReturnValue:
    """End a token."""
    with transaction() as session:
        consumers.revoke_token(session, acting(), reference, at=clock.now())
    return done("network.tokens", "token-revoked")


def _lifetime(days: str) -> timedelta:
    known = {str(lifetime.days): lifetime for lifetime in policy.CONSUMER_TOKEN_LIFETIMES}
    return known.get(days, timedelta())


def _shown(secret: str, made: TokenSeen, *, until: datetime | None = None) -> str:
    consumer = consumers.one(request_session(), acting().reference, at=clock.now())
    by_address = [file for file in consumer.address_formats if not made.scopes or file in made.scopes]
    told = {"header": f"Authorization: Bearer {secret}", "feed": f"{instance.settings().base_url}/feed/v1/", "by_address": by_address}
    return render_template("network/token.html", secret=secret, made=made, until=until, **told)


def _page(faults: Mapping[str, str] | None = None) -> Response:
    now = clock.now()
    response = make_response(
        render_template(
            "network/tokens.html",
            tokens=consumers.tokens_of(request_session(), acting().id, at=now),
            choices=consumers.choices(),
            labels=labels(),
            lifetimes=policy.CONSUMER_TOKEN_LIFETIMES,
            overlap=policy.CONSUMER_TOKEN_OVERLAP,
            faults=faults or {},
            typed=request.form,
            ticked=request.form.getlist("scopes"),
            now=now,
        )
    )
    response.status_code = UNPROCESSABLE if faults else 200
    return response
