"""Other ways to report, in a real browser: a share menu's post, and the offline form from the disk to the desk."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from moderation.models import Case, ResourceRow
from tests.journeys.conftest import sideways, violations

pytestmark = [pytest.mark.browser, pytest.mark.long]

WAYS = ("/en/ways", "/en/ways/bookmark", "/en/ways/share", "/en/ways/offline")


@pytest.fixture
def offline_form(page, site, tmp_path):
    """The offline form as its reporter saved it, opened from the disk; the network is gone."""
    page.goto("/en/ways/offline")
    with page.expect_download() as saving:
        page.click("a[download]")
    file = tmp_path / saving.value.suggested_filename
    saving.value.save_as(file)
    page.context.set_offline(True)
    page.goto(file.as_uri())
    return page


def made(page, what):
    """Fill in the form, and return the file that it makes."""
    page.fill("#what", what)
    page.check("[name=category][value=labour]")
    with page.expect_download() as saving:
        page.click("button[type=submit]")
    return Path(saving.value.path()).rename(Path(saving.value.path()).with_name(saving.value.suggested_filename))


def case_of(site, host):
    with site.app.extensions["flagstone_database"].reading() as session:
        return session.scalar(select(Case.id).join(ResourceRow, ResourceRow.id == Case.resource_id).where(ResourceRow.host == host))


def test_the_offline_form_makes_a_locked_file_that_becomes_a_case(offline_form, site):
    file = made(offline_form, "https://carried.test/room")
    code = offline_form.locator("#code").inner_text()
    assert (file.suffix, file.read_bytes()[:21], b"carried" in file.read_bytes()) == (".age", b"age-encryption.org/v1", False)
    ran = site.app.test_cli_runner().invoke(args=["reports", "import", str(file)])
    assert f"taken, receipt {code}" in ran.output
    assert case_of(site, "carried.test") is not None


def test_the_offline_form_warns_before_it_saves_an_unlocked_file(offline_form):
    offline_form.evaluate("() => { globalThis.seal = () => Promise.reject(new Error('no lock')); }")
    offline_form.fill("#what", "https://open.test/")
    offline_form.check("[name=category][value=labour]")
    offline_form.click("button[type=submit]")
    expect(offline_form.locator("#unlocked")).to_be_visible()
    with offline_form.expect_download() as saving:
        offline_form.click("#anyway")
    assert saving.value.suggested_filename.endswith(".json")
    expect(offline_form.locator("#open")).to_be_visible()


def test_the_offline_form_says_what_is_missing(offline_form):
    offline_form.click("button[type=submit]")
    expect(offline_form.locator("#missing")).to_be_focused()


def test_what_a_phone_shares_stands_in_the_form_and_in_no_address(page):
    page.goto("/en/ways/share")
    page.evaluate(
        """() => { const form = document.createElement("form"); form.method = "post"; form.action = "/en/ways/share";
        const field = document.createElement("input"); field.name = "text"; field.value = "https://shared.test/x"; form.append(field);
        document.body.append(form); form.submit(); }"""
    )
    expect(page.locator("#what")).to_have_value("https://shared.test/x")
    assert "shared.test" not in page.url


@pytest.mark.parametrize("address", WAYS)
def test_no_page_of_other_ways_breaks_a_rule_of_accessibility_or_scrolls_sideways(inspected_page, address):
    inspected_page.goto(address)
    assert (violations(inspected_page), sideways(inspected_page)) == ([], 0)


def test_the_offline_form_itself_breaks_no_rule_of_accessibility(inspected_page, site):
    answer = site.app.test_client().get("/en/ways/offline.html").text
    # Its own policy would keep the inspector out.
    inspected_page.set_content(re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", answer))
    assert (violations(inspected_page), sideways(inspected_page)) == ([], 0)
