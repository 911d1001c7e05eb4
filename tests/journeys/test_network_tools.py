"""An engineer's pages as a browser shows them: readable, narrow, and with a button that copies."""

import os
import uuid

import pytest

from app import clock, snippets
from app.release import write_changes, write_newest
from moderation import publishing
from moderation.vocabulary import Scope
from tests import builders
from tests.journeys.conftest import opened, sideways, violations
from tests.web.engineers import invited, new_consumer
from tests.web.visitors import database_of

pytestmark = [pytest.mark.browser, pytest.mark.long]


def signed_in(page, site):
    """An engineer of a new network."""
    page.goto("/network/sign-in")
    page.fill("input[name=key]", invited(site.app, new_consumer(site.app)))
    page.click("main form button")
    page.goto("/network/")
    return page


@pytest.mark.parametrize("address", ["/network/setup", "/network/tools"])
def test_it_is_accessible_and_fits_a_narrow_phone(inspected_page, site, address):
    page = signed_in(inspected_page, site)
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    assert (violations(page), sideways(page)) == ([], 0)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_copy_button_gives_the_very_text_that_is_shown(browser, site, language, width, tmp_path):
    context = opened(
        browser, site, viewport={"width": width, "height": 900}, locale=language, color_scheme="dark" if width == 360 else "light"
    )
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = signed_in(context.new_page(), site)
    page.goto("/network/setup")
    page.click("[data-copy=bind-4]")
    page.wait_for_timeout(200)
    feed = f"{site.address}/feed/v1"
    wanted = snippets.filled("bind.sh", feed=feed, token="<token>", list_name="list.example", folder="/var/lib/bind/flagstone")
    assert page.evaluate("navigator.clipboard.readText()") == wanted
    folder = os.environ.get("FLAGSTONE_PICTURES", str(tmp_path))
    for name in ("setup", "tools"):
        page.goto(f"/network/{name}")
        page.screenshot(path=f"{folder}/{name}-{language}-{width}.png", full_page=True)
    context.close()


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", [360, 1280])
def test_from_a_name_to_the_button_on_its_entry(browser, site, released, language, width, tmp_path):
    """An engineer looks up what users miss, sees the entry, and has it looked at; by day and by night."""
    scheme, host = ("dark" if width == 360 else "light"), released(f"{language}-{width}")
    context = opened(browser, site, viewport={"width": width, "height": 900}, locale=language, color_scheme=scheme, bypass_csp=True)
    page = signed_in(context.new_page(), site)
    page.goto("/network/tools")
    page.fill("input[name=look-up]", f"HTTPS://Deep.{host}/some/page")
    page.press("input[name=look-up]", "Enter")
    page.wait_for_url("**/network/entries/*")
    assert page.locator(".lead").inner_text() == host
    assert (violations(page), sideways(page)) == ([], 0)
    page.emulate_media(color_scheme=scheme)
    folder = os.environ.get("FLAGSTONE_PICTURES", str(tmp_path))
    page.screenshot(path=f"{folder}/entry-{language}-{width}.png", full_page=True)
    here = page.url
    page.fill("textarea[name=why]", "It is the town's hospital, and half our users work there.")
    page.click("main form button")
    page.wait_for_url("**/network/tools?done=told")
    assert host in page.locator(".listings").inner_text()
    page.goto(here)
    assert page.locator("textarea").count() == 0
    page.screenshot(path=f"{folder}/entry-told-{language}-{width}.png", full_page=True)
    page.goto("/network/tools")
    page.fill("input[name=serial]", "0")
    page.set_input_files("input[name=names]", files=[{"name": "own.txt", "mimeType": "text/plain", "buffer": b"own.example\n"}])
    page.locator("form[enctype] button").click()
    page.locator(f"li:has-text('{host}') button").first.wait_for()
    assert (violations(page), sideways(page)) == ([], 0)
    page.emulate_media(color_scheme=scheme)
    page.screenshot(path=f"{folder}/dry-run-{language}-{width}.png", full_page=True)
    page.locator(f"li:has-text('{host}') button").first.click()
    page.wait_for_url(here)
    context.close()


@pytest.fixture
def released(site):
    """Lists a host that no other test knows, and brings out a release with it."""

    def release(word):
        host = f"{word}-{uuid.uuid4().hex[:6]}.example.net"
        database, settings = database_of(site.app), site.app.extensions["settings"]
        with database.transaction() as session:
            builders.listed(session, f"https://{host}/", Scope.HOST, at=clock.now())
            number = publishing.release(session, at=clock.now())
            publishing.mark_written(session, number, at=clock.now())
        write_changes(database, settings, clock.now())
        write_newest(database, settings, clock.now())
        return host

    return release


def test_without_scripts_the_text_is_there_and_no_button_that_does_nothing(browser, site):
    context = opened(browser, site, java_script_enabled=False)
    page = signed_in(context.new_page(), site)
    page.goto("/network/setup")
    assert page.locator("[data-copy]:visible").count() == 0
    assert page.locator("#bind-4").inner_text().startswith("#!/bin/sh")
    with page.expect_download() as saved:
        page.click("button[value='bind/bind.sh']")
    assert saved.value.suggested_filename == "bind.sh"
    context.close()
