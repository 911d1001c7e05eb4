"""The engineer's five minutes in a real browser, without script, and every page of it looked over by axe."""

import os
import re
import uuid
from pathlib import Path

import pytest

from app import clock
from app.release.newest import write_newest
from moderation import publishing
from moderation.vocabulary import Role
from tests.journeys.conftest import opened, sideways, violations
from tests.web import visitors
from tests.web.engineers import invited, new_consumer

pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.fixture(scope="module")
def admin(site):
    """The e-mail address of an administrator whom the demo's button signs in."""
    email = f"admin-{uuid.uuid4().hex[:6]}@demo.example"
    visitors.add(site.app, Role.ADMIN, email=email, is_demo=True)
    return email


def at_the_desk(page, admin):
    page.goto("/desk/sign-in")
    page.locator(f"button[value='{admin}']").click()
    page.wait_for_url("**/desk/**")


def signs_in(page, key):
    page.goto("/network/sign-in")
    page.get_by_label("Your key or invitation").fill(key)
    page.get_by_role("button", name="Sign in").click()


def test_from_the_form_to_what_is_carried_without_script(browser, site, plain_page, admin):
    with visitors.database_of(site.app).transaction() as session:
        publishing.release(session, at=clock.now())
    write_newest(visitors.database_of(site.app), site.app.extensions["settings"], clock.now())
    name = f"Nordnetz {uuid.uuid4().hex[:6]}"
    page = plain_page
    page.goto("/en/networks")
    page.get_by_label("Your organisation").fill(name)
    page.get_by_role("button", name="Ask for the list").click()
    # What is missing is said, and what was typed is still there.
    assert page.get_by_label("Your organisation").input_value() == name
    for label, value in {
        "Who answers for it": "Imke Petersen",
        "Their e-mail address at work": "noc@nordnetz.example",
        "Where do you serve people?": "Norddeutschland",
        "Which software will use the list?": "Unbound 1.19",
        "What will you use it for?": "To protect 40,000 homes.",
    }.items():
        page.get_by_label(label).fill(value)
    page.locator("input[value='rpz.zone']").check()
    page.get_by_label("We accept these terms.").check()
    page.get_by_role("button", name="Ask for the list").click()
    number = page.locator(".receipt").inner_text()

    desk = opened(browser, site, viewport={"width": 1280, "height": 800}, java_script_enabled=False)
    at_work = desk.new_page()
    at_the_desk(at_work, admin)
    at_work.goto("/desk/consumers")
    card = at_work.locator("li.card", has_text=number)
    card.get_by_role("button", name="Approve and invite").click()
    invitation = at_work.locator("#secret").inner_text()

    signs_in(page, invitation)
    page.get_by_role("link", name="I have kept it").click()
    page.get_by_role("link", name="Make a token").click()
    page.get_by_label("What is it for?").fill("resolvers")
    page.get_by_role("button", name="Make a token").click()
    token = page.locator("#secret").inner_text()
    answer = page.request.get("/feed/v1/rpz.zone", headers={"Authorization": f"Bearer {token}"})
    assert answer.status == 200

    page.goto("/network/")
    row = page.locator("tbody tr", has_text="rpz.zone")
    assert row.locator("td").nth(2).inner_text() == answer.headers["x-flagstone-serial"]
    assert row.locator("td").nth(3).inner_text() == "none"
    at_work.goto("/desk/consumers")
    assert "well" in at_work.locator("tbody tr", has_text=name).inner_text()
    desk.close()


PAGES = ("/network/", "/network/tokens", "/network/addresses", "/network/transfer")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_page_of_a_network_has_anything_that_axe_finds_or_scrolls_sideways(browser, site, language):
    how = {"locale": language, "extra_http_headers": {"Accept-Language": language}}
    context = opened(browser, site, viewport={"width": 320, "height": 640}, bypass_csp=True, **how)
    page = context.new_page()
    looked_over(page, "/network/sign-in")
    page.locator("#key").fill("nothing")
    page.locator("main form button").click()
    looked_over(page)
    page.locator("#key").fill(invited(site.app, new_consumer(site.app)))
    page.locator("main form button").click()
    looked_over(page)
    page.goto("/network/addresses")
    page.locator("#networks").fill("everywhere")
    page.locator("main form").nth(1).locator("button").click()
    looked_over(page)
    page.goto("/network/addresses")
    page.locator("input[value='rpz.zone']").check()
    page.locator("main form").nth(0).locator("button").click()
    page.goto("/network/tokens")
    page.locator("#label").fill("resolvers in the north")
    page.locator("main form").last.locator("button").click()
    looked_over(page)
    page.request.get(f"/feed/v1/t/{page.locator('#secret').inner_text()}/rpz.zone")
    page.goto("/network/transfer")
    page.locator("main form button").last.click()
    looked_over(page)
    for address in PAGES:
        looked_over(page, address)
    context.close()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_neither_has_the_form_nor_the_desks_page(browser, site, admin, language):
    how = {"locale": language, "extra_http_headers": {"Accept-Language": language}}
    context = opened(browser, site, viewport={"width": 320, "height": 640}, bypass_csp=True, **how)
    page = context.new_page()
    looked_over(page, f"/{language}/networks")
    page.locator("main form button").click()
    looked_over(page)
    for field in ("organisation", "contact_name", "territory", "software", "purpose"):
        page.locator(f"#{field}").fill(f"text {uuid.uuid4().hex[:6]}")
    page.locator("#contact_email").fill("noc@nordnetz.example")
    page.locator("#format-1").check()
    page.locator("#accepted").check()
    page.locator("main form button").click()
    looked_over(page)
    at_the_desk(page, admin)
    looked_over(page, "/desk/consumers")
    page.locator("main tbody a").first.click()
    page.wait_for_url("**/desk/consumers/*-*")
    looked_over(page)
    context.close()


def looked_over(page, address=""):
    """Nothing for axe, and nothing past the window's side. Where FLAGSTONE_PICTURES names a folder, pictures for people to look at."""
    if address:
        page.goto(address)
    assert violations(page) == [], page.url
    assert sideways(page) <= 0, page.url
    if folder := os.environ.get("FLAGSTONE_PICTURES"):
        name = re.sub(r"\W+", "-", page.url.partition("/")[2].partition("/")[2].partition("/")[2]) + uuid.uuid4().hex[:4]
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                lang = page.evaluate("document.documentElement.lang")
                page.screenshot(path=Path(folder) / f"{name}-{lang}-{width}-{scheme}.png", full_page=True)
        page.set_viewport_size({"width": 320, "height": 640})
