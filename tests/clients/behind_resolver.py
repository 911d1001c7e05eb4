"""A browser whose only name server is Unbound, in a network of its own.

`unshare -rnm python -m tests.clients.behind_resolver FOLDER HOW SCHEME`. By https it comes to the nginx of deploy/, whose certificate for
the three names nobody else has signed. Prints, as JSON, what the page said and where its links led. Nothing outside the network of this
process can be reached or changed.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import dns.message
import dns.rcode
import dns.rrset
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
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
from tests.web import nginx

PORT = 8000
HOSTS = ("flag.example.org", "blocktest.list.example", "allowtest.list.example")
HOMES = {"http": f"http://127.0.0.1:{PORT}", "https": f"https://{HOSTS[0]}"}
WITH_LIST, WITHOUT_LIST, WITHOUT_NAMES = "with-list", "without-list", "without-names"


class Here(Upstream):
    """Every name is at this machine, or none but the one of the page itself."""

    has_names = True

    def answer(self, octets: bytes) -> bytes:
        """The reply to one question."""
        question = dns.message.from_wire(octets)
        reply = dns.message.make_response(question)
        asked = question.question[0]
        if not self.has_names and asked.name.to_text(omit_final_dot=True) != HOSTS[0]:
            reply.set_rcode(dns.rcode.NXDOMAIN)
        elif asked.rdtype == dns.rdatatype.A:
            reply.answer.append(dns.rrset.from_text(asked.name, 60, "IN", "A", "127.0.0.1"))
        return reply.to_wire()


def main(folder: Path, how: str, scheme: str) -> None:
    """Start a name server, the application and a browser; look at the page with and without scripts."""
    subprocess.run([program("ip") or "ip", "link", "set", "lo", "up"], check=True)
    (folder / "resolv.conf").write_text("nameserver 127.0.0.1\n")
    subprocess.run(["mount", "--bind", str(folder / "resolv.conf"), "/etc/resolv.conf"], check=True)
    # Nothing on these pages asks a database.
    proxied = {"behind_proxy": True, "client_header": "X-Real-IP"} if scheme == "https" else {}
    app = create_app(
        builders.settings(folder, base_url=HOMES[scheme], port=PORT, **proxied), database_url="postgresql://nobody@127.0.0.1/no"
    )
    bring_out(Shelf(folder), header(), [])
    web = make_server("127.0.0.1", PORT, app, threaded=True)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    with upstream(Here) as above, by_tls(folder) if scheme == "https" else nullcontext():
        Here.has_names = how != WITHOUT_NAMES
        listed = Shelf(folder).folder(1) / "unbound.conf" if how != WITHOUT_LIST else Path("/dev/null")
        config = settings(folder, port=53, upstream=above.port, control=free_port(), included=listed)
        (folder / "resolver.conf").write_text(config)
        resolver = subprocess.Popen([program("unbound") or "unbound", "-d", "-c", str(folder / "resolver.conf")], stderr=subprocess.DEVNULL)
        try:
            print(json.dumps(seen(folder, HOMES[scheme])))
        finally:
            resolver.terminate()
            resolver.wait()


def by_tls(folder: Path) -> AbstractContextManager[None]:
    """nginx as deploy/ has it: no more than the certificate, the names and the folders are filled in."""
    certificate, key = self_signed(folder)
    filled = {
        "server_name flag.example.org;": f"server_name {' '.join(HOSTS)};",
        "# ssl_certificate ...; ssl_certificate_key ...;": f"ssl_certificate {certificate}; ssl_certificate_key {key};",
    }
    return nginx.started(folder, folder, filled, until=lambda: socket.create_connection(("127.0.0.1", 443), timeout=5).close())


def self_signed(folder: Path) -> tuple[Path, Path]:
    """A certificate for all three names, and its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOSTS[0])])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    signed = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in HOSTS]), critical=False).sign(key, SHA256())
    certificate, own = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(signed.public_bytes(Encoding.PEM))
    own.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return certificate, own


def seen(folder: Path, home: str) -> dict[str, object]:
    """What a visitor sees."""
    with sync_playwright() as playwright:
        found = os.environ.get("FLAGSTONE_CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=found, args=[*FLAGS, "--no-sandbox"])
        page = browser.new_context(viewport={"width": 360, "height": 720}, ignore_https_errors=True).new_page()
        page.goto(f"{home}/en/check-connection")
        page.wait_for_selector("[data-said]:not([data-said=unknown]):not([data-said=waiting]):not([hidden])", timeout=30_000)
        said = page.locator("[data-said]:visible").get_attribute("data-said")
        page.screenshot(path=folder / "page.png", full_page=True)
        told = {"said": said, "listed": followed(browser, home, 0), "never": followed(browser, home, 1)}
        browser.close()
    return told


def followed(browser: Browser, home: str, link: int) -> str:
    """Where one of the two links leads a browser without scripts: the heading there, or that it fails."""
    page = browser.new_context(java_script_enabled=False, ignore_https_errors=True).new_page()
    page.goto(f"{home}/en/check-connection")
    address = page.locator("td a").nth(link).get_attribute("href") or ""
    try:
        page.goto(address, timeout=15_000)
    except Error:
        return "fails"
    return f"{page.locator('h1').inner_text()}: {urlsplit(page.url).scheme}://{urlsplit(page.url).hostname}"


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
