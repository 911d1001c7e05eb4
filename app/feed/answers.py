"""How a file of a release goes out: whole, in part, or not at all because it is there already. Knows nothing of who asks."""

from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import BinaryIO

from flask import Response, request
from flask_babel import gettext as _

from app import clock, instance
from app.feed import negotiation, said
from app.feed.current import ReleaseServed, Representation, Served
from app.languages import answer_without_words
from moderation import policy

CHUNK = 1 << 16
MOVING = "private, no-cache"
"""For what stands for another release tomorrow: it may be kept, and must be asked for again each time."""

FIXED = f"private, max-age={int(policy.RELEASES_KEPT_FOR.total_seconds())}, immutable"
"""For a name that never stands for other octets: no need to ask again for as long as we keep it, and no need to keep it longer."""


def answer(release: ReleaseServed, served: Served, caching: str) -> Response:
    """The file, or what the request's conditions make of it.

    Raises:
        FileNotFoundError: it went since the release was looked up.
    """
    found = negotiation.representation(served, request.accept_encodings)
    status = negotiation.condition(request, found.etag, release.published_at)
    if status is HTTPStatus.PRECONDITION_FAILED:
        response = sentence(status, _("The list changed since, or was not what you took it for"))
    elif status is HTTPStatus.NOT_MODIFIED:
        said.mark_repeatable()
        response = Response(status=status)
        del response.headers["Content-Type"]
        response.headers["Cache-Control"] = caching
    else:
        response = _body(release, found, caching)
    if response.status_code < HTTPStatus.BAD_REQUEST:
        response.set_etag(found.etag)
        answer_without_words()
    if served.packed:
        response.vary.add("Accept-Encoding")
    response.headers["X-Flagstone-Serial"] = release.serial
    response.headers["X-Flagstone-Valid-Until"] = release.valid_until
    return response


def sentence(status: HTTPStatus, text: str) -> Response:
    """One sentence without a dot in it: no program finds a name, an address or a comment there."""
    response = Response(f"{status.value} {text}\n", status=status, content_type="text/plain; charset=utf-8")
    return private(response, "no-store")


def private(response: Response, caching: str) -> Response:
    """What every answer of the feed says: it is for this consumer, and is what it says it is."""
    response.headers["Cache-Control"] = caching
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _body(release: ReleaseServed, found: Representation, caching: str) -> Response:
    try:
        part = negotiation.part(request, found, release.published_at)
    except negotiation.NoSuchPart:
        refusal = sentence(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, _("This file is shorter than the part you ask for"))
        refusal.headers["Content-Range"] = f"bytes */{found.size}"
        return refusal
    response = _handed_over(found) or _read_here(found, part)
    if found.coding:
        response.headers["Content-Encoding"] = found.coding
    if release.published_at <= clock.now():
        response.last_modified = release.published_at
    return private(response, caching)


def _handed_over(found: Representation) -> Response | None:
    """An answer whose body nginx sends, cutting out the part by itself; None where we send it: some conditions it would judge otherwise."""
    location = instance.settings().accel
    if not location or request.method != "GET" or "If-Match" in request.headers or "If-Unmodified-Since" in request.headers:
        return None
    # The path names the release's own folder, not the pointer: a release that comes meanwhile can't mix with this one.
    accel = f"{location}{found.path.parent.name}/{found.path.name}"
    return Response(content_type=found.media_type, headers={"X-Accel-Redirect": accel})


def _read_here(found: Representation, part: range | None) -> Response:
    octets = part or range(found.size)
    body: Iterable[bytes] = [] if request.method == "HEAD" else _File(found.path.open("rb"), octets)
    response = Response(body, content_type=found.media_type, direct_passthrough=True)
    response.content_length = len(octets)
    response.accept_ranges = "bytes"
    if part is not None:
        response.status_code = HTTPStatus.PARTIAL_CONTENT
        response.headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{found.size}"
    return response


class _File:
    """Some octets of an open file, from its beginning or from the middle."""

    def __init__(self, file: BinaryIO, octets: range) -> None:
        self._file = file
        self._left = len(octets)
        self.close = file.close
        file.seek(octets.start)

    def __iter__(self) -> Iterator[bytes]:
        while chunk := self._file.read(min(CHUNK, self._left)):
            self._left -= len(chunk)
            yield chunk
