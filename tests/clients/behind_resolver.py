"""A browser whose only name server is Unbound, in a network of its own: `unshare -rnm python -m tests.clients.behind_resolver FOLDER HOW`.

Prints, as JSON, what the page said and where its links led. Nothing outside this process' own network can be reached or changed.
"""

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit

import dns.message
import dns.rcode
import dns.rrset
from playwright.sync_api import Browser, Error, sync_playwright
from werkzeug.serving import make_server

from app import create_app
from app.release.newest import bring_out
from app.release.shelf import Shelf
from deploy.tour.resolver import settings
from tests import builders
from tests.clients.resolvers import free_port, program
from tests.clients.upstream import Upstream, upstream
from tests.journeys.conftest import FLAGS
from tests.release.builders import header

PORT = 8000
WITH_LIST, WITHOUT_LIST, WITHOUT_NAMES = "with-list", "without-list", "without-names"


class Here(Upstream):
    """Every name is at this machine, or no name is anywhere."""

    has_names = True

    def answer(self, octets: bytes) -> bytes:
        """The reply to one question."""
        question = dns.message.from_wire(octets)
        reply = dns.message.make_response(question)
        asked = question.question[0]
        if not self.has_names:
            reply.set_rcode(dns.rcode.NXDOMAIN)
        elif asked.rdtype == dns.rdatatype.A:
            reply.answer.append(dns.rrset.from_text(asked.name, 60, "IN", "A", "127.0.0.1"))
        return reply.to_wire()


def main(folder: Path, how: str) -> None:
    """Start a name server, the application and a browser; look at the page with and without scripts."""
    subprocess.run([program("ip") or "ip", "link", "set", "lo", "up"], check=True)
    (folder / "resolv.conf").write_text("nameserver 127.0.0.1\n")
    subprocess.run(["mount", "--bind", str(folder / "resolv.conf"), "/etc/resolv.conf"], check=True)
    # Nothing on these pages asks a database.
    app = create_app(
        builders.settings(folder, base_url=f"http://127.0.0.1:{PORT}", port=PORT), database_url="postgresql://nobody@127.0.0.1/no"
    )
    bring_out(Shelf(folder), header(), [])
    web = make_server("127.0.0.1", PORT, app, threaded=True)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    with upstream(Here) as above:
        Here.has_names = how != WITHOUT_NAMES
        listed = Shelf(folder).folder(1) / "unbound.conf" if how != WITHOUT_LIST else Path("/dev/null")
        config = settings(folder, port=53, upstream=above.port, control=free_port(), included=listed)
        (folder / "resolver.conf").write_text(config)
        resolver = subprocess.Popen([program("unbound") or "unbound", "-d", "-c", str(folder / "resolver.conf")], stderr=subprocess.DEVNULL)
        try:
            print(json.dumps(seen(folder)))
        finally:
            resolver.terminate()
            resolver.wait()


def seen(folder: Path) -> dict[str, object]:
    """What a visitor sees."""
    with sync_playwright() as playwright:
        found = os.environ.get("FLAGSTONE_CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=found, args=[*FLAGS, "--no-sandbox"])
        page = browser.new_page(viewport={"width": 360, "height": 720})
        page.goto(f"http://127.0.0.1:{PORT}/en/check-connection")
        page.wait_for_selector("[data-said]:not([data-said=unknown]):not([data-said=waiting]):not([hidden])", timeout=30_000)
        said = page.locator("[data-said]:visible").get_attribute("data-said")
        page.screenshot(path=folder / "page.png", full_page=True)
        told = {"said": said, "listed": followed(browser, 0), "never": followed(browser, 1)}
        browser.close()
    return told


def followed(browser: Browser, link: int) -> str:
    """Where one of the two links leads a browser without scripts: the heading there, or that it fails."""
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"http://127.0.0.1:{PORT}/en/check-connection")
    address = page.locator("td a").nth(link).get_attribute("href") or ""
    try:
        page.goto(address, timeout=15_000)
    except Error:
        return "fails"
    return f"{page.locator('h1').inner_text()}: {urlsplit(page.url).hostname}"


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
