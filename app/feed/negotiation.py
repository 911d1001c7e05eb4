"""What a request asks of a file beside its name, as RFC 9110 wants it: which coding, on what condition, which part. Answers nothing."""

import re
from collections.abc import Iterable
from datetime import datetime
from http import HTTPStatus

from flask import Request

from app.feed.current import Representation, Served

ONE_RANGE = re.compile(r"bytes=[ \t]*([0-9]{0,18})-([0-9]{0,18})[ \t]*", re.IGNORECASE)


class NoSuchPart(Exception):
    """The file has no octet of the range that was asked for."""


def representation(served: Served, accepted: Iterable[tuple[str, float]]) -> Representation:
    """The form that the client likes best of those it names; the smallest where it likes several alike, the plain file where it names none.

    `*` names nothing: curl and others send it without being able to unpack.
    """
    liked = {coding.lower().removeprefix("x-"): quality for coding, quality in accepted}
    # Who names no quality for the plain file would rather have anything that it does name.
    least = liked.get("identity", 0)
    wanted = [packed for packed in served.packed if 0 < liked.get(packed.coding or "", 0) >= least]
    return max(wanted, key=lambda packed: (liked[packed.coding or ""], -packed.size), default=served.plain)


def condition(request: Request, etag: str, modified: datetime) -> HTTPStatus:
    """Whether to send it: OK, NOT_MODIFIED or PRECONDITION_FAILED, in the order of RFC 9110, 13.2.2."""
    if "If-Match" in request.headers:
        if not request.if_match.contains(etag):
            return HTTPStatus.PRECONDITION_FAILED
    elif (unmodified_since := request.if_unmodified_since) and modified > unmodified_since:
        return HTTPStatus.PRECONDITION_FAILED
    if "If-None-Match" in request.headers:
        has_it = request.if_none_match.contains_weak(etag)
    else:
        has_it = (modified_since := request.if_modified_since) is not None and modified <= modified_since
    return HTTPStatus.NOT_MODIFIED if has_it else HTTPStatus.OK


def part(request: Request, found: Representation, modified: datetime) -> range | None:
    """The octets that are asked for; None for all of them: nothing was asked, or of another state, or several parts, or not in order.

    Raises:
        NoSuchPart: there is none of them.
    """
    asked = ONE_RANGE.fullmatch(request.headers.get("Range", ""))
    # Only GET has parts (14.2).
    if request.method != "GET" or asked is None or not _is_of_this_state(request, found.etag, modified):
        return None
    first, last = asked.groups()
    if not first:
        start, stop = max(0, found.size - int(last or 0)), found.size
        if not last:
            return None
    else:
        start, stop = int(first), min(int(last or found.size) + 1, found.size)
        if last and int(last) < start:
            return None
    if start >= stop:
        raise NoSuchPart
    return range(start, stop)


def _is_of_this_state(request: Request, etag: str, modified: datetime) -> bool:
    told = request.headers.get("If-Range", "").strip()
    # A weak tag never fits: it is not known to be of the same octets.
    return not told or told == f'"{etag}"' or (not told.endswith('"') and request.if_range.date == modified)
