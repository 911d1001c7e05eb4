"""Compresses public pages and static files for slow networks. Leaves the desk's pages alone, whose secrets a size could betray."""

import gzip

from flask import Flask, Response, request

WORTH_IT = frozenset({"text/html", "text/css", "text/javascript", "image/svg+xml"})
SMALLEST_OCTETS = 500
LEVEL = 6


def init_app(app: Flask) -> None:
    """Compress what a browser takes compressed, on public pages and static files."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if not _is_public() or response.mimetype not in WORTH_IT or response.status_code in (206, 304):
        return response
    response.vary.add("Accept-Encoding")
    if request.method == "HEAD" or request.accept_encodings["gzip"] <= 0 or (response.content_length or 0) < SMALLEST_OCTETS:
        return response
    response.direct_passthrough = False
    response.set_data(gzip.compress(response.get_data(), LEVEL, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    etag, _ = response.get_etag()
    if etag:
        # The same content in two encodings is the same only weakly.
        response.set_etag(etag, weak=True)
    return response


def _is_public() -> bool:
    return request.endpoint == "static" or (request.endpoint or "").startswith("public.")
