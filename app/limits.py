"""How much is too much: which lane a report takes and who must wait, by counters in memory. Refuses no report; writes nothing down.

For a door that takes reports: `lane_for(Channel.API)`. For a door that answers questions: `@limited(policy.CHECKS)`, or `within(...)`.
For a door that a secret opens: `trying(...)` where it might be guessed; `require_own(...)` and `count_failure(...)` where it cannot be.
"""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import ParamSpec

from flask import Flask, current_app, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import TooManyRequests

from app import clock, instance
from app.counters import Counters, SharedCounters, Tally
from app.counters_in_redis import RedisCounters
from config import Settings
from moderation import policy
from moderation.vocabulary import Budget, Channel, Lane, RateLimit

EXTENSION = "flagstone_counters"
IPV6_NETWORK_OCTETS = 8
"""A /64 is the least that a home gets; its addresses change by the hour."""
WIDER = {
    4: ((3, policy.SHARE_OF_A_SITE), (2, policy.SHARE_OF_A_PROVIDER)),
    6: ((6, policy.SHARE_OF_A_SITE), (4, policy.SHARE_OF_A_PROVIDER)),
}
"""By the version of an address: the octets that name the network around it, and which share of a door's common budget that may use."""

Given = ParamSpec("Given")
Counted = tuple[bytes, Budget]


def init_app(app: Flask) -> None:
    """Make the counters. Before the server forks, so that its processes share them."""
    settings: Settings = app.extensions["settings"]
    here = SharedCounters(settings.data / "run" / "counters.lock")
    app.extensions[EXTENSION] = RedisCounters(settings.redis_url, here) if settings.redis_url else here


def counters() -> Counters:
    """The present application's counters."""
    found: Counters = current_app.extensions[EXTENSION]
    return found


def lane_for(channel: Channel, *, who: str = "", reports: int = 1, proof: Callable[[], bool] | None = None) -> Lane:
    """Count reports that come in by `channel`, and say which lane they take.

    `who` names a partner, who is counted instead of the client's address. `proof` is asked only where a budget is used up: whether the
    sender has done a proof of work.
    """
    is_over = _count(_report_budgets(channel, who), reports, clock.now()) is not None
    return Lane.SLOW if is_over and not (proof and proof()) else Lane.STANDARD


def is_busy(channel: Channel) -> bool:
    """Whether forms shown now should carry a proof of work, because a budget that they fall under is half used up. Counts nothing."""
    budgets = _report_budgets(channel, "")
    at = clock.now()
    counts = counters().counts([_name(name, budget, at) for name, budget in budgets], at=int(at.timestamp()))
    return any(count >= budget.limit * policy.WORK_ASKED_FROM for count, (_, budget) in zip(counts, budgets, strict=True))


def within(limit: RateLimit, *, who: str = "") -> bool:
    """Count one request by `who`, or by the client's address, and say whether it may be answered."""
    return _over_at_door(limit, who) is None


def require(limit: RateLimit, *, who: str = "") -> None:
    """As `within`, for where waiting is the only answer.

    Raises:
        TooManyRequests: answered with 429, and with Retry-After in seconds.
    """
    over = _over_at_door(limit, who)
    if over is not None:
        raise TooManyRequests(retry_after=_seconds_left(over, clock.now()))


def require_of(name: str, budget: Budget, *, who: str = "") -> None:
    """As `require`, where only each for itself is counted: what one uses up, nobody else goes without.

    Raises:
        TooManyRequests
    """
    client = who.encode() if who else _client()
    if client:
        _require_room([(b"own " + name.encode() + b" " + client, budget)])


@contextmanager
def trying(limit: RateLimit) -> Iterator[None]:
    """As `require`, for one attempt; where no fault leaves the block, it uses up nothing of what the networks around and all together have.

    It is counted first and given back: of many attempts at once no more are made than the budgets have room for.

    Raises:
        TooManyRequests
    """
    at = clock.now()
    own, others = _budgets_at_door(limit, "")
    over, counted = _counted_one_by_one([*own, *others], at)
    if over is not None:
        raise TooManyRequests(retry_after=_seconds_left(over, at))
    yield
    _count(counted[len(own) :], -1, at)


def require_own(limit: RateLimit) -> None:
    """As `require`, of what the client alone may do; who comes with what nobody can guess is not held up by others.

    Raises:
        TooManyRequests
    """
    _require_room(_budgets_at_door(limit, "")[0])


def count_failure(limit: RateLimit) -> None:
    """Count an attempt that failed, after `require_own`, in what the networks around the client and all together may do.

    Raises:
        TooManyRequests
    """
    _require_room(_budgets_at_door(limit, "")[1])


def client_address() -> IPv4Address | IPv6Address | None:
    """The address that the request came from, as far as we can know it; None behind a proxy that does not tell, and over Tor."""
    settings = instance.settings()
    if _is_onion() or (settings.behind_proxy and not settings.client_header):
        return None
    return _told_address()


def limited(limit: RateLimit) -> Callable[[Callable[Given, ResponseReturnValue]], Callable[Given, ResponseReturnValue]]:
    """Answer what is sent to a route with 429 and Retry-After while the limit is reached. Showing the route's page is not limited."""

    def declare(handler: Callable[Given, ResponseReturnValue]) -> Callable[Given, ResponseReturnValue]:
        @functools.wraps(handler)
        def guarded(*arguments: Given.args, **named: Given.kwargs) -> ResponseReturnValue:
            if request.method == "POST":
                require(limit)
            return handler(*arguments, **named)

        return guarded

    return declare


def form_channel(*, with_script: bool) -> Channel:
    """By which way a form came. Everyone who comes over Tor shares one address, so they are never counted as one person."""
    if _is_onion():
        return Channel.ONION
    return Channel.FORM if with_script else Channel.PLAIN_FORM


def _report_budgets(channel: Channel, who: str) -> list[Counted]:
    budgets = [(f"reports by {channel}".encode(), policy.REPORTS_BY_CHANNEL[channel]), (b"reports", policy.REPORTS_TOGETHER)]
    if who:
        return [*budgets, (f"reports of {who}".encode(), policy.PARTNER_REPORTS_EACH)]
    client = _client()
    return [*budgets, (b"reports from " + client, policy.REPORTS_EACH)] if client else budgets


def _over_at_door(limit: RateLimit, who: str) -> Budget | None:
    """Count one request; the budget that it overdraws. What somebody's own budget refuses uses up nothing of everybody's."""
    own, others = _budgets_at_door(limit, who)
    return _counted_one_by_one([*own, *others], clock.now())[0]


def _require_room(budgets: list[Counted]) -> None:
    at = clock.now()
    over, _ = _counted_one_by_one(budgets, at)
    if over is not None:
        raise TooManyRequests(retry_after=_seconds_left(over, at))


def _budgets_at_door(limit: RateLimit, who: str) -> tuple[list[Counted], list[Counted]]:
    """The client's own, and then those that it shares with others, from the narrowest."""
    # Over Tor nobody can be told from the others, so one alone could use up what is for all: apart, it closes the door for Tor at most.
    door = f"door {limit.name} {'over Tor ' if _is_onion() else ''}".encode()
    client = b"who " + who.encode() if who else _client()
    own = [(door + client, limit.each)] if client else []
    shared = [] if who else [(door + network, _shared(limit, share)) for network, share in _networks()]
    return own, [*shared, (door, limit.together)]


def _counted_one_by_one(budgets: list[Counted], at: datetime) -> tuple[Budget | None, list[Counted]]:
    """Count one in each until one is overdrawn: who is refused by one is not counted in the next. That one, and those that were counted."""
    for number, counted in enumerate(budgets, 1):
        over = _count([counted], 1, at)
        if over is not None:
            return over, budgets[:number]
    return None, budgets


def _shared(limit: RateLimit, share: float) -> Budget:
    """What a whole network may use of a door's common budget; never less than one client in it."""
    return Budget(max(limit.each.limit, int(limit.together.limit * share)), limit.together.per)


def _count(budgets: list[Counted], amount: int, at: datetime) -> Budget | None:
    """Count, and return the budget that is overdrawn by it, the one that lasts longest."""
    tallies = [Tally(_name(name, budget, at), _ends_at(budget, at), amount) for name, budget in budgets]
    counts = counters().add(tallies, at=int(at.timestamp()))
    over = [budget for count, (_, budget) in zip(counts, budgets, strict=True) if count > budget.limit]
    return max(over, key=lambda budget: budget.per, default=None)


def _name(name: bytes, budget: Budget, at: datetime) -> bytes:
    # With its end, so that a window's count is never taken for the next one's.
    return name + b" until %d" % _ends_at(budget, at)


def _ends_at(budget: Budget, at: datetime) -> int:
    seconds = int(budget.per.total_seconds())
    return (int(at.timestamp()) // seconds + 1) * seconds


def _seconds_left(budget: Budget, at: datetime) -> int:
    return max(1, _ends_at(budget, at) - int(at.timestamp()))


def _client() -> bytes:
    """The client's address, or its network; empty where it tells nothing."""
    address = _telling_address()
    if address is None:
        return b""
    return address.packed if address.version == 4 else address.packed[:IPV6_NETWORK_OCTETS]


def _networks() -> list[tuple[bytes, float]]:
    """The networks around the client, and the share of each: whoever has all addresses of one can use up no more."""
    address = _telling_address()
    if address is None:
        return []
    return [(b"network " + address.packed[:octets], share) for octets, share in WIDER[address.version]]


def _telling_address() -> IPv4Address | IPv6Address | None:
    """The client's address, None where it tells nothing: our own machine speaks for a proxy, for Tor, for anyone."""
    address = _told_address()
    return None if address is None or address.is_loopback or (_is_onion() and address.is_private) else address


def _told_address() -> IPv4Address | IPv6Address | None:
    header = instance.settings().client_header
    told = request.headers.get(header, "") if header else request.remote_addr or ""
    try:
        # Only the last one was written by our own proxy.
        return _plain(ip_address(told.rpartition(",")[2].strip()))
    except ValueError:
        return None


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """An IPv4 address that is written as an IPv6 one is still the same."""
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address


def _is_onion() -> bool:
    return request.host.partition(":")[0].endswith(".onion")
