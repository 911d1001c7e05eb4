"""What journeys share: a served application and a headless Chromium that goes nowhere else."""

import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import axe_core_python
import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from app import clock, create_app, demo
from moderation.vocabulary import Role
from tests import builders
from tests.web.visitors import add, database_of

FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
AXE = next(Path(axe_core_python.__file__).parent.rglob("axe.min.js"))
WAIT_MILLISECONDS = 15_000


@dataclass(frozen=True)
class Site:
    """A served application. `elsewhere` is another origin, where its exit leads."""

    app: Flask
    address: str
    elsewhere: str


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    program = (
        os.environ.get("FLAGSTONE_CHROMIUM")
        or shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    if program is None:
        pytest.skip("no Chromium on this machine; install it, or name it in FLAGSTONE_CHROMIUM")
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else [*FLAGS]
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=program, args=flags)
        yield found
        found.close()


@pytest.fixture(scope="session")
def site(server, template, tmp_path_factory) -> Iterator[Site]:
    """The whole application, served on a free port, on a database that lasts for the run: never count all rows in it."""
    yield from served(server, template, tmp_path_factory.mktemp("site"))


def served(server, template, folder: Path) -> Iterator[Site]:
    """The whole application on a free port, on a database of its own."""
    url = server.create(template=template)
    socket = make_server("127.0.0.1", 0, Flask("to reserve a port"))
    port = socket.port
    socket.server_close()
    # To a browser, "localhost" is another site than 127.0.0.1.
    elsewhere = f"http://localhost:{port}/robots.txt"
    settings = builders.settings(folder, exit_url=elsewhere, base_url=f"http://127.0.0.1:{port}", port=port)
    app = create_app(settings, database_url=url)
    running = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield Site(app, settings.base_url, elsewhere)
    running.shutdown()
    thread.join()
    running.server_close()
    app.extensions["flagstone_database"].engine.dispose()
    server.drop(url)


def opened(browser: Browser, site: Site, **how: object) -> BrowserContext:
    """A fresh browser profile at the site."""
    context = browser.new_context(base_url=site.address, **how)
    context.set_default_timeout(WAIT_MILLISECONDS)
    return context


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """A phone with scripts."""
    context = opened(browser, site, viewport={"width": 360, "height": 720})
    yield context.new_page()
    context.close()


@pytest.fixture
def plain_page(browser: Browser, site: Site) -> Iterator[Page]:
    """A phone whose browser runs no scripts, as Tor's safest setting."""
    context = opened(browser, site, viewport={"width": 360, "height": 720}, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def inspected_page(browser: Browser, site: Site) -> Iterator[Page]:
    """A narrow page that may be looked into: its content security policy would keep the inspector out."""
    context = opened(browser, site, viewport={"width": 320, "height": 640}, bypass_csp=True)
    yield context.new_page()
    context.close()


def at_rest(page: Page) -> Page:
    """The page, once the answer to what was clicked is in place: at the desk a click starts no new page."""
    page.wait_for_selector("html:not([aria-busy])")
    return page


def violations(page: Page) -> list[tuple[str, str, list[str]]]:
    """What axe finds wrong by day and by night: each rule with the elements that break it."""
    page.evaluate(AXE.read_text())
    wrong = []
    for scheme in ("light", "dark"):
        # Without motion: halfway through a change of colours the contrast is that of neither.
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = page.evaluate("axe.run(document)")["violations"]
        wrong += [(scheme, each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found]
    return wrong


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.fixture(scope="module")
def desk(server, template, tmp_path_factory):
    """A served application with the demo's people and cases, as `flask seed --demo` leaves it."""
    for site in served(server, template, tmp_path_factory.mktemp("hour")):
        keys = site.app.extensions["keys"]
        with database_of(site.app).transaction() as session:
            demo.add_people(session, keys, at=clock.now())
            demo.play(session, keys, at=clock.now())
        yield site


def walked_in(page: Page, name: str) -> Page:
    """The desk's first page, once this person came in by the demo's button."""
    page.goto("/desk/")
    page.click(f"button[value='{name}@demo.example']")
    page.wait_for_url("**/desk/**")
    return page


@pytest.fixture
def sits_down(desk, browser):
    """Opens a browser of one's own for a person, signed in by the demo's button."""
    contexts = []

    def sit(name, **how):
        contexts.append(opened(browser, desk, **{"viewport": {"width": 1280, "height": 900}, **how}))
        page = contexts[-1].new_page()
        return walked_in(page, name)

    yield sit
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def noor_and_vera(site):
    """A moderator and a senior of the site, who sign in by the demo's button."""
    for name, role in {"noor": Role.MODERATOR, "vera": Role.SENIOR}.items():
        add(site.app, role, email=f"{name}@demo.example", is_demo=True)
    return site.app


@pytest.fixture
def at_the_desk(browser, site):
    """Opens a browser of one's own for a person; collects what the content security policy refused and what went wrong in scripts."""
    contexts = []

    def open_desk(name="noor", *, script=True, **more):
        contexts.append(opened(browser, site, java_script_enabled=script, **more))
        page = contexts[-1].new_page()
        page.faults = []
        page.on("console", lambda said: page.faults.append(said.text) if "Content Security Policy" in said.text else None)
        page.on("pageerror", lambda fault: page.faults.append(str(fault)))
        return walked_in(page, name)

    yield open_desk
    for context in contexts:
        context.close()
