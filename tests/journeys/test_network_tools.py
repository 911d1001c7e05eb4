"""An engineer's pages as a browser shows them: readable, narrow, and with a button that copies."""

import os

import pytest

from app import snippets
from tests.journeys.conftest import opened, sideways, violations
from tests.web.engineers import invited, new_consumer

pytestmark = pytest.mark.browser


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
