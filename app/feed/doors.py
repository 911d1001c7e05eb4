"""Whether what is asked for may be had: by this token, from this address, this often. An answer here is one plain sentence."""

from collections.abc import Iterable
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Address, ip_network

from flask import Response
from flask_babel import gettext as _
from werkzeug.exceptions import TooManyRequests

from app import limits
from app.feed import access
from app.feed.answers import sentence
from moderation import policy
from moderation.consumers import ConsumerSeen
from moderation.vocabulary import Budget

ADDRESS_SEEN = "X-Flagstone-Address-Seen"


def by_header(file: str) -> ConsumerSeen | Response:
    """The consumer whose token stands in a header and opens this file; else what to answer."""
    consumer = access.consumer_in_header()
    if consumer is None:
        return _too_often("strangers at the feed", policy.FEED_STRANGERS) or _unknown()
    if not consumer.may_have(file):
        told = _("This token is not good for this file; its owner can make one that is")
        return _elsewhere(consumer) or sentence(HTTPStatus.FORBIDDEN, told)
    return _elsewhere(consumer) or _too_often("pulls", policy.FEED_PULLS_EACH, who=str(consumer.token)) or consumer


def by_address(token: str, file: str) -> ConsumerSeen | Response:
    """The consumer whose token stands in the address, where it opens this file in this way; else what to answer.

    One answer for an unknown token and for a file that its consumer did not ask for in this way: it tells nothing to who guesses.
    """
    consumer = access.consumer_with(token)
    if consumer is None:
        return _too_often("strangers at the feed", policy.FEED_STRANGERS) or not_here()
    if file not in consumer.address_formats or not consumer.may_have(file):
        return not_here()
    return _elsewhere(consumer) or _too_often("pulls", policy.FEED_PULLS_EACH, who=str(consumer.token)) or consumer


def not_here() -> Response:
    """What a guess gets."""
    return sentence(HTTPStatus.NOT_FOUND, _("There is no list at this address"))


def is_inside(address: IPv4Address | IPv6Address | None, networks: Iterable[str]) -> bool:
    """Whether an address is in one of these networks; nobody is where we cannot know the address."""
    return address is not None and any(address in ip_network(network) for network in networks)


def _unknown() -> Response:
    refusal = sentence(HTTPStatus.UNAUTHORIZED, _("This address needs the token of a consumer, in the Authorization header"))
    for offer in access.SIGN_IN:
        refusal.headers.add("WWW-Authenticate", offer)
    return refusal


def _elsewhere(consumer: ConsumerSeen) -> Response | None:
    """What to answer to a token that comes from another network than its owner said; None where it may come from there."""
    if not consumer.allowed_networks:
        return None
    address = limits.client_address()
    if is_inside(address, consumer.allowed_networks):
        return None
    if address is None:
        return sentence(HTTPStatus.FORBIDDEN, _("This token is for some addresses only, and yours cannot be seen from here"))
    # With the dots as people write them who do not want a program to take it for an entry; the header has it plain.
    told = _("This token is for some addresses only, and you come from %(address)s", address=str(address).replace(".", "[.]"))
    refusal = sentence(HTTPStatus.FORBIDDEN, told)
    refusal.headers[ADDRESS_SEEN] = str(address)
    return refusal


def _too_often(name: str, budget: Budget, *, who: str = "") -> Response | None:
    try:
        limits.require_of(name, budget, who=who)
    except TooManyRequests as waits:
        refusal = sentence(
            HTTPStatus.TOO_MANY_REQUESTS, _("This was asked for too often; the header Retry-After says in how many seconds to ask again")
        )
        refusal.headers["Retry-After"] = str(waits.retry_after)
        return refusal
    return None
