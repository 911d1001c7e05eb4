"""A browser without scripts: keeps cookies, follows redirects, sends forms as pages offer them. Knows no page by name."""

import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from http.client import HTTPResponse
from http.cookiejar import CookieJar
from typing import cast
from urllib.parse import urljoin

from deploy.tour import html
from deploy.tour.telling import expect, missing, printable

TIMEOUT_SECONDS = 60


class _LetFaultsThrough(urllib.request.HTTPErrorProcessor):
    """A page that says no is a page; only redirects are followed."""

    def http_response(self, request: urllib.request.Request, response: HTTPResponse) -> HTTPResponse:
        is_redirect = response.status in (301, 302, 303, 307, 308)
        return cast(HTTPResponse, super().http_response(request, response)) if is_redirect else response

    https_response = http_response


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    address: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @cached_property
    def page(self) -> html.Element:
        return html.read(self.text)

    def form(self, action_end: str) -> html.Form:
        """The form whose address ends so.

        Raises:
            Unexpected: the page offers none.
        """
        return self.find_form(action_end) or missing(f"a form to {action_end} on the page {self.address}", self.said)

    def find_form(self, action_end: str) -> html.Form | None:
        """The first form whose address ends so; None where the page offers none."""
        forms = (html.Form(element) for element in self.page.all("form"))
        return next((form for form in forms if form.action.partition("?")[0].endswith(action_end)), None)

    @property
    def said(self) -> str:
        """The page in one line, for a message about it."""
        main = self.page.first("main") or self.page
        return f"status {self.status}, “{printable(main.text, 300)}”"


class Browser:
    """One person's browser on one server."""

    def __init__(self, base: str) -> None:
        self._base = base
        # No proxy of the environment's, for this is all on one machine.
        handlers = (urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(CookieJar()), _LetFaultsThrough())
        self._opener = urllib.request.build_opener(*handlers)

    def open(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Get an address of the server."""
        return self._send(urllib.request.Request(urljoin(self._base, path), headers=dict(headers or {})))

    def send(self, form: html.Form, *, on: Answer) -> Answer:
        """Send a form of the page `on`."""
        address = urljoin(on.address, form.action or on.address)
        if form.method == "get":
            return self._send(urllib.request.Request(f"{address.partition('?')[0]}?{form.encoded()}"))
        return self._send(urllib.request.Request(address, data=form.encoded().encode(), method="POST"))

    def _send(self, request: urllib.request.Request) -> Answer:
        request.add_header("User-Agent", "Flagstone tour")
        request.add_header("Accept-Language", "en")
        if not request.has_header("Accept"):
            request.add_header("Accept", "text/html,*/*;q=0.5")
        with self._opener.open(request, timeout=TIMEOUT_SECONDS) as response:
            expect(response.url.startswith(self._base), f"an answer of {self._base}", response.url)
            return Answer(response.status, response.url, dict(response.headers.items()), response.read())
