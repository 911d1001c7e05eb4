"""A network that pulls the feed with its token: the index, the files, and what stands in them."""

import hashlib
from typing import Any

import dns.zone
import orjson

from deploy.tour.browser import Browser
from deploy.tour.cases import EVERYTHING_FILE, NAMES_FILES, PAGES_FILE, Target
from deploy.tour.telling import expect, until

RELEASE_SECONDS = 60
KNOWN_FILES = frozenset({*NAMES_FILES, PAGES_FILE, EVERYTHING_FILE})

NAME_LINES = {
    "domains.txt": ("{}",),
    "hosts.txt": ("0.0.0.0 {}", ":: {}"),
    "rpz.zone": ("{} CNAME .", "*.{} CNAME ."),
    "unbound.conf": ('local-zone: "{}" always_nxdomain',),
    "dnsmasq.conf": ("server=/{}/",),
}
"""How a listed name stands in the files that name servers load."""


class Network:
    """A consumer of the feed."""

    def __init__(self, browser: Browser, token: str) -> None:
        self._browser = browser
        self._headers = {"Authorization": f"Bearer {token}"}
        self._kept: dict[str, tuple[str, bytes]] = {}
        self.zone_address = f"/feed/v1/t/{token}/rpz.zone"

    def index(self) -> dict[str, Any]:
        """The index of the current release."""
        answer = self._browser.open("/feed/v1/", self._headers)
        expect(answer.status == 200, "the index of the feed", answer.said)
        found: dict[str, Any] = orjson.loads(answer.body)
        return found

    def wait_for_any(self) -> dict[str, Any]:
        """Wait for the first release of a server that has just started."""
        until(lambda: self._browser.open("/feed/v1/", self._headers).status == 200, "a first release", seconds=RELEASE_SECONDS)
        return self.index()

    def files(self) -> dict[str, str]:
        """Every format's file of one release, each checked against the index; unchanged ones are not sent again."""
        index = self.index()
        return {form["file"]: self._file(form["file"], form["sha256"]) for form in index["formats"]}

    def carries(self, target: Target) -> frozenset[str]:
        """The files in which a target stands."""
        return frozenset(name for name, text in self.files().items() if _stands_in(name, text, target))

    def wait_until_in(self, target: Target, expected: frozenset[str]) -> float:
        """Wait until these files, and none of the others that the tour knows, carry the target; returns the seconds."""

        def look() -> bool:
            seen = self.carries(target) & KNOWN_FILES
            expect(seen == expected, f"{target} in {in_words(expected)}", in_words(seen))
            return True

        return until(look, f"{target} in {in_words(expected)} alone", seconds=RELEASE_SECONDS)

    def wait_until_gone(self, target: Target) -> float:
        """Wait until no file of any format carries the target; returns the seconds."""

        def look() -> bool:
            seen = self.carries(target)
            expect(not seen, f"{target} in no file", in_words(seen))
            return True

        return until(look, f"{target} gone from every format", seconds=RELEASE_SECONDS)

    def zone(self) -> tuple[int, int]:
        """Serial and refresh time of the zone, as a name server reads it."""
        index = self.index()
        text = self.files()["rpz.zone"]
        soa = dns.zone.from_text(text, origin=index["list_name"]).get_soa()
        return soa.serial, soa.refresh

    def _file(self, name: str, sha256: str) -> str:
        etag, body = self._kept.get(name, ("", b""))
        answer = self._browser.open(f"/feed/v1/{name}", {**self._headers, **({"If-None-Match": etag} if etag else {})})
        if answer.status == 304:
            expect(hashlib.sha256(body).hexdigest() == sha256, f"a new {name}, since the index names another", "304 Not Modified")
            return body.decode()
        expect(answer.status == 200, f"the file {name}", answer.said)
        self._kept[name] = (answer.headers.get("ETag", ""), answer.body)
        expect(hashlib.sha256(answer.body).hexdigest() == sha256, f"{name} with the SHA-256 of the index", "another")
        return answer.text


def in_words(files: frozenset[str]) -> str:
    """File names in one line."""
    return ", ".join(sorted(files)) or "no file"


def _stands_in(name: str, text: str, target: Target) -> bool:
    lines = text.splitlines()
    if name == EVERYTHING_FILE:
        entries = [orjson.loads(line) for line in lines]
        return any(entry.get("scope") == target.scope and entry.get("target") == target.text for entry in entries)
    if name == PAGES_FILE:
        rest = target.text.partition("://")[2] + ("*" if target.scope == "path" else "")
        return {f"http://{rest}", f"https://{rest}"} <= set(lines)
    if name in NAME_LINES:
        return {line.format(target.text) for line in NAME_LINES[name]} <= set(lines)
    if name == "suricata.rules":
        # Its rule for a page names the page's host too, to say where the page is; a listed name has a rule of its own for the DNS.
        return any(f'dns.query; dotprefix; content:".{target.text}";' in line for line in lines)
    # A format that the tour knows nothing of: whether the target is mentioned at all, as a whole.
    return any(word == target.text for line in lines for word in line.replace('"', " ").split())
